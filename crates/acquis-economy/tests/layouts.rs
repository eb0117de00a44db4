//! Published layouts, as small files in their form: the wide CSV of ICIO, BACI, WIOD's long
//! table, and a user's own long table.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_cmp,
    reason = "a failure here is a failed test; sums of small whole numbers are exact"
)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use acquis_economy::{
    Absent, ColumnNames, EconomyError, ElasticityMeaning, Format, ImportOptions, Imported,
    RepairKind, Rule, Valuation, check, import,
};
use acquis_registry::Findings;
use tempfile::TempDir;

/// A folder with files.
struct Desk(TempDir);

impl Desk {
    fn new(files: &[(&str, &str)]) -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            fs::write(desk.path(name), text).unwrap();
        }
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn all(&self) -> Vec<PathBuf> {
        vec![self.0.path().to_owned()]
    }

    fn import(&self, format: Format, options: &ImportOptions) -> Result<Imported, EconomyError> {
        import(format, &self.all(), options)
    }
}

/// Mexico in two parts and Peru, two industries, in the form of OECD's 2021 and 2023 editions.
/// Columns: industries, then final demand, then output. All of `CN1` and `CN2` is absent, as
/// in a table without China.
const ICIO: &str = "\
V1,MX1_A01,MX1_C10,MX2_A01,MX2_C10,PER_A01,PER_C10,MEX_HFCE,MEX_INVNT,PER_HFCE,PER_INVNT,OUT
MX1_A01,1,2,3,4,5,6,20,-2,7,0,46
MX1_C10,1,1,1,1,1,1,10,1,3,0,20
MX2_A01,2,2,2,2,2,2,10,0,4,0,26
MX2_C10,0,0,0,0,0,0,8,0,2,0,10
PER_A01,1,1,1,1,6,5,2,0,30,-3,44
PER_C10,0,1,0,1,2,3,1,0,12,0,20
TLS,1,1,1,1,1,1,3,0,2,0,0
VA,40,12,18,0,27,2,0,0,0,0,0
OUT,46,20,26,10,44,20,0,0,0,0,0
";

#[test]
fn icio_adds_up_the_parts_of_mexico_and_purges_inventories() {
    let desk = Desk::new(&[("2018.SML.csv", ICIO)]);
    let Imported { economy, repairs } = desk
        .import(Format::Icio, &ImportOptions::default())
        .unwrap();
    assert_eq!(economy.labels(), ["MEX", "PER"]);
    assert_eq!(economy.card.year, 2018);
    assert_eq!(economy.card.valuation, Some(Valuation::BasicPrices));
    let trade = economy.trade();
    // Agriculture: what the two parts sell to Mexico's industries and households, and to Peru.
    assert_eq!(
        trade[economy.cell(0, 0, 0)],
        1.0 + 2.0 + 3.0 + 4.0 + 20.0 + 8.0 + 10.0
    );
    assert_eq!(trade[economy.cell(0, 0, 1)], 5.0 + 6.0 + 7.0 + 4.0 + 4.0);
    assert_eq!(trade[economy.cell(1, 1, 0)], 1.0 + 1.0 + 1.0);
    let negative: Vec<(&str, f64)> = (repairs.iter())
        .map(|repair| {
            assert_eq!(repair.what, RepairKind::NegativeDemandRemoved);
            (repair.country.as_str(), repair.from)
        })
        .collect();
    assert_eq!(negative, [("MEX", -2.0), ("PER", -3.0)]);
    // Inputs of Mexico's agriculture, from all sources, over its output.
    let inputs = economy.figures().input_coefficients.as_ref().unwrap();
    let output = 46.0 + 2.0 + 26.0;
    let agriculture = (1.0 + 3.0) + (2.0 + 2.0) + (1.0 + 1.0);
    assert!((inputs[0] - agriculture / output).abs() < 1e-15);
    let demand = economy.figures().final_demand.as_ref().unwrap();
    assert_eq!(demand[..2], [20.0 + 10.0 + 2.0, 10.0 + 1.0 + 8.0 + 1.0]);
    let lines = check(&economy);
    let off = |rule| lines.iter().find(|line| line.rule == rule).unwrap().off;
    assert_eq!((off(Rule::SharesAddUp), off(Rule::SupplyIsUsed)), (0, 0));
    // Output as printed lacks what was purged.
    assert_eq!(off(Rule::OutputIsSold), 2);
}

