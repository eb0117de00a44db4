//! Several regressions side by side.

use acquis_gravity::{Coefficient, Estimator, Regressed};

use super::words::{beyond, certificate, errors_words, estimator_word, grouped, left_out};
use super::{Beyond, decimals};
use crate::column::Column;
use crate::number::{Signs, level};
use crate::table::{Cell, Table, TableError};

/// Whether p-values are marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stars {
    /// `*` below 0.1, `**` below 0.05, `***` below 0.01.
    Marked,
    /// No.
    None,
}

/// Regressions as a journal prints them: a column for each, every estimate above its standard
/// error. A regression that is corrected for bias has a second column; errors of a bootstrap
/// stand in brackets.
///
/// # Errors
/// None that a fit can bring about.
pub fn journal(all: &[Regressed], stars: Stars) -> Result<Table, TableError> {
    let models = models(all);
    let mut columns = vec![Column::text("term", "")];
    columns.extend(models.iter().enumerate().map(|(at, model)| {
        let name = format!("model_{}", at + 1);
        Column::figure(name, model.heading.clone(), model.outcome.clone())
    }));
    let mut table = Table::new("gravity", "Gravity", columns);
    estimates(&mut table, &models, stars)?;
    let rule = vec![Cell::Missing; models.len() + 1];
    table.push_row(rule.clone())?;
    effects(&mut table, &models)?;
    if table.rows().last() != Some(&rule) {
        table.push_row(rule)?;
    }
    statistics(&mut table, &models)?;
    table.notes = notes(all, &models, stars);
    Ok(table)
}

/// One column.
struct Model<'a> {
    heading: String,
    outcome: String,
    regressed: &'a Regressed,
    lines: Vec<Line>,
    decimals: usize,
}

struct Line {
    name: String,
    estimate: f64,
    error: f64,
    p_value: f64,
    bootstrap: Option<f64>,
}

fn models(all: &[Regressed]) -> Vec<Model<'_>> {
    let mut models = Vec::new();
    for (number, regressed) in (1..).zip(all) {
        let fit = &regressed.fit;
        let found = fit.coefficients();
        let beyond = Beyond::of(regressed);
        let decimals = decimals(found.iter().map(|line| line.standard_error));
        let line = |(at, own): (usize, &Coefficient)| Line {
            name: own.name.clone(),
            estimate: own.estimate,
            error: own.standard_error,
            p_value: own.p_value,
            bootstrap: beyond.bootstrap.as_ref().map(|bootstrap| bootstrap[at][0]),
        };
        models.push(Model {
            heading: format!("({number})"),
            outcome: fit.outcome.clone(),
            regressed,
            lines: found.iter().enumerate().map(line).collect(),
            decimals,
        });
        if let Some(corrected) = &beyond.corrected {
            let line = |(own, &[estimate, error]): (&Coefficient, &[f64; 2])| Line {
                name: own.name.clone(),
                estimate,
                error,
                p_value: fit.p_value_of(estimate / error),
                bootstrap: None,
            };
            models.push(Model {
                heading: format!("({number}) corrected"),
                outcome: fit.outcome.clone(),
                regressed,
                lines: found.iter().zip(corrected).map(line).collect(),
                decimals,
            });
        }
    }
    models
}

