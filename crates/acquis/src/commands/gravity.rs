//! `acquis gravity panel.parquet --formula "trade ~ rta | exporter^year + importer^year"`

use std::path::Path;

use acquis_exchange::{NumberedList, StateCodes};
use acquis_gravity::{
    Bootstrap, DyadColumns, Expression, Formula, Options, Regressed, RegressionPlan, Singletons,
    Table, TableError, regress,
};
use acquis_law::Law;
use acquis_registry::Stage;
use acquis_registry::document::Word as _;
use acquis_report::subject::gravity as subject;
use acquis_report::{csv, latex};
use acquis_scenario::gravity::{
    ChangedRegressor, EstimatedFrom, OtherWorld, StageEstimates, StageJoin, StageQuestion,
    StateNumbers, WorldQuestion, join_stages, other_world,
};

use crate::arguments::{AskedStages, CodesArgument, Common, Gravity, TableFormat};
use crate::commands::export::write_whole;
use crate::failure::Failure;
use crate::{output, session};

/// The word that stands for every column of stages in a formula.
const STAGES: &str = "stages";

/// Estimates what is asked, and prints and writes what came of it.
pub(crate) fn run(common: &Common, command: &Gravity) -> Result<(), Failure> {
    let asked = Asked::of(command)?;
    let (table, join) = asked.panel(common)?;
    let formulas = asked.formulas(join.as_ref())?;
    let table = filtered(table, asked.condition.as_ref())?;
    let all = regress(&formulas, &table, &asked.plan)?;
    let world = asked.other_world(&formulas, &table, &all)?;
    drop(table);
    if let (Some(path), Some(join)) = (&command.output.out, &join) {
        write_effects(path, &asked, &all, join, common)?;
    }
    if let Some(path) = &command.output.fixed_effects {
        write_whole(path, &csv::to_csv(&subject::fixed_effects(&all)?))?;
    }
    if let Some(path) = &command.output.resistances {
        write_whole(path, &csv::to_csv(&subject::resistances(&all)?))?;
    }
    let world = world.as_ref();
    let world = world
        .map(|(world, theta)| subject::other_world(world, *theta))
        .transpose()?;
    show(common, command, &all, (join.as_ref(), world.as_ref()))
}

/// What was typed, read.
struct Asked<'a> {
    command: &'a Gravity,
    formulas: Vec<Formula>,
    condition: Option<Expression>,
    plan: RegressionPlan,
    /// What is asked of the law, and of which pack.
    stages: Option<(&'a AskedStages, StageQuestion)>,
    /// Columns that are computed, in their order.
    computed: Vec<(String, Expression)>,
    /// Regressors that have other values in another world.
    changes: Vec<ChangedRegressor>,
}

impl<'a> Asked<'a> {
    fn of(command: &'a Gravity) -> Result<Self, Failure> {
        let mut formulas = Vec::new();
        for text in &command.formula {
            for formula in Formula::parse_each(text)? {
                let formula = match &command.inference.cluster {
                    Some(cluster) => formula.clustered(cluster)?,
                    None => formula,
                };
                let formula = match &command.weights {
                    Some(column) => formula.weighted(column),
                    None => formula,
                };
                formulas.push(match &command.offset {
                    Some(column) => formula.with_offset(column),
                    None => formula,
                });
            }
        }
        let stages = command.stages.pack.as_ref().map(|asked| {
            let question = StageQuestion {
                grade: asked.grade,
                day: command.stages.day,
                lags: command.stages.lags.clone(),
                leads: command.stages.leads.clone(),
            };
            (asked, question)
        });
        let mut changes = Vec::new();
        for text in &command.world.counterfactual {
            let (name, becomes) = named(text, "change of a regressor, such as \"rta = 0\"")?;
            changes.push(ChangedRegressor { name, becomes });
        }
        let computed = command.computed.iter();
        let computed = computed.map(|text| named(text, "column, such as \"both = rta * border\""));
        let mut asked = Self {
            computed: computed.collect::<Result<_, _>>()?,
            changes,
            condition: command
                .condition
                .as_deref()
                .map(Expression::parse)
                .transpose()?,
            plan: plan(command),
            command,
            formulas,
            stages,
        };
        if asked.needs_dyads() {
            let names = Table::column_names(&command.file)?;
            let given = &command.columns;
            let given = [&given.exporter, &given.importer, &given.year].map(Option::as_deref);
            let found = DyadColumns::find(&names, given).map_err(|error| match error {
                TableError::NoDyads { what } => Failure::Message(format!(
                    "no column is evidently the {what}: name it with --{what}"
                )),
                other => other.into(),
            })?;
            asked.plan.dyads = Some(found);
        }
        Ok(asked)
    }