#[test]
fn icio_points_at_what_is_no_number_or_comes_twice() {
    let said = |text: &str| {
        let desk = Desk::new(&[("ICIO2021_2018.csv", text)]);
        let error = desk.import(Format::Icio, &ImportOptions::default());
        error.unwrap_err().to_string()
    };
    let wrong = said(&ICIO.replace("PER_A01,1,1,1,1,6,5", "PER_A01,1,1,1,x,6,5"));
    assert!(
        wrong.contains("2018.csv:6:15: MX2_C10: \"x\" is not a finite number"),
        "{wrong}"
    );
    let double = said(&ICIO.replace("\nMX2_A01", "\nMX1_A01"));
    assert!(
        double.contains(":4:1: a second figure for MX1_A01 (row)"),
        "{double}"
    );
    let double = said(&ICIO.replace("MX1_C10,MX2_A01", "MX1_A01,MX2_A01"));
    assert!(
        double.contains(":1:12: a second figure for MX1_A01 (column)"),
        "{double}"
    );
    let unknown = said(&ICIO.replace("PER_HFCE", "PEL_HFCE"));
    assert!(unknown.contains("no country \"PEL\""), "{unknown}");
    let ragged = said(&ICIO.replace("PER_C10,0,1,0", "PER_C10,0,1"));
    assert!(ragged.contains(":7:1: not a table"), "{ragged}");
    let nothing = said("a,b\n1,2\n");
    assert!(
        nothing.contains("no row is named by country and industry"),
        "{nothing}"
    );
}

#[test]
fn icio_needs_a_year() {
    let desk = Desk::new(&[("table.csv", ICIO)]);
    let error = desk.import(Format::Icio, &ImportOptions::default());
    assert!(error.unwrap_err().to_string().contains("say which it is"));
}

const BACI: &str = "\
t,i,j,k,v,q
2016,643,398,100190,2000.5,1.2
2016,643,398,271019,3000.25,        NA
2016,398,643,271019,500,3
2016,643,999,271019,700,3
2016,398,999,271019,41,3
2017,643,398,100190,1,1
";
const CODES: &str = "\
country_code,country_name,country_iso2,country_iso3
398,Kazakhstan,KZ,KAZ
643,Russian Federation,RU,RUS
999,Nowhere,XX,XXX
";
const GDP: &str = "iso3,country_name,gdp_usd\nRUS,Russia,10000000\nKAZ,Kazakhstan,400000\n";

fn baci(trade: &str, gdp: &str, options: &ImportOptions) -> Result<Imported, EconomyError> {
    let desk = Desk::new(&[
        ("BACI_HS12_Y2016.csv", trade),
        ("country_codes.csv", CODES),
        ("gdp.csv", gdp),
    ]);
    desk.import(Format::Baci, options)
}

#[test]
fn baci_sums_products_and_has_home_sales_from_gdp() {
    let options = ImportOptions {
        output_ratio: Some(2.0),
        ..ImportOptions::default()
    };
    let Imported { economy, repairs } = baci(BACI, GDP, &options).unwrap();
    assert_eq!(economy.card.year, 2016);
    assert_eq!(economy.labels(), ["RUS", "KAZ"]);
    let exports = 5.00075;
    assert!((economy.trade()[1] - exports).abs() < 1e-12);
    assert!((economy.trade()[0] - (20.0 - exports)).abs() < 1e-12);
    assert!(repairs.is_empty());
    let note = economy
        .card
        .notes
        .iter()
        .find(|note| note.contains("left out"))
        .unwrap();
    assert!(note.starts_with("11.87 %"), "{note}");
}

#[test]
fn baci_sets_the_home_sales_of_an_entrepot() {
    let Imported { economy, repairs } = baci(BACI, GDP, &ImportOptions::default()).unwrap();
    // Kazakhstan: GDP of 0.4 million less exports of 0.5.
    assert_eq!(repairs.len(), 1);
    assert_eq!(repairs[0].what, RepairKind::HomeSalesSet);
    assert!((repairs[0].from + 0.1).abs() < 1e-12 && (repairs[0].to - 0.004).abs() < 1e-15);
    assert!((economy.trade()[3] - 0.004).abs() < 1e-15);
}