fn estimates(table: &mut Table, models: &[Model<'_>], stars: Stars) -> Result<(), TableError> {
    let mut names: Vec<&str> = Vec::new();
    for line in models.iter().flat_map(|model| &model.lines) {
        if !names.contains(&line.name.as_str()) {
            names.push(&line.name);
        }
    }
    for name in names {
        let mut upper: Vec<Cell> = vec![name.into()];
        let mut lower: Vec<Cell> = vec![Cell::Missing];
        let mut below: Vec<Cell> = vec![Cell::Missing];
        for model in models {
            let line = model.lines.iter().find(|line| line.name == name);
            let places = model.decimals;
            upper.push(line.map(|line| marked(line, places, stars)).into());
            lower.push(line.map(|line| format!("({:.places$})", line.error)).into());
            let bootstrap = line.and_then(|line| line.bootstrap);
            below.push(bootstrap.map(|error| format!("[{error:.places$}]")).into());
        }
        table.push_row(upper)?;
        table.push_row(lower)?;
        if below.iter().any(|cell| *cell != Cell::Missing) {
            table.push_row(below)?;
        }
    }
    Ok(())
}

fn marked(line: &Line, places: usize, stars: Stars) -> String {
    let marks = match line.p_value {
        _ if stars == Stars::None => "",
        p if p < 0.01 => "***",
        p if p < 0.05 => "**",
        p if p < 0.1 => "*",
        _ => "",
    };
    format!("{:.places$}{marks}", line.estimate)
}

fn effects(table: &mut Table, models: &[Model<'_>]) -> Result<(), TableError> {
    let mut names: Vec<&str> = Vec::new();
    let sets = models
        .iter()
        .flat_map(|model| &model.regressed.fit.effect_levels);
    for (name, _) in sets {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    for name in names {
        let levels = |model: &Model<'_>| {
            let mut sets = model.regressed.fit.effect_levels.iter();
            let own = sets.find(|(own, _)| own == name);
            own.map(|(_, levels)| grouped(*levels))
        };
        row(table, &format!("Effects: {name}"), models, levels)?;
    }
    Ok(())
}

fn statistics(table: &mut Table, models: &[Model<'_>]) -> Result<(), TableError> {
    row(table, "Estimator", models, |model| {
        Some(estimator_word(model.regressed.fit.estimator).to_owned())
    })?;
    row(table, "Observations", models, |model| {
        Some(grouped(model.regressed.fit.observations))
    })?;
    row(table, "Clusters", models, |model| {
        let clusters = &model.regressed.fit.clusters;
        let counts: Vec<String> = clusters.iter().map(|c| grouped(c.clusters)).collect();
        (!counts.is_empty()).then(|| counts.join(" x "))
    })?;
    row(table, "Log-likelihood", models, |model| {
        Some(level(model.regressed.fit.log_likelihood, 1, Signs::Ascii))
    })?;
    row(table, "Deviance", models, |model| {
        let fit = &model.regressed.fit;
        (fit.estimator == Estimator::Poisson).then(|| level(fit.deviance, 1, Signs::Ascii))
    })?;
    row(table, "(Pseudo) R2", models, |model| {
        Some(format!("{:.4}", model.regressed.fit.pseudo_r2))
    })
}

/// A row of words, unless no column has any.
fn row(
    table: &mut Table,
    name: &str,
    models: &[Model<'_>],
    words: impl Fn(&Model<'_>) -> Option<String>,
) -> Result<(), TableError> {
    let mut cells: Vec<Cell> = vec![name.into()];
    cells.extend(models.iter().map(|model| Cell::from(words(model))));
    if cells.iter().skip(1).all(|cell| *cell == Cell::Missing) {
        return Ok(());
    }
    table.push_row(cells)
}

fn notes(all: &[Regressed], models: &[Model<'_>], stars: Stars) -> Vec<String> {
    let mut notes = Vec::new();
    let mut say = |number: usize, sentence: String| {
        let found = notes.iter_mut().find(|(_, said)| *said == sentence);
        match found {
            Some((numbers, _)) => {
                let numbers: &mut Vec<usize> = numbers;
                numbers.push(number);
            }
            None => notes.push((vec![number], sentence)),
        }
    };
    for (number, regressed) in (1..).zip(all) {
        let fit = &regressed.fit;
        say(number, format!("Errors {}.", errors_words(fit)));
        for sentence in left_out(fit).into_iter().chain(beyond(regressed)) {
            say(number, sentence);
        }
        for warning in &fit.warnings {
            say(number, format!("Caution: {warning}."));
        }
        say(number, certificate(fit));
    }
    let several = all.len() > 1;
    let mut lines = models.iter().flat_map(|model| &model.lines);
    let errors = if lines.any(|line| line.bootstrap.is_some()) {
        "Standard errors in parentheses, of the bootstrap in brackets."
    } else {
        "Standard errors in parentheses."
    };
    let mut sentences = vec![errors.to_owned()];
    if stars == Stars::Marked {
        sentences.push("* p < 0.1, ** p < 0.05, *** p < 0.01.".to_owned());
    }
    for (numbers, sentence) in notes {
        if several && numbers.len() < all.len() {
            let numbers: Vec<String> = numbers.iter().map(usize::to_string).collect();
            sentences.push(format!("({}) {sentence}", numbers.join(", ")));
        } else {
            sentences.push(sentence);
        }
    }
    sentences
}