    fn needs_dyads(&self) -> bool {
        self.stages.is_some()
            || self.plan.bias_correction
            || self.plan.reference.is_some()
            || !self.changes.is_empty()
            || self.formulas.iter().any(Formula::has_shifts)
    }

    /// Whether a column comes from the pack or is computed, and is not in the file.
    fn is_added(&self, column: &str) -> bool {
        let joined = self.stages.is_some() && (column == STAGES || stage_of(column).is_some());
        joined || self.computed.iter().any(|(name, _)| name == column)
    }

    /// The panel with everything that the formulas and the condition name.
    fn panel(&self, common: &Common) -> Result<(Table, Option<StageJoin>), Failure> {
        let mut columns: Vec<&str> = self.formulas.iter().flat_map(Formula::columns).collect();
        let mut numeric: Vec<&str> = self
            .formulas
            .iter()
            .flat_map(Formula::numeric_columns)
            .collect();
        if let Some(condition) = &self.condition {
            columns.extend(condition.columns());
            numeric.extend(condition.numeric_columns());
        }
        for (_, expression) in &self.computed {
            columns.extend(expression.columns());
            numeric.extend(expression.numeric_columns());
        }
        for change in &self.changes {
            columns.extend(change.becomes.columns());
            numeric.extend(change.becomes.numeric_columns());
        }
        if let Some(dyads) = &self.plan.dyads {
            columns.extend(dyads.names());
            numeric.extend(dyads.year.as_deref());
        }
        for list in [&mut columns, &mut numeric] {
            list.retain(|column| !self.is_added(column));
            list.sort_unstable();
            list.dedup();
        }
        let mut table = Table::read(&self.command.file, Some(&columns), &numeric)?;
        let mut join = None;
        if let (Some((asked, question)), Some(dyads)) = (&self.stages, &self.plan.dyads) {
            let (joined, made) = self.join(table, common, asked, (dyads, question))?;
            (table, join) = (joined, Some(made));
        }
        for (name, expression) in &self.computed {
            let values = expression.numbers(&table)?.into_owned();
            table = table.with(name, values)?;
        }
        let panel = self.plan.dyads.as_ref().and_then(DyadColumns::panel);
        for formula in self.formulas.iter().filter(|formula| formula.has_shifts()) {
            let Some(panel) = &panel else {
                let sentence = "a lag needs a column of years: name it with --year";
                return Err(Failure::Message(sentence.to_owned()));
            };
            table = formula.with_shifts(table, panel)?;
        }
        Ok((table, join))
    }