#[test]
fn baci_points_at_its_mistakes() {
    let said = |trade: &str, gdp: &str, options: &ImportOptions| {
        baci(trade, gdp, options).unwrap_err().to_string()
    };
    let plain = ImportOptions::default();
    let wrong = said(&BACI.replace("3000.25", "much"), GDP, &plain);
    assert!(
        wrong.contains("Y2016.csv:3:21: v: \"much\" is not a finite number"),
        "{wrong}"
    );
    let negative = said(&BACI.replace("3000.25", "-1"), GDP, &plain);
    assert!(negative.contains(":3:21: v: \"-1\""), "{negative}");
    let unknown = said(&BACI.replace("2016,398,643", "2016,397,643"), GDP, &plain);
    assert!(
        unknown.contains(":4:6: no country code \"397\""),
        "{unknown}"
    );
    let poor = said(BACI, &GDP.replace("400000", "0"), &plain);
    assert!(
        poor.contains("gdp.csv:3:16: gdp_usd: \"0\" is not a number above 0"),
        "{poor}"
    );
    let double = said(BACI, &GDP.replace("KAZ,K", "RUS,K"), &plain);
    assert!(
        double.contains("gdp.csv:3:1: a second figure for RUS (GDP)"),
        "{double}"
    );
    let options = ImportOptions {
        year: Some(2015),
        ..ImportOptions::default()
    };
    assert!(said(BACI, GDP, &options).contains("no trade of 2015"));
    let options = ImportOptions {
        output_ratio: Some(-1.0),
        ..ImportOptions::default()
    };
    assert!(said(BACI, GDP, &options).contains("output ratio: -1"));
}

const WIOD: &str = "\
year,exporter,sector,importer,use,value_musd
2000,ROW,c1,ROW,c1,10
2000,ROW,c1,ROW,f1,30
2000,DEU,c1,DEU,c1,9
2000,DEU,c1,DEU,f1,1
2000,ROW,c1,DEU,c1,6
2000,DEU,c1,ROW,f5,-4
";
const WIOD_CODES: &str =
    "code,name,kind\nc1,Everything,industry\nf1,Consumption,final\nf5,Inventories,final\n";

#[test]
fn wiod_scales_inputs_above_output_and_moves_the_rest_to_demand() {
    let desk = Desk::new(&[("wiod.csv", WIOD), ("codes.csv", WIOD_CODES)]);
    let Imported { economy, repairs } = desk
        .import(Format::Wiod2013, &ImportOptions::default())
        .unwrap();
    // The rest of the world comes last.
    assert_eq!(economy.labels(), ["DEU", "ROW"]);
    let kinds: Vec<RepairKind> = repairs.iter().map(|repair| repair.what).collect();
    assert_eq!(
        kinds,
        [
            RepairKind::NegativeDemandRemoved,
            RepairKind::InputsScaledToOutput
        ]
    );
    // Germany sells 10 and buys 15 of inputs: 5 of them become final demand.
    assert_eq!((repairs[1].from, repairs[1].to), (15.0, 10.0));
    assert_eq!(economy.figures().final_demand, Some(vec![6.0, 30.0]));
    assert!(check(&economy).iter().all(|line| line.off == 0
        || line.rule == Rule::DeficitIsSmall
        || line.rule == Rule::Exports
        || line.rule == Rule::Imports));
}

#[test]
fn wiod_points_at_its_mistakes() {
    let said = |from: &str, to: &str| {
        let text = WIOD.replacen(from, to, 1);
        let desk = Desk::new(&[("wiod.csv", &text), ("codes.csv", WIOD_CODES)]);
        let error = desk.import(Format::Wiod2013, &ImportOptions::default());
        error.unwrap_err().to_string()
    };
    let double = said("DEU,c1,9", "DEU,f1,9");
    let message = ":5:6: a second figure for c1 of DEU to DEU for f1";
    assert!(double.contains(message), "{double}");
    assert!(said("c1,9", "c7,9").contains("wiod.csv:4:17: no use \"c7\""));
    assert!(said("DEU,c1,DEU,c1", "DEU,f1,DEU,c1").contains("is not the code of an industry"));
    assert!(said("2000,ROW,c1,DEU,c1,6", "2001,ROW,c1,DEU,c1,6").contains("2 years (2000, 2001)"));
}

const LONG: &str = "\
year,from,to,good,usd,duty_pct
1999,AAA,AAA,x,1,
2000,AAA,AAA,x,10,
2000,AAA,BBB,x,2,5
2000,BBB,AAA,x,3,12.5
2000,BBB,BBB,x,20,
2000,AAA,AAA,y,7,
2000,BBB,BBB,y,9,
";
const THETAS: &str = "sector,mine\nx,4\ny,6.5\n";

