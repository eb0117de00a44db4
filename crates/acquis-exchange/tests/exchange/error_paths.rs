//! What an importer says of a file that is not what it should be: file, line and column.

use acquis_exchange::{DataFile, Dataset, ExchangeError, Mapping, import};
use acquis_registry::{Findings, Registry, SourceText};

const ORGS: &str = "ioname,orgname,longorgname,ionum,dead,political\nCLUB,Club,The Club,7,0,1\n";
const MEMBERS: &str = "ioname,ccode,iso3,status,from_year,to_year\n";
const WTO: &str = "rta_name,coverage,type,date_of_signature_g,date_of_signature_s,date_of_entry_into_force_g,date_of_entry_into_force_s,inactive_date,accession,current_signatories,original_signatories,specific_entry_exit_dates\n";
const ATOP: &str = "atopid,member,member_iso3,yrent,moent,dayent,yrexit,moexit,dayexit,defense,offense,neutral,nonagg,consul\n";
const DESTA: &str =
    "number,base_treaty,name,entry_type,year,entry_force_year,members_iso3,member_class\n";

fn file(name: &str, text: impl AsRef<[u8]>) -> DataFile {
    DataFile::from_bytes(name, text.as_ref()).unwrap()
}

fn message(dataset: Dataset, files: &[DataFile]) -> String {
    match import(dataset, files) {
        Ok(imported) => panic!("no mistake is found: {}", imported.report),
        Err(error) => error.to_string(),
    }
}

fn of_cow(members: &str) -> String {
    let members = format!("{MEMBERS}{members}");
    message(
        Dataset::CowIgo,
        &[file("m.csv", members), file("o.csv", ORGS)],
    )
}