    fn join(
        &self,
        table: Table,
        common: &Common,
        asked: &AskedStages,
        (dyads, question): (&DyadColumns, &StageQuestion),
    ) -> Result<(Table, StageJoin), Failure> {
        let pack = match asked.pack.as_str() {
            "" => common.pack.as_deref(),
            named => Some(Path::new(named)),
        };
        let registry = session::registry(&session::pack_files(pack)?)?;
        let law = Law::new(session::view(common, &registry));
        let list = match self.command.stages.codes {
            CodesArgument::Iso3 => None,
            CodesArgument::Cow => Some(NumberedList::Cow),
            CodesArgument::Gw => Some(NumberedList::GleditschWard),
        };
        let codes = StateCodes::built_in();
        let by_number = |number: i64, year: i16| {
            let number = i16::try_from(number).ok()?;
            let mut states = codes.numbers_in(list?, year);
            let found = states.find(|(_, candidate)| *candidate == number);
            found.map(|(code, _)| code)
        };
        let numbers: Option<StateNumbers<'_>> = list.map(|_| &by_number as StateNumbers<'_>);
        Ok(join_stages(table, &law, dyads, question, numbers)?)
    }

    /// The formulas with the columns of stages in place of the word for them.
    fn formulas(&self, join: Option<&StageJoin>) -> Result<Vec<Formula>, Failure> {
        let Some(join) = join else {
            return Ok(self.formulas.clone());
        };
        let names: Vec<String> = join
            .added
            .iter()
            .map(|column| column.name.clone())
            .collect();
        if names.is_empty() {
            return Err(Failure::Message(format!(
                "no pair of the panel has any stage at the grade {}: there is nothing to estimate",
                join.question.grade.label()
            )));
        }
        for column in self.formulas.iter().flat_map(Formula::columns) {
            let Some(stage) = stage_of(column) else {
                continue;
            };
            if !names.iter().any(|name| name == column) {
                return Err(Failure::Message(format!(
                    "`{column}`: no pair of the panel is at the stage {stage} at the grade {} then; \
                     there are {}",
                    join.question.grade.label(),
                    names.join(", ")
                )));
            }
        }
        let formulas = self.formulas.iter().cloned();
        Ok(formulas
            .map(|formula| formula.with_group(STAGES, &names))
            .collect())
    }
}

impl Asked<'_> {
    /// The world in which regressors have other values, and the elasticity it is solved with.
    fn other_world(
        &self,
        formulas: &[Formula],
        table: &Table,
        all: &[Regressed],
    ) -> Result<Option<(OtherWorld, f64)>, Failure> {
        let asked = &self.command.world;
        let (Some(elasticity), false) = (asked.elasticity, self.changes.is_empty()) else {
            return Ok(None);
        };
        let ([formula], [regressed], Some(dyads)) = (formulas, all, &self.plan.dyads) else {
            let sentence = "general equilibrium needs one regression with exporter and importer";
            return Err(Failure::Message(sentence.to_owned()));
        };
        let question = WorldQuestion {
            changes: self.changes.clone(),
            elasticity,
            period: asked.period.clone(),
        };
        let design = formula.design(table)?;
        let world = other_world(&regressed.fit, &design, table, dyads, &question)?;
        Ok(Some((world, elasticity)))
    }
}

/// `rta = 0`: a name, and the expression for it.
fn named(text: &str, what: &str) -> Result<(String, Expression), Failure> {
    let found = parts(text, '=')[0];
    // A comparison in the expression has an equals sign too.
    match text[found.len()..].strip_prefix('=') {
        Some(rest) if !found.trim().is_empty() => {
            Ok((found.trim().to_owned(), Expression::parse(rest)?))
        }
        _ => Err(Failure::Message(format!("{text:?} is no {what}"))),
    }
}