fn long_options() -> ImportOptions {
    let name = |name: &str| Some(name.to_owned());
    ImportOptions {
        year: Some(2000),
        unit: name("USD"),
        absent: Absent::Zero,
        columns: ColumnNames {
            exporter: name("from"),
            importer: name("to"),
            sector: name("good"),
            value: name("usd"),
            tariff: name("duty_pct"),
        },
        elasticity_set: name("mine"),
        elasticity_meaning: Some(ElasticityMeaning::PreTariffValue),
        ..ImportOptions::default()
    }
}

fn long(text: &str, options: &ImportOptions) -> Result<Imported, EconomyError> {
    let desk = Desk::new(&[("trade.csv", text), ("thetas.csv", THETAS)]);
    desk.import(Format::Long, options)
}

#[test]
fn a_long_table_of_any_column_names() {
    let economy = long(LONG, &long_options()).unwrap().economy;
    assert_eq!(economy.trade(), [10.0, 2.0, 3.0, 20.0, 7.0, 0.0, 0.0, 9.0]);
    assert_eq!(
        economy.figures().tariffs[0].rates[..4],
        [0.0, 0.05, 0.125, 0.0]
    );
    let tradable: Vec<bool> = economy.sectors().iter().map(|it| it.is_tradable).collect();
    assert_eq!(tradable, [true, false]);
    let elasticities = economy.figures().elasticities.as_ref().unwrap();
    // An elasticity of the value is one above that of the share.
    assert_eq!(elasticities.thetas(), [3.0, 5.5]);
    let observed = economy.observations();
    assert_eq!(observed.flows[observed.cell(0, 1, 0)], 2.0);
}

#[test]
fn a_long_table_may_be_parquet() {
    let Some(path) = common::shared("equilibrium/icio_trade_tariff_2016.parquet") else {
        return;
    };
    let name = |name: &str| Some(name.to_owned());
    let options = ImportOptions {
        unit: name("million USD"),
        columns: ColumnNames {
            value: name("flow_musd"),
            tariff: name("tariff_rate"),
            ..ColumnNames::default()
        },
        ..ImportOptions::default()
    };
    let economy = import(Format::Long, std::slice::from_ref(&path), &options)
        .unwrap()
        .economy;
    assert_eq!((economy.shape(), economy.card.year), ((81, 28), 2016));
    let total: f64 = economy.trade().iter().sum();
    assert!((total - 146_354_819.0).abs() < 1.0, "{total}");
    // In Parquet a mistake has a row and a column instead of a line.
    let options = ImportOptions {
        columns: ColumnNames {
            value: name("sector"),
            ..ColumnNames::default()
        },
        ..options
    };
    let error = import(Format::Long, &[path], &options).unwrap_err();
    let said = error.to_string();
    assert!(
        said.contains("2016.parquet, row 1, column \"sector\""),
        "{said}"
    );
}

#[track_caller]
fn points_at(from: &str, to: &str, line: usize, message: &str) {
    assert_eq!(LONG.matches(from).count(), 1, "{from:?}");
    let error = long(&LONG.replace(from, to), &long_options()).unwrap_err();
    let findings = Findings::from(error);
    assert_eq!(findings.len(), 1, "{findings}");
    let finding = findings.iter().next().unwrap();
    let place = finding.place.as_ref().unwrap();
    assert!(Path::new(&place.file.name).ends_with("trade.csv"));
    assert_eq!(place.line_column().0, line, "{finding}");
    assert!(finding.to_string().contains(message), "{finding}");
}

#[test]
fn a_long_table_points_at_its_mistakes() {
    points_at(
        "AAA,BBB,x,2,5",
        "AAA,BBB,x,two,5",
        4,
        "the trade from AAA to BBB is \"two\"",
    );
    points_at("AAA,BBB,x,2,5", "AAA,BBB,x,-2,5", 4, "is \"-2\"");
    points_at(
        "AAA,BBB,x,2,5",
        "AAA,BBB,x,2,-100",
        4,
        "duty_pct: \"-100\" is not a percentage above -100",
    );
    points_at("AAA,BBB,x,2,5", "AAA,BBB,x,2,", 4, "duty_pct: \"\"");
    points_at(
        "AAA,AAA,y,7,",
        "BBB,BBB,y,7,",
        8,
        "a second figure for BBB to BBB in y",
    );
    points_at(
        "AAA,BBB,x,2,5",
        "AAA,CCC,x,2,5",
        4,
        "CCC imports but never exports",
    );
    points_at("good", "goods", 1, "no column \"good\"");
    points_at("2000,AAA,BBB,x,2,5", "2000,AAA,BBB,x,2", 4, "not a table");
}

