//! The formula language: what users of fixest and ppmlhdfe write, and what it means.

#![allow(clippy::unwrap_used, reason = "a test stops where something is wrong")]

use std::fmt::Write as _;

use acquis_gravity::{Expression, Formula, FormulaError, Options, PanelColumns, Table, estimate};

/// Three exporters, three importers, four years; the flows follow no rule.
fn panel() -> Table {
    let codes = ["A", "B", "C"];
    let mut text = String::from("exporter,importer,year,trade,other,x,z\n");
    let mut seed = 7_u32;
    for i in codes {
        for j in codes {
            for year in 2000..2004 {
                let mut draw = || {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    f64::from(seed >> 8) / f64::from(1 << 24)
                };
                let (trade, other, x, z) = (draw() * 9.0, draw() * 9.0, draw(), draw() + 0.1);
                writeln!(text, "{i},{j},{year},{trade},{other},{x},{z}").unwrap();
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("panel.csv");
    std::fs::write(&path, text).unwrap();
    Table::read(&path, None, &[]).unwrap()
}

/// Names of the regressors and their estimates.
fn estimates(formula: &str, table: &Table) -> (Vec<String>, Vec<f64>) {
    let formula = Formula::parse(formula).unwrap();
    let panel = PanelColumns {
        units: vec!["exporter".to_owned(), "importer".to_owned()],
        time: "year".to_owned(),
    };
    let table = formula.with_shifts(table.clone(), &panel).unwrap();
    let fit = estimate(&formula.design(&table).unwrap(), &Options::default()).unwrap();
    (fit.names, fit.estimates)
}

/// Two spellings of one regression.
fn same(table: &Table, one: &str, other: &str) {
    let (a, b) = (estimates(one, table).1, estimates(other, table).1);
    assert_eq!(a.len(), b.len(), "{one} / {other}");
    for (x, y) in a.iter().zip(&b) {
        assert!((x - y).abs() < 1e-8, "{one}: {a:?}\n{other}: {b:?}");
    }
}

#[test]
fn spellings_of_the_same_regression() {
    let table = panel();
    for (one, other) in [
        ("trade ~ x*z | exporter", "trade ~ x + z + x:z | exporter"),
        ("trade ~ x:z | exporter", "trade ~ I(x*z) | exporter"),
        ("trade ~ x^2 | exporter", "trade ~ I(x * x) | exporter"),
        (
            "trade ~ log(x * z) | exporter",
            "trade ~ I(log(x) + ln(z)) | exporter",
        ),
        (
            "trade ~ i(year, x, ref = 2000) | exporter",
            "trade ~ i(year, ref = 2000):x | exporter",
        ),
        (
            "trade ~ i(year, x, ref = c(2000, 2001)) | exporter",
            "trade ~ I((year == 2002)*x) + I((year = 2003) * x) | exporter",
        ),
        ("trade ~ 1 + x - 1 | exporter", "trade ~ x | exporter"),
        ("trade ~ x | i.exporter#i.year", "trade ~ x | exporter^year"),
        ("trade ~ x | exporter##c.z", "trade ~ x | exporter[z]"),
        (
            "trade ~ x | importer + exporter#c.z",
            "trade ~ x | importer + exporter[[z]]",
        ),
    ] {
        same(&table, one, other);
    }
}

#[test]
fn names_are_those_of_fixest() {
    let table = panel();
    let (names, _) = estimates("trade ~ log(x) + i(year, z, ref = 2000) | exporter", &table);
    assert_eq!(
        names,
        ["log(x)", "year::2001:z", "year::2002:z", "year::2003:z"]
    );
}

#[test]
fn lags_are_the_values_of_earlier_years() {
    let table = panel();
    let formula = Formula::parse("trade ~ l(x, 0:1) + f(x, c(2)) | exporter").unwrap();
    let by = PanelColumns {
        units: vec!["exporter".to_owned(), "importer".to_owned()],
        time: "year".to_owned(),
    };
    let with = formula.with_shifts(table.clone(), &by).unwrap();
    let (x, lag) = (
        table.numbers("x").unwrap(),
        with.numbers("l(x, 1)").unwrap(),
    );
    let lead = with.numbers("f(x, 2)").unwrap();
    // Rows run by pair, then year.
    assert!(lag[0].is_nan() && lag[1].to_bits() == x[0].to_bits());
    assert!(lag[4].is_nan() && lead[4].to_bits() == x[6].to_bits() && lead[6].is_nan());
    let fit = estimate(&formula.design(&with).unwrap(), &Options::default()).unwrap();
    assert_eq!(fit.names, ["x", "l(x, 1)", "f(x, 2)"]);
    assert_eq!(fit.observations, 9);
}

#[test]
fn a_lag_in_a_panel_with_two_rows_for_a_year_has_no_meaning() {
    let formula = Formula::parse("trade ~ l(x) | exporter").unwrap();
    let by = PanelColumns {
        units: vec!["exporter".to_owned()],
        time: "year".to_owned(),
    };
    let error = formula.with_shifts(panel(), &by).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("rows 1 and 5 are both A in 2000"),
        "{error}"
    );
    let table = panel();
    let error = formula.design(&table).unwrap_err();
    assert!(matches!(error, FormulaError::NoPanel(_)), "{error}");
}

#[test]
fn one_text_may_state_several_formulas() {
    let many = |text: &str| Formula::parse_each(text).unwrap();
    assert_eq!(
        many("c(trade, other) ~ x | exporter"),
        many("trade + other ~ x | exporter")
    );
    let outcomes: Vec<String> = many("trade + other ~ x")
        .iter()
        .map(Formula::outcome)
        .collect();
    assert_eq!(outcomes, ["trade", "other"]);
    assert_eq!(many("trade ~ x + csw0(z, x:z)").len(), 3);
    assert_eq!(
        many("trade ~ x + csw(z, x:z)")[1],
        many("trade ~ x + z + x:z")[0]
    );
    assert_eq!(
        many("trade ~ x + sw(z, x:z)")[1],
        many("trade ~ x + x:z")[0]
    );
    assert_eq!(
        many("trade ~ x | sw(exporter, exporter^year)")[1],
        many("trade ~ x | exporter^year")[0]
    );
    assert!(Formula::parse("a + b ~ x").is_err());
    let error = Formula::parse_each("a ~ sw(x, z) + sw(u, v)").unwrap_err();
    assert!(
        error.to_string().contains("second stepwise part"),
        "{error}"
    );
}

#[test]
fn a_word_may_stand_for_a_group_of_columns() {
    let group = ["x".to_owned(), "z".to_owned()];
    let formula = Formula::parse("trade ~ stages + stages:other | exporter").unwrap();
    let spelled = Formula::parse("trade ~ x + z + x:other + z:other | exporter").unwrap();
    assert_eq!(formula.with_group("stages", &group), spelled);
}

#[test]
fn conditions_pick_rows() {
    let table = panel();
    let count = |text: &str| {
        let holds = Expression::parse(text).unwrap().holds(&table).unwrap();
        holds.iter().filter(|holds| **holds).count()
    };
    for (condition, rows) in [
        ("exporter == importer", 12),
        ("exporter != importer", 24),
        ("year in {2000..2004 by 2}", 18),
        ("year %in% c(2000, 2003)", 18),
        ("year > 2000 and not year >= 2003", 18),
        ("exporter in {'A', 'B'} & importer = \"C\"", 8),
        ("exporter == 'A' | exporter == 'B' | year < 0", 24),
        ("exporter in {'A', 'nowhere'}", 12),
        ("!(exporter == 'A')", 24),
        ("x >= 0", 36),
        ("log(x - 2) > 0", 0),
        ("-year ^ 2 < 0 && abs(-x) == x", 36),
    ] {
        assert_eq!(count(condition), rows, "{condition}");
    }
}

#[test]
fn expressions_with_a_mistake() {
    let table = panel();
    for (text, expected) in [
        ("year >=", "column 8"),
        ("year in {2000..1990}", "a span that rises"),
        ("exporter == 'AA'", "`exporter` has no level `AA`"),
        ("exporter in {'AA', 'BB'}", "`exporter` has no level `BB`"),
        ("exporter > 'A'", "`exporter` holds text"),
        ("exporter + 1", "numbers are needed here"),
        ("year == 'x'", "the text `x` is compared with numbers"),
        ("yaer > 1", "did you mean `year`?"),
        ("gamma(x)", "unknown function `gamma`"),
        ("year == 'x", "the quote is not closed"),
        ("x x", "expected an operator or the end"),
    ] {
        let found = Expression::parse(text).and_then(|e| e.holds(&table));
        let error = found.unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
    let deep = "(".repeat(100_000);
    let error = Expression::parse(&deep).unwrap_err().to_string();
    assert!(error.contains("too many parentheses"), "{error}");
}

#[test]
fn formulas_say_what_they_do_not_know() {
    for (text, expected) in [
        ("trade ~ (x) | exporter", "write I(...)"),
        ("trade ~ x | exporter | z ~ w", "instrumental variables"),
        ("trade ~ l(x, 1.5)", "whole number of periods"),
        ("i(year) ~ x", "can't be an outcome"),
        ("trade ~ x | a##b", "before a slope only"),
        ("trade ~ x + | a", "expected the name of a column"),
    ] {
        let error = Formula::parse(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
    let table = panel();
    let formula = Formula::parse("trade ~ i(year, ref = 200) | exporter").unwrap();
    let error = formula.design(&table).unwrap_err().to_string();
    assert!(
        error.contains("no level `200`: did you mean `200"),
        "{error}"
    );
}

#[test]
fn a_product_of_many_does_not_take_all_memory() {
    let long = format!("trade ~ {}", vec!["x"; 64].join("*"));
    let error = Formula::parse(&long).unwrap_err().to_string();
    assert!(error.contains("more than 1000 terms"), "{error}");
}

proptest::proptest! {
    /// Whatever is typed, there is a formula, a value, or a sentence.
    #[test]
    fn any_text_is_read_or_refused(text in "[a-c~|+:*^()\\[\\]{},='` .0-9x!<>&%in-]{0,40}") {
        let table = panel_of_two();
        if let Ok(formulas) = Formula::parse_each(&text) {
            for formula in &formulas {
                let _ = formula.design(&table);
            }
        }
        if let Ok(expression) = Expression::parse(&text) {
            let _ = expression.holds(&table);
        }
    }
}

fn panel_of_two() -> Table {
    let table = Table::default().with("a", vec![1.0, 2.0]).unwrap();
    table.with("b", vec![0.0, f64::NAN]).unwrap()
}