/// The parts of a text between separators that are not within parentheses.
fn parts(text: &str, separator: char) -> Vec<&str> {
    let mut depth = 0_i32;
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if letter == separator && depth <= 0 => {
                parts.push(&text[start..at]);
                start = at + letter.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// The stage that a column of stages is about.
fn stage_of(column: &str) -> Option<Stage> {
    let shifted = column.rsplit_once('_').filter(|(_, shift)| {
        let years = shift
            .strip_prefix("lag")
            .or_else(|| shift.strip_prefix("lead"));
        years.is_some_and(|years| !years.is_empty() && years.bytes().all(|b| b.is_ascii_digit()))
    });
    let word = shifted.map_or(column, |(word, _)| word);
    Stage::from_word(word).filter(|stage| *stage != Stage::None)
}

fn plan(command: &Gravity) -> RegressionPlan {
    let inference = &command.inference;
    let base = Options {
        tolerance: inference.tolerance,
        singletons: if inference.keep_singletons {
            Singletons::Keep
        } else {
            Singletons::Drop
        },
        separation: inference.separation.separation(),
        errors: inference.errors.errors(),
        confidence: inference.confidence,
        ..Options::default()
    };
    let options = command.estimator.iter().flat_map(|estimator| {
        inference.small_sample.iter().map(|convention| Options {
            estimator: estimator.estimator(),
            small_sample: convention.small_sample(),
            ..base.clone()
        })
    });
    let names = |list: &String| -> Vec<String> {
        let names = parts(list, ',').into_iter().map(str::trim);
        let names = names.filter(|name| !name.is_empty());
        names.map(str::to_owned).collect()
    };
    RegressionPlan {
        options: options.collect(),
        dyads: None,
        bias_correction: inference.bias_correction,
        bootstrap: inference.bootstrap.map(|kind| Bootstrap {
            resampling: kind.resampling(),
            draws: inference.draws as usize,
            seed: inference.seed,
        }),
        tests: inference.test.iter().map(names).collect(),
        reference: command.output.reference.clone(),
    }
}

fn filtered(table: Table, condition: Option<&Expression>) -> Result<Table, Failure> {
    let Some(condition) = condition else {
        return Ok(table);
    };
    let holds = condition.holds(&table)?;
    if !holds.contains(&true) {
        return Err(Failure::Message(format!(
            "no row of the panel has {}",
            condition.text()
        )));
    }
    Ok(table.filtered(|row| holds[row]))
}

fn write_effects(
    path: &Path,
    asked: &Asked<'_>,
    all: &[Regressed],
    join: &StageJoin,
    common: &Common,
) -> Result<(), Failure> {
    let [regressed] = all else {
        return Err(Failure::Message(format!(
            "a file of effects holds one regression, and there are {}",
            all.len()
        )));
    };
    let command = asked.command;
    let data = command.file.file_name();
    let pack = asked
        .stages
        .as_ref()
        .map_or("", |(stages, _)| stages.pack.as_str());
    let known_by = common
        .known_by
        .map_or_else(String::new, |day| format!(", as known by {day}"));
    let from = EstimatedFrom {
        data: data.map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
        rows: asked
            .condition
            .as_ref()
            .map_or_else(String::new, |condition| condition.text().to_owned()),
        formula: command.formula.join("; "),
        pack: pack.to_owned(),
        law: format!("on {} of each year{known_by}", join.question.day),
        made_by: format!("acquis {}", env!("CARGO_PKG_VERSION")),
        ..EstimatedFrom::default()
    };
    let estimates = StageEstimates::new(regressed, join, from);
    if estimates.stages.is_empty() {
        return Err(Failure::Message(format!(
            "no stage has an estimate, so that {} is not written",
            path.display()
        )));
    }
    write_whole(path, estimates.to_toml().as_bytes())
}

fn show(
    common: &Common,
    command: &Gravity,
    all: &[Regressed],
    (join, world): (Option<&StageJoin>, Option<&acquis_report::Table>),
) -> Result<(), Failure> {
    if common.json {
        let mut value = subject::to_value(all, join)?;
        if let Some(world) = world {
            value["other_world"] = acquis_report::json::to_json(world);
        }
        return output::json(&value);
    }
    let stars = if command.output.stars {
        subject::Stars::Marked
    } else {
        subject::Stars::None
    };
    match command.output.format {
        TableFormat::Csv => return output::bytes(&csv::to_csv(&subject::tidy(all)?)),
        TableFormat::Latex => {
            return output::bytes(latex::to_latex(&subject::journal(all, stars)?).as_bytes());
        }
        TableFormat::Text => {}
    }
    if let Some(join) = join {
        let mut table = subject::joined_stages(join)?;
        if command.condition.is_some() {
            table
                .notes
                .push("Counted in the whole panel, before --where.".to_owned());
        }
        output::table(&table)?;
        output::lines([""])?;
    }
    match all {
        [one] if stars == subject::Stars::None => output::table(&subject::coefficients(one)?)?,
        _ => output::table(&subject::journal(all, stars)?)?,
    }
    if let Some(world) = world {
        output::lines([""])?;
        output::table(world)?;
    }
    if let Some(path) = &command.output.out {
        output::lines([
            String::new(),
            format!(
                "Written to {}: the effects of stages, for a scenario.",
                path.display()
            ),
        ])?;
    }
    Ok(())
}