#[test]
fn a_long_table_without_its_year_unit_or_cells() {
    let said = |options: &ImportOptions| long(LONG, options).unwrap_err().to_string();
    let options = ImportOptions {
        year: None,
        ..long_options()
    };
    assert!(said(&options).contains("holds 2 years (1999, 2000): say which"));
    let options = ImportOptions {
        unit: None,
        ..long_options()
    };
    assert!(said(&options).starts_with("unit: "));
    let options = ImportOptions {
        absent: Absent::Missing,
        ..long_options()
    };
    assert!(said(&options).contains("2 of 8 figures are missing, first AAA to BBB in y"));
    let options = ImportOptions {
        elasticity_meaning: None,
        ..long_options()
    };
    assert!(said(&options).starts_with("elasticity meaning: "));
    let options = ImportOptions {
        elasticity_set: Some("yours".to_owned()),
        ..long_options()
    };
    assert!(said(&options).contains("the set of elasticities asked for"));
}

#[test]
fn a_table_of_elasticities_points_at_its_mistakes() {
    let said = |thetas: &str| {
        let desk = Desk::new(&[("trade.csv", LONG), ("thetas.csv", thetas)]);
        let error = desk.import(Format::Long, &long_options()).unwrap_err();
        error.to_string()
    };
    assert!(
        said("sector,mine\nx,4\ny,-6\n")
            .contains("thetas.csv:3:3: mine: \"-6\" is not a number above 1")
    );
    assert!(said("sector,mine\nx,4\ny,1\n").contains("is not a number above 1"));
    assert!(said("sector,mine\nx,4\nz,5\n").contains("thetas.csv:3:1: no sector \"z\""));
    assert!(
        said("sector,mine\nx,4\nx,5\n")
            .contains("thetas.csv:3:1: a second figure for x (elasticities)")
    );
    assert!(
        said("sector,mine\nx,4\n")
            .contains("1 of 2 cells of the elasticities are missing, first y")
    );
}

#[test]
fn two_files_that_could_be_the_same_are_both_named() {
    let desk = Desk::new(&[("one.csv", LONG), ("two.csv", LONG)]);
    let said = desk.import(Format::Long, &long_options()).unwrap_err();
    let said = said.to_string();
    assert!(
        said.contains("one.csv and ") && said.contains("two.csv could both"),
        "{said}"
    );
    let desk = Desk::new(&[("a.csv", BACI), ("b.csv", BACI), ("gdp.csv", GDP)]);
    let said = desk.import(Format::Baci, &ImportOptions::default());
    let said = said.unwrap_err().to_string();
    assert!(said.contains("could both be a year of BACI"), "{said}");
}

#[test]
fn a_table_that_would_fill_the_memory_is_refused() {
    let rows: Vec<String> = (0..30_000)
        .map(|at| format!("2000,C{at},C{at},x,1,"))
        .collect();
    let text = format!("year,from,to,good,usd,duty_pct\n{}\n", rows.join("\n"));
    let said = long(&text, &long_options()).unwrap_err().to_string();
    assert!(
        said.contains("the table of trade would have 1 x 30000 x 30000 cells"),
        "{said}"
    );
}

#[test]
fn a_file_that_is_missing_is_named_by_its_columns() {
    let desk = Desk::new(&[(
        "regions.csv",
        "region_no,region,region_name\n1,ARG,Argentina\n",
    )]);
    let error = desk.import(Format::CaliendoParro, &ImportOptions::default());
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("the sectors (columns sector_no")
    );
    let nowhere = [PathBuf::from("no-such-file.csv")];
    let error = import(Format::Long, &nowhere, &ImportOptions::default()).unwrap_err();
    assert!(error.to_string().starts_with("can't read no-such-file.csv"));
    let desk = Desk(tempfile::tempdir().unwrap());
    fs::write(desk.path("latin.csv"), b"exporter,importer\nC\xf4te,AAA\n").unwrap();
    let error = desk
        .import(Format::Long, &ImportOptions::default())
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains(":2:2: the byte 0xf4 is not UTF-8"),
        "{error}"
    );
}
