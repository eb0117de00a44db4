//! One clear error for each mistake: in figures, in an economy file, in a manifest, in a
//! concordance.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

mod common;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use acquis_economy::{
    Concordance, Economy, EconomyFiles, Elasticities, ElasticityMeaning, Figures, LongTable,
    TariffSchedule, aggregate, load,
};
use acquis_registry::SourceText;
use common::{card, sectors, two_by_two};
use parquet::basic::{Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

#[track_caller]
fn refused(change: impl FnOnce(&mut Figures)) -> String {
    let mut figures = two_by_two();
    change(&mut figures);
    Economy::new(card(), figures).unwrap_err().to_string()
}

#[test]
fn figures_of_the_wrong_shape() {
    let said = refused(|it| it.flows.push(1.0));
    assert_eq!(said, "the table of flows has 9 cells, 8 are needed");
    let said = refused(|it| it.final_demand = Some(vec![1.0; 3]));
    assert_eq!(said, "the table of final demand has 3 cells, 4 are needed");
    let said = refused(|it| it.estimated = Some(Vec::new()));
    assert_eq!(said, "the table of estimates has 0 cells, 8 are needed");
    let said = refused(|it| it.tariffs = vec![schedule("one", vec![0.0; 4])]);
    assert_eq!(said, "the table of tariffs has 4 cells, 8 are needed");
    let said = Economy::new(card(), Figures::default()).unwrap_err();
    assert!(
        said.to_string()
            .contains("at least one country and one sector")
    );
}

fn schedule(name: &str, rates: Vec<f64>) -> TariffSchedule {
    TariffSchedule {
        name: name.to_owned(),
        rates,
    }
}

#[test]
fn figures_out_of_range_name_country_and_sector() {
    for wrong in [-1.0, f64::NAN, f64::INFINITY] {
        let said = refused(|it| it.flows[6] = wrong);
        assert!(said.starts_with("the flow of BBB to AAA in b is"), "{said}");
        let said = refused(|it| it.gross_output = Some(vec![1.0, 1.0, wrong, 1.0]));
        assert!(
            said.starts_with("the gross output of a in BBB is"),
            "{said}"
        );
    }
    let mut rates = vec![0.0; 8];
    rates[1] = -1.0;
    let said = refused(|it| it.tariffs = vec![schedule("now", rates.clone())]);
    assert!(
        said.contains("the tariff of AAA to BBB in a is -1"),
        "{said}"
    );
    let other = vec![schedule("now", vec![0.0; 8]), schedule("then", rates)];
    let said = refused(|it| it.tariffs = other);
    assert!(
        said.contains("the tariff of AAA to BBB in a is -1"),
        "{said}"
    );
    let twice = vec![schedule("now", vec![0.0; 8]), schedule("now", vec![0.0; 8])];
    let said = refused(|it| it.tariffs = twice);
    assert!(said.contains("`now` occurs more than once"), "{said}");
    let said = refused(|it| it.countries[1] = "AAA".to_owned());
    assert!(said.contains("`AAA` occurs more than once"), "{said}");
}

#[test]
fn shares_that_do_not_add_up() {
    let said = refused(|it| it.value_added_shares = Some(vec![0.5, 0.5, 0.6, 0.5]));
    assert_eq!(
        said,
        "value added and inputs of a in BBB add up to 1.1, not to 1"
    );
    // Without inputs value added is the whole of output.
    let said = refused(|it| it.input_coefficients = None);
    assert_eq!(
        said,
        "value added and inputs of a in AAA add up to 0.5, not to 1"
    );
    let said = refused(|it| it.value_added_shares = None);
    assert_eq!(
        said,
        "value added and inputs of a in AAA add up to 1.5, not to 1"
    );
}

#[test]
fn elasticities_below_zero() {
    let with = |meaning, value| Elasticities {
        values: vec![4.0, value],
        meaning,
        source: String::new(),
    };
    let share = with(ElasticityMeaning::TariffInclusiveShare, -0.5);
    let said = refused(|it| it.elasticities = Some(share));
    assert_eq!(
        said,
        "the trade elasticity of b is -0.5: expected a number above 0"
    );
    // That of the value would be a theta of nothing.
    let value = with(ElasticityMeaning::PreTariffValue, 1.0);
    let said = refused(|it| it.elasticities = Some(value));
    assert!(said.starts_with("the trade elasticity of b is 1: expected a number above 1"));
}

/// A row of an economy file: the six texts, value, tariff, estimated.
type Row = ([&'static str; 6], Option<f64>, Option<f64>, Option<bool>);

const COLUMNS: [&str; 9] = [
    "kind",
    "country",
    "importer",
    "sector",
    "using_sector",
    "schedule",
    "value",
    "tariff",
    "estimated",
];

fn pairs() -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([
        ("format", "acquis-economy"),
        ("format_version", "1"),
        ("id", "tiny"),
        ("title", "Tiny"),
        ("year", "2000"),
        ("unit", "million"),
        ("sources", "[]"),
        ("notes", "[]"),
        ("names", "{}"),
        ("countries", r#"["AAA","BBB"]"#),
        ("sectors", r#"[{"code":"a","name":"A","tradable":true}]"#),
        ("tariff_schedules", r#"["now"]"#),
        ("estimates_flagged", "false"),
    ])
}

fn rows() -> Vec<Row> {
    let flow = |from, to, value| -> Row {
        (
            ["flow", from, to, "a", "", ""],
            Some(value),
            Some(0.1),
            None,
        )
    };
    vec![
        flow("AAA", "AAA", 10.0),
        flow("AAA", "BBB", 2.0),
        flow("BBB", "AAA", 3.0),
        flow("BBB", "BBB", 20.0),
    ]
}

/// What reading a file of these rows says.
fn reading(pairs: &BTreeMap<&str, &str>, rows: &[Row], columns: &[&str; 9]) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tiny.parquet");
    write(&path, pairs, rows, columns);
    load(&path).map(|_| ()).map_err(|error| error.to_string())
}

fn write(path: &Path, pairs: &BTreeMap<&str, &str>, rows: &[Row], columns: &[&str; 9]) {
    let kinds = [Physical::BYTE_ARRAY, Physical::DOUBLE, Physical::BOOLEAN];
    let fields = columns.iter().enumerate().map(|(at, name)| {
        let physical = kinds[usize::from(at > 5) + usize::from(at > 7)];
        let field = Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .build();
        Arc::new(field.unwrap())
    });
    let schema = Type::group_type_builder("economy")
        .with_fields(fields.collect())
        .build()
        .unwrap();
    let metadata = pairs
        .iter()
        .map(|(key, value)| KeyValue::new((*key).to_owned(), (*value).to_owned()));
    let properties = WriterProperties::builder()
        .set_key_value_metadata(Some(metadata.collect()))
        .build();
    let file = std::fs::File::create(path).unwrap();
    let mut writer =
        SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let level = |it: bool| i16::from(it);
    for text in 0..6 {
        let mut column = group.next_column().unwrap().unwrap();
        let texts = rows.iter().map(|row| row.0[text]);
        let levels: Vec<i16> = texts.clone().map(|it| level(!it.is_empty())).collect();
        let values: Vec<ByteArray> = texts
            .filter(|it| !it.is_empty())
            .map(ByteArray::from)
            .collect();
        let typed = column.typed::<ByteArrayType>();
        typed.write_batch(&values, Some(&levels), None).unwrap();
        column.close().unwrap();
    }
    for number in [|row: &Row| row.1, |row: &Row| row.2] {
        let mut column = group.next_column().unwrap().unwrap();
        let levels: Vec<i16> = rows
            .iter()
            .map(|row| level(number(row).is_some()))
            .collect();
        let values: Vec<f64> = rows.iter().filter_map(number).collect();
        let typed = column.typed::<DoubleType>();
        typed.write_batch(&values, Some(&levels), None).unwrap();
        column.close().unwrap();
    }
    let mut column = group.next_column().unwrap().unwrap();
    let levels: Vec<i16> = rows.iter().map(|row| level(row.3.is_some())).collect();
    let values: Vec<bool> = rows.iter().filter_map(|row| row.3).collect();
    let typed = column.typed::<BoolType>();
    typed.write_batch(&values, Some(&levels), None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
}

#[test]
fn an_economy_file_of_somebody_else_is_read() {
    reading(&pairs(), &rows(), &COLUMNS).unwrap();
}

#[track_caller]
fn metadata(key: &'static str, value: Option<&'static str>, message: &str) {
    let mut pairs = pairs();
    match value {
        Some(value) => pairs.insert(key, value),
        None => pairs.remove(key),
    };
    let said = reading(&pairs, &rows(), &COLUMNS).unwrap_err();
    assert!(said.contains("tiny.parquet: "), "{said}");
    assert!(said.contains(message), "{said}");
}

#[test]
fn metadata_that_cannot_be_used() {
    metadata(
        "format",
        None,
        "\"format\" are missing: this is no economy file",
    );
    metadata(
        "format",
        Some("table"),
        "\"format\" is not \"acquis-economy\"",
    );
    metadata(
        "format_version",
        Some("2"),
        "\"format_version\" is \"2\"; this program reads \"1\"",
    );
    metadata("year", Some("MM"), "\"year\" is \"MM\", no year");
    metadata("unit", None, "\"unit\" are missing");
    metadata("countries", Some("AAA"), "\"countries\" can't be read");
    metadata(
        "sectors",
        Some("[{}]"),
        "\"sectors\" can't be read: missing field",
    );
    metadata(
        "valuation",
        Some("fas"),
        "\"valuation\" are \"fas\", which is not a valuation",
    );
    metadata(
        "elasticity_meaning",
        Some("theta"),
        "which is not the meaning of an elasticity",
    );
}

#[track_caller]
fn records(change: impl FnOnce(&mut Vec<Row>), message: &str) {
    let mut rows = rows();
    change(&mut rows);
    let said = reading(&pairs(), &rows, &COLUMNS).unwrap_err();
    assert!(said.contains(message), "{said}");
}

#[test]
fn records_that_cannot_be_used() {
    records(
        |it| it[1].0[0] = "flux",
        "row 2, column \"kind\": kind: \"flux\" is not one of flow,",
    );
    records(
        |it| it[1].0[2] = "CCC",
        "row 2, column \"importer\": no country \"CCC\"",
    );
    records(
        |it| it[1].0[3] = "z",
        "row 2, column \"sector\": no sector \"z\"",
    );
    records(
        |it| it[1].0[2] = "AAA",
        "row 2, column \"country\": a second figure for a, AAA, AAA (flows)",
    );
    records(
        |it| it.truncate(3),
        "1 of 4 cells of the flows are missing, first a, BBB, BBB",
    );
    records(
        |it| it[2].1 = Some(-3.0),
        "row 3, column \"value\": value: \"-3\" is not",
    );
    records(
        |it| it[2].1 = None,
        "row 3, column \"value\": value: \"\" is not",
    );
    records(|it| it[2].1 = Some(f64::NAN), "row 3, column \"value\"");
    records(
        |it| it[2].2 = Some(-1.0),
        "row 3, column \"tariff\": tariff: \"-1\" is not a fraction",
    );
    let tariff = (
        ["tariff", "AAA", "BBB", "a", "", "then"],
        None,
        Some(0.1),
        None,
    );
    records(
        |it| it.push(tariff),
        "row 5, column \"schedule\": no schedule \"then\"",
    );
    let elasticity = (["elasticity", "", "", "a", "", ""], Some(4.0), None, None);
    records(
        |it| it.push(elasticity),
        "\"elasticity_meaning\" are missing, so that",
    );
    let share = |country| {
        (
            ["value_added_share", country, "", "a", "", ""],
            Some(0.7),
            None,
            None,
        )
    };
    records(
        |it| it.extend([share("AAA"), share("BBB")]),
        "value added and inputs of a in AAA add up to 0.7",
    );
    records(
        |it| it.push(share("AAA")),
        "1 of 2 cells of the value-added shares are missing",
    );
    let input = (
        ["input_coefficient", "AAA", "", "a", "", ""],
        Some(0.7),
        None,
        None,
    );
    records(
        |it| it.push(input),
        "row 5, column \"using_sector\": no sector \"\"",
    );
}

#[test]
fn estimates_that_are_flagged_are_flagged_everywhere() {
    let mut pairs = pairs();
    pairs.insert("estimates_flagged", "true");
    let said = reading(&pairs, &rows(), &COLUMNS).unwrap_err();
    assert!(said.contains("row 1, column \"estimated\": estimated: \"\" is not true or false"));
}

#[test]
fn an_elasticity_in_an_economy_file_is_above_zero() {
    let mut pairs = pairs();
    pairs.insert("elasticity_meaning", "tariff_inclusive_share");
    pairs.insert("elasticity_source", "nobody");
    let said = reading(&pairs, &rows(), &COLUMNS).unwrap_err();
    assert!(
        said.contains("1 of 1 cells of the elasticities are missing"),
        "{said}"
    );
    let mut rows = rows();
    rows.push((["elasticity", "", "", "a", "", ""], Some(-4.0), None, None));
    let said = reading(&pairs, &rows, &COLUMNS).unwrap_err();
    assert!(said.contains("the trade elasticity of a is -4"), "{said}");
}

#[test]
fn an_economy_file_has_its_columns() {
    let mut columns = COLUMNS;
    columns[6] = "values";
    let said = reading(&pairs(), &rows(), &columns).unwrap_err();
    assert!(said.contains("the table has no column \"value\""), "{said}");
}

#[test]
fn a_file_that_only_begins_as_parquet() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("half.parquet");
    std::fs::write(&path, b"PAR1 and no more").unwrap();
    let said = load(&path).unwrap_err().to_string();
    assert!(said.contains("half.parquet: "), "{said}");
}

const MANIFEST: &str = r#"
id = "tiny"
title = "Tiny"
year = 2000
unit = "million"
trade = "trade.csv"
sector_column = "sector"
tariff_column = "tariff"
not_tradable = ["b"]

[sectors]
a = "Apples"

[tariffs]
later = "tariff_later_pct"

[elasticities]
table = "thetas.csv"
column = "theta"
meaning = "pre_tariff_value"
source = "nobody"
"#;
const TRADE: &str = "\
exporter,importer,sector,value,tariff,tariff_later_pct
AAA,AAA,a,10,,
AAA,BBB,a,2,0.1,5
BBB,AAA,a,3,0.2,20
BBB,BBB,a,20,0,0
AAA,AAA,b,0,,
AAA,BBB,b,0,0,0
BBB,AAA,b,0,0,0
BBB,BBB,b,5,0,0
";
const THETAS: &str = "sector,theta\na,4\nb,5\n";

fn manifest(manifest: &str, trade: &str, thetas: &str) -> Result<Economy, String> {
    let text = SourceText::new("tiny.toml", manifest);
    let files = EconomyFiles::gather(text, |name| {
        let text = if name == "trade.csv" { trade } else { thetas };
        Ok(SourceText::new(name, text))
    });
    let files = files.map_err(|findings| findings.to_string())?;
    Economy::load(&files).map_err(|findings| {
        assert_eq!(findings.len(), 1, "{findings}");
        findings.to_string()
    })
}

#[test]
fn a_manifest_of_many_sectors() {
    let economy = manifest(MANIFEST, TRADE, THETAS).unwrap();
    assert_eq!(economy.shape(), (2, 2));
    let names: Vec<&str> = economy
        .sectors()
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!(names, ["Apples", "b"]);
    assert!(economy.sectors()[0].is_tradable && !economy.sectors()[1].is_tradable);
    assert_eq!(
        economy.figures().tariffs[0].rates[..4],
        [0.0, 0.1, 0.2, 0.0]
    );
    // [sector][importer][exporter], as the engine takes it.
    assert_eq!(
        economy.tariffs("later").unwrap()[..4],
        [0.0, 0.2, 0.05, 0.0]
    );
    assert_eq!(
        economy.figures().elasticities.as_ref().unwrap().thetas(),
        [3.0, 4.0]
    );
}

#[track_caller]
fn in_files(file: &str, from: &str, to: &str, message: &str) {
    let change = |name: &str, text: &str| {
        if name != file {
            return text.to_owned();
        }
        assert_eq!(text.matches(from).count(), 1, "{from:?} must stand once");
        text.replace(from, to)
    };
    let said = manifest(
        &change("tiny.toml", MANIFEST),
        &change("trade.csv", TRADE),
        &change("thetas.csv", THETAS),
    )
    .unwrap_err();
    assert!(said.contains(message), "{said}");
}

#[test]
fn a_manifest_of_many_sectors_points_at_its_mistakes() {
    in_files(
        "tiny.toml",
        "[\"b\"]",
        "[\"c\"]",
        "tiny.toml:9:17: the table of trade has no sector \"c\"",
    );
    in_files(
        "tiny.toml",
        "a = \"Apples\"",
        "z = \"Zinc\"",
        "tiny.toml:12:1: the table of trade has no sector \"z\"",
    );
    in_files(
        "tiny.toml",
        "\"pre_tariff_value\"",
        "\"sigma\"",
        "tiny.toml:20:11: \"sigma\" is not the meaning of an elasticity",
    );
    in_files(
        "tiny.toml",
        "tariff_column = \"tariff\"\n",
        "",
        "[tariffs] holds further schedules, and none is in force",
    );
    in_files("tiny.toml", "source = \"nobody\"\n", "", "has no source");
    in_files(
        "tiny.toml",
        "\n[sectors]",
        "value_added_share = 0.5\n[sectors]",
        "tiny.toml:10:21: value added of 0.5 leaves",
    );
    in_files(
        "tiny.toml",
        "\"tariff_later_pct\"",
        "\"later_pct\"",
        "trade.csv:1:1: the table has no column \"later_pct\"",
    );
    in_files(
        "trade.csv",
        "b,5,0,0",
        "b,-5,0,0",
        "trade.csv:9:11: the trade from BBB to BBB is \"-5\" in b",
    );
    in_files(
        "trade.csv",
        "3,0.2,20",
        "3,-1,20",
        "trade.csv:4:13: tariff: \"-1\" is not a fraction above -1",
    );
    in_files(
        "trade.csv",
        "3,0.2,20",
        "3,0.2,-100",
        "trade.csv:4:17: tariff_later_pct: \"-100\"",
    );
    in_files(
        "trade.csv",
        "BBB,BBB,b,5,0,0\n",
        "",
        "1 of 8 figures are missing, first BBB to BBB in b",
    );
    in_files(
        "trade.csv",
        "BBB,BBB,b",
        "BBB,AAA,b",
        "trade.csv:9:1: a second figure for BBB to AAA in b",
    );
    in_files(
        "thetas.csv",
        "b,5",
        "b,0",
        "thetas.csv:3:3: theta: \"0\" is not a number above 1",
    );
    in_files(
        "thetas.csv",
        "b,5",
        "c,5",
        "thetas.csv:3:1: no sector \"c\"",
    );
    in_files(
        "thetas.csv",
        "\nb,5",
        "",
        "1 of 2 cells of the elasticities are missing",
    );
}

fn concordance(text: &str) -> Result<Concordance, String> {
    let table = LongTable::from_text(&SourceText::new("c.csv", text)).unwrap();
    Concordance::read(&table).map_err(|error| error.to_string())
}

#[test]
fn a_concordance_has_every_code_once() {
    let economy = Economy::new(card(), two_by_two()).unwrap();
    let same = Concordance::identity(["a", "b"]);
    let said = |text: &str| match concordance(text) {
        Ok(countries) => aggregate(&economy, &countries, &same)
            .unwrap_err()
            .to_string(),
        Err(said) => said,
    };
    assert!(said("from,to\nAAA,X\n").contains("no group for the country BBB (1 in all"));
    assert!(said("from,to\nAAA,X\nBBB,X\nCCC,X\n").contains("c.csv:4:1: no country \"CCC\""));
    assert!(said("from,to\nAAA,X\nAAA,Y\n").contains("c.csv:3:1: a second figure for AAA (group)"));
    assert!(said("from,to\nAAA,X\nBBB,\n").contains("c.csv:3:5: to: \"\" is not a code"));
    assert!(said("from\nAAA\n").contains("no column \"to\""));
}

#[test]
fn a_concordance_names_its_groups() {
    let economy = Economy::new(card(), two_by_two()).unwrap();
    let countries = concordance("iso3,region,region_name\nAAA,X,Both\nBBB,X,Both\n").unwrap();
    let sectors = concordance("code,code_name,sector\na,Apples,fruit\nb,Bread,food\n").unwrap();
    let coarse = aggregate(&economy, &countries, &sectors).unwrap();
    assert_eq!(coarse.labels(), ["X"]);
    assert_eq!(coarse.name_of("X"), Some("Both"));
    assert_eq!(coarse.trade(), [200.0, 100.0]);
    let codes: Vec<&str> = coarse.sectors().iter().map(|it| it.code.as_str()).collect();
    assert_eq!(codes, ["fruit", "food"]);
}

#[test]
fn one_sector_of_two_keeps_inputs_and_means() {
    let mut figures = two_by_two();
    figures.value_added_shares = Some(vec![0.8, 0.2, 0.5, 0.5]);
    figures.input_coefficients = Some(vec![0.2, 0.5, 0.0, 0.3, 0.25, 0.25, 0.25, 0.25]);
    figures.estimated = Some(vec![false, true, false, false, false, true, false, false]);
    figures.elasticities = Some(Elasticities {
        values: vec![4.0, 10.0],
        meaning: ElasticityMeaning::TariffInclusiveShare,
        source: "nobody".to_owned(),
    });
    let economy = Economy::new(card(), figures).unwrap();
    let countries = Concordance::identity(["AAA", "BBB"]);
    let sectors_of = concordance("from,to\na,all\nb,all\n").unwrap();
    let coarse = aggregate(&economy, &countries, &sectors_of).unwrap();
    // AAA sells 100 of a and 50 of b.
    let shares = coarse.figures().value_added_shares.as_ref().unwrap();
    assert!((shares[0] - (0.8 * 100.0 + 0.2 * 50.0) / 150.0).abs() < 1e-15);
    let inputs = coarse.figures().input_coefficients.as_ref().unwrap();
    assert!((inputs[0] - (0.2 * 100.0 + 0.8 * 50.0) / 150.0).abs() < 1e-15);
    // 30 of a crosses the border and 5 of b.
    let theta = coarse.figures().elasticities.as_ref().unwrap().values[0];
    assert!((theta - (4.0 * 30.0 + 10.0 * 5.0) / 35.0).abs() < 1e-14);
    assert_eq!(
        coarse.figures().estimated,
        Some(vec![false, true, false, false])
    );
    assert_eq!(sectors(2).len(), economy.shape().1);
}