#[test]
fn a_byte_that_is_not_utf_8() {
    let text = b"number,base_treaty,name\n1,1,\"\nC\xf4te".as_slice();
    let error = DataFile::from_bytes("d.csv", text).unwrap_err();
    assert_eq!(error.to_string(), "d.csv:3:2: the byte 0xf4 is not UTF-8");
    assert!(matches!(error, ExchangeError::Encoding { .. }));
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_column() {
    let text = format!("\u{feff}{MEMBERS}CLUB,2,USA,full,1990,1991\n");
    let files = [file("m.csv", text), file("o.csv", ORGS)];
    assert_eq!(import(Dataset::CowIgo, &files).unwrap().report.states, 1);
}

#[test]
fn a_file_that_is_missing() {
    let error = message(Dataset::CowIgo, &[file("o.csv", ORGS)]);
    assert_eq!(
        error,
        "cow-igo needs a file with the column \"from_year\": the memberships as intervals"
    );
    let missing = DataFile::read(std::path::Path::new("no/such/file.csv"));
    assert!(matches!(missing, Err(ExchangeError::Read { .. })));
}

#[test]
fn a_column_that_is_missing_and_the_nearest() {
    let text = MEMBERS.replace("status", "statuss");
    let files = [file("m.csv", text), file("o.csv", ORGS)];
    let error = import(Dataset::CowIgo, &files).unwrap_err();
    assert_eq!(error.to_string(), "m.csv:1:1: no column \"status\"");
    let findings = Findings::from(error);
    let finding = findings.iter().next().unwrap();
    assert_eq!(finding.nearest.as_deref(), Some("statuss"));
    assert_eq!(finding.place.as_ref().unwrap().line_column(), (1, 1));
}

#[test]
fn fields_of_cow_that_are_not_what_they_should_be() {
    for (row, expected) in [
        (
            "CLUB,2,USA,full,199,1991,7\n",
            "m.csv:2:26: 7 fields under 6 columns",
        ),
        (
            "CLUB,2,USA,full,199o,1991\n",
            "m.csv:2:17: from_year: \"199o\" is not a year",
        ),
        (
            "\n\"CLUB\",2,USA,full,1990,1989\n",
            "m.csv:3:24: to_year: \"1989\" is not a year not before from_year",
        ),
        (
            "CLUB,2,USA,ful,1990,1991\n",
            "m.csv:2:12: status: \"ful\" is not a status: full, associate or observer",
        ),
        (
            "CLUP,2,USA,full,1990,1991\n",
            "m.csv:2:1: ioname: \"CLUP\" is not an organization of the list",
        ),
        (
            "CLUB,2,USB,full,1990,1991\n",
            "m.csv:2:8: iso3: \"USB\" is not an ISO 3166 alpha-3 code",
        ),
        (
            "CLUB,x,,full,1990,1991\n",
            "m.csv:2:6: ccode: \"x\" is not a number of the COW list of states",
        ),
    ] {
        assert_eq!(of_cow(row), expected);
    }
}

#[test]
fn a_state_without_a_code_is_left_out_and_told() {
    let members = format!("{MEMBERS}CLUB,999,,full,1990,1991\nCLUB,345,,full,1950,1991\n");
    let files = [file("m.csv", members), file("o.csv", ORGS)];
    let imported = import(Dataset::CowIgo, &files).unwrap();
    assert_eq!(imported.report.skipped.len(), 1);
    assert_eq!(imported.report.skipped[0].line, 2);
    let states = imported
        .files
        .iter()
        .find(|file| file.name == "states.toml")
        .unwrap();
    assert!(states.text.contains("id = \"XYU\""), "{}", states.text);
}

#[test]
fn fields_of_the_wto_that_are_not_what_they_should_be() {
    let of_wto = |row: &str| message(Dataset::Wto, &[file("w.csv", format!("{WTO}{row}\n"))]);
    for (row, expected) in [
        (
            "A - B,Goods,FTA,1994-13-01,,,,,No,,Armenia; Georgia,",
            "w.csv:2:17: date_of_signature_g: \"1994-13-01\" is not a date such as 1994-04-15",
        ),
        (
            "A - B,Goods,FTA,1994,,,,,No,,Armenia; Gorgia,",
            "w.csv:2:30: original_signatories: \"Armenia; Gorgia\" is not a list of names of states that the WTO uses",
        ),
        (
            "A - B,Goods,FTA,1994,,,,,No,,Armenia; Georgia,Armenia(32-Jan-2015 - )",
            "w.csv:2:47: specific_entry_exit_dates: \"Armenia(32-Jan-2015 - )\" is not dates of parties such as Armenia(02-Jan-2015 - ); Chile( - 31-Dec-2001)",
        ),
    ] {
        assert_eq!(of_wto(row), expected);
    }
}

#[test]
fn fields_of_atop_that_are_not_what_they_should_be() {
    let of_atop = |row: &str| {
        let text = format!("{ATOP}{row},1,0,0,0,0\n");
        message(Dataset::Atop, &[file("a.csv", text)])
    };
    for (row, expected) in [
        (
            "1,2,USA,1990,2,30,0,0,0",
            "a.csv:2:16: dayent: \"30\" is not part of a day that the calendar has",
        ),
        (
            "1,2,USA,1990,13,,0,0,0",
            "a.csv:2:14: moent: \"13\" is not part of a day that the calendar has",
        ),
        (
            "1,2,USA,1990,2,3,1989,1,1",
            "a.csv:2:18: yrexit: \"1989\" is not a year not before that of the entry",
        ),
        (
            ",2,USA,1990,2,3,0,0,0",
            "a.csv:2:1: atopid: \"\" is not the number of an alliance",
        ),
    ] {
        assert_eq!(of_atop(row), expected);
    }
}

#[test]
fn days_that_atop_leaves_open_stay_open() {
    let text = format!("{ATOP}1,2,USA,1990,5,,1991,,,1,0,0,0,0\n1,20,CAN,1990,,,0,0,0,1,0,0,0,0\n");
    let imported = import(Dataset::Atop, &[file("a.csv", text)]).unwrap();
    let pack = &imported.files.last().unwrap().text;
    for date in ["\"1990-05\"", "\"1991\"", "\"1990\""] {
        assert!(pack.contains(&format!("on = {date}")), "{pack}");
    }
}

#[test]
fn a_step_of_desta_without_its_treaty_is_left_out_and_told() {
    let text = format!("{DESTA}2+1,2,Club accession,accession,1990,1991,USA;CAN,2;1\n");
    let imported = import(Dataset::Desta, &[file("d.csv", text)]).unwrap();
    assert_eq!(imported.report.institutions, 0);
    assert_eq!(
        imported.report.skipped[0].reason,
        "the list has no base treaty of this number"
    );
    let text = format!("{DESTA}2,2,Club,base_treaty,199O,,USA;CAN,0;0\n");
    assert_eq!(
        message(Dataset::Desta, &[file("d.csv", text)]),
        "d.csv:2:22: year: \"199O\" is not a year"
    );
}

#[test]
fn a_mapping_to_what_the_registry_does_not_have() {
    let registry = Registry::load(&[SourceText::new(
        "pack.toml",
        "[[organization]]\nid = \"org:club\"\nnames = [{ name = \"Club\" }]\n",
    )])
    .unwrap()
    .registry;
    let read = |text: &str| Mapping::read(&SourceText::new("map.toml", text), &registry);
    let head = "group = \"g\"\nexpects = \"trade\"\n";
    assert!(read(head).is_ok());
    let error = read(&format!(
        "{head}[[pair]]\ntheirs = \"7\"\nours = [\"org:clup\"]\n"
    ))
    .unwrap_err();
    let findings = Findings::from(error);
    let finding = findings.iter().next().unwrap();
    assert_eq!(finding.nearest.as_deref(), Some("org:club"));
    assert!(read("group = \"g\"\nexpects = \"traid\"\n").is_err());
    assert!(read("group = \"g\"\n").is_err());
}
