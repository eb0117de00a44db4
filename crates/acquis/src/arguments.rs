//! Every command and flag, in one place.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::civil::Date;

mod blocs;
mod gravity;
mod serve;
mod vote;

pub(crate) use blocs::BlocsQuery;
pub(crate) use gravity::{AskedStages, CodesArgument, Gravity, TableFormat};
pub(crate) use serve::{Serve, TOKEN_VARIABLE};
pub(crate) use vote::{QuestionsAsked, VoteQuery};

/// An open workbench for regional integration between states: who is bound by what on a
/// date, and what a union is worth to each.
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "Without a command the atlas opens in a browser, as by `acquis serve`.\n\nExit status: 0 done, 2 a mistake in what was given, 3 a scenario that the law refuses."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// What every command understands.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// A pack of facts of your own, or the name of one built in, instead of post-soviet
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        help_heading = "Common options"
    )]
    pub(crate) pack: Option<PathBuf>,
    /// Use only what had been published by this day
    #[arg(long, global = true, value_name = "DATE", value_parser = day, help_heading = "Common options")]
    pub(crate) known_by: Option<Date>,
    /// Answer in JSON
    #[arg(long, global = true, help_heading = "Common options")]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Everything here as pages in a browser, on this machine
    Serve(Serve),
    /// Run a scenario: the law before and after, and what it does to each economy
    Run(Run),
    /// What binds a state on a day
    State(StateQuery),
    /// Who takes part in an organization or agreement on a day
    Org(OrganizationQuery),
    /// The stage between two states, signed, in force and functioning, with its proof
    Between(BetweenQuery),
    /// What changed between two days: standings, and stages between states
    Diff(DiffQuery),
    /// The acts of a state or an organization, in order
    Timeline(TimelineQuery),
    /// What a state is bound by on a day, and towards whom
    Obligations(StateQuery),
    /// What a withdrawal would end, and what would survive it
    Leave(LeaveQuery),
    /// Who is in both of two organizations, and what both are about
    Overlap(OverlapQuery),
    /// How many stages apart the members of an organization are, over the years
    Speeds(SpeedsQuery),
    /// Who decides, in an organ or by a rule of your own, and what would change it
    Vote(Box<VoteQuery>),
    /// Which union would hold: who would stay, join, pay, and who joins first
    Blocs(BlocsQuery),
    /// Commitments that exclude each other, with the rule and its legal basis
    Incompatible(IncompatibleQuery),
    /// Where sources disagree, by kind, and which claim is used
    Conflicts(ConflictsQuery),
    /// Figures that sources give, computed again from the data built in
    Claims(ClaimsQuery),
    /// Check a pack of facts and point at every mistake
    Check(Check),
    /// Write what the registry holds as a table
    Export(Export),
    /// Make a pack of your own copy of a public dataset
    Import(Import),
    /// Where the registry and a public dataset disagree, a line each
    Compare(Compare),
    /// Trade, tariffs and input-output figures: list, import, check, aggregate
    Economy(Economy),
    /// Estimate a gravity equation, with the stages of a pack among its regressors
    Gravity(Box<Gravity>),
    /// Write a commented file to start from
    New(New),
    /// Print shell completions
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the manual pages
    Man {
        /// The folder to write them to
        #[arg(long, value_name = "DIR", default_value = "man")]
        out: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The scenario file, or the name of one built in
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenario: PathBuf,
    /// The folder under which a folder for the results is made
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub(crate) out: PathBuf,
    /// Compute even what the law finds incompatible
    #[arg(long)]
    pub(crate) accept_incompatible: bool,
}

#[derive(Debug, Args)]
pub(crate) struct StateQuery {
    /// Code or name, such as UZB or Uzbekistan
    pub(crate) state: String,
    #[command(flatten)]
    pub(crate) on: On,
    /// Show the acts and sources behind each line
    #[arg(long)]
    pub(crate) why: bool,
}

#[derive(Debug, Args)]
pub(crate) struct OrganizationQuery {
    /// Id or any of its names, such as CSTO or org:csto
    pub(crate) organization: String,
    #[command(flatten)]
    pub(crate) on: On,
    /// Show the acts and sources behind each line
    #[arg(long)]
    pub(crate) why: bool,
}

#[derive(Debug, Args)]
pub(crate) struct BetweenQuery {
    /// Code or name of one state
    pub(crate) first: String,
    /// Code or name of the other
    pub(crate) second: String,
    #[command(flatten)]
    pub(crate) on: On,
    /// Tell how the stage moved, each step with its acts, instead of one day
    #[arg(long, conflicts_with = "day")]
    pub(crate) story: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DiffQuery {
    /// The first day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) from: Date,
    /// The second day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) to: Date,
}

#[derive(Debug, Args)]
pub(crate) struct TimelineQuery {
    /// A state, an organization or an agreement
    #[arg(value_name = "STATE|ORG")]
    pub(crate) subject: String,
}

#[derive(Debug, Args)]
pub(crate) struct LeaveQuery {
    /// Code or name of the state that would leave
    pub(crate) state: String,
    /// What it would leave: an organization or agreement
    pub(crate) organization: String,
    #[command(flatten)]
    pub(crate) on: On,
}

#[derive(Debug, Args)]
pub(crate) struct OverlapQuery {
    /// One organization or agreement
    pub(crate) first: String,
    /// The other
    pub(crate) second: String,
    #[command(flatten)]
    pub(crate) on: On,
}

#[derive(Debug, Args)]
pub(crate) struct SpeedsQuery {
    /// The organization or agreement
    pub(crate) organization: String,
    /// The first year
    #[arg(long, value_name = "YEAR", default_value_t = 1992)]
    pub(crate) from: i16,
    /// The last year
    #[arg(long, value_name = "YEAR", default_value_t = 2020)]
    pub(crate) to: i16,
}

#[derive(Debug, Args)]
pub(crate) struct IncompatibleQuery {
    /// Only those of this state
    pub(crate) state: Option<String>,
    #[command(flatten)]
    pub(crate) on: On,
    /// The grade from which a commitment counts
    #[arg(long, default_value = "in-force")]
    pub(crate) grade: GradeArgument,
    /// Show the rule, the acts and the sources behind each line
    #[arg(long)]
    pub(crate) why: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ClaimsQuery {
    /// The volume sold in a year, in the unit that a price is for (thousand cubic metres of
    /// gas): a gap in price then becomes a yearly sum
    #[arg(long, value_name = "NUMBER", value_parser = volume)]
    pub(crate) volume: Option<f64>,
}

fn volume(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|volume: &f64| volume.is_finite() && *volume > 0.0)
        .ok_or_else(|| "a volume is a number above zero".to_owned())
}

#[derive(Debug, Args)]
pub(crate) struct ConflictsQuery {
    /// One conflict in full, such as K05
    pub(crate) conflict: Option<String>,
    /// Every conflict in full
    #[arg(long)]
    pub(crate) all: bool,
}

/// A grade as typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum GradeArgument {
    /// Signed
    Signed,
    /// In force
    InForce,
    /// Functioning
    Functioning,
}

impl GradeArgument {
    /// The grade that is meant.
    pub(crate) const fn grade(self) -> acquis_law::Grade {
        match self {
            Self::Signed => acquis_law::Grade::Signed,
            Self::InForce => acquis_law::Grade::InForce,
            Self::Functioning => acquis_law::Grade::Functioning,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct On {
    /// The day that is asked about; today if left out
    #[arg(long = "on", value_name = "DATE", value_parser = day)]
    day: Option<Date>,
}

impl On {
    /// The day, today if none was given.
    pub(crate) fn day(&self) -> Date {
        self.day.unwrap_or_else(|| {
            jiff::Timestamp::now()
                .to_zoned(jiff::tz::TimeZone::UTC)
                .date()
        })
    }
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The pack's folder; the pack built in if left out
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// What to write
    pub(crate) what: Exported,
    /// How to write it
    #[arg(long, default_value = "csv")]
    pub(crate) format: Format,
    /// The file to write to; standard output if left out. Beside a panel of years a data
    /// dictionary and CSVW metadata are written
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// The first year of a panel; the first year in which anything changed if left out
    #[arg(long, value_name = "YEAR")]
    pub(crate) from: Option<i16>,
    /// The last year of a panel; the last year in which anything changed if left out
    #[arg(long, value_name = "YEAR")]
    pub(crate) to: Option<i16>,
    /// A row for every state in every year of a panel, also before it began
    #[arg(long)]
    pub(crate) balanced: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Exported {
    /// Every standing of every party as an interval
    Memberships,
    /// A row for each state and year
    StateYear,
    /// A row for each organization or agreement and year
    OrganizationYear,
    /// A row for each pair of states and year
    DyadYear,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The dataset
    pub(crate) dataset: DatasetArgument,
    /// Your own copy of its files
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The folder for the pack; it must not be there yet
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The dataset
    pub(crate) dataset: DatasetArgument,
    /// Your own copy of its files
    #[arg(long = "file", required = true, num_args = 1.., value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Which of theirs is which of ours, instead of the mapping built in
    #[arg(long, value_name = "FILE")]
    pub(crate) mapping: Option<PathBuf>,
}

/// A public dataset as typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum DatasetArgument {
    /// Correlates of War, intergovernmental organizations, version 3
    CowIgo,
    /// Design of Trade Agreements, list of treaties
    Desta,
    /// WTO Regional Trade Agreements Information System
    Wto,
    /// Alliance Treaty Obligations and Provisions, members
    Atop,
}

impl DatasetArgument {
    /// The dataset that is meant.
    pub(crate) const fn dataset(self) -> acquis_exchange::Dataset {
        match self {
            Self::CowIgo => acquis_exchange::Dataset::CowIgo,
            Self::Desta => acquis_exchange::Dataset::Desta,
            Self::Wto => acquis_exchange::Dataset::Wto,
            Self::Atop => acquis_exchange::Dataset::Atop,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Economy {
    #[command(subcommand)]
    pub(crate) command: EconomyCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EconomyCommand {
    /// The economies built in, and those in a folder
    List {
        /// A folder with manifests or economy files
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
    /// Make one economy file of your own copy of a source
    Import(Box<EconomyImport>),
    /// How far the figures are from the identities they ought to satisfy
    Check {
        /// A manifest, an economy file, or the name of an economy built in
        #[arg(value_name = "ECONOMY")]
        economy: PathBuf,
    },
    /// Add countries up to regions, and sectors to fewer
    Aggregate(EconomyAggregate),
}

#[derive(Debug, Args)]
pub(crate) struct EconomyImport {
    /// The source
    pub(crate) format: EconomyFormat,
    /// Your own copy of its files, or their folder
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// The economy file to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Write everything that was repaired to this CSV file
    #[arg(long, value_name = "FILE")]
    pub(crate) repairs: Option<PathBuf>,
    /// Id of the economy
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// Title of the economy
    #[arg(long)]
    pub(crate) title: Option<String>,
    /// The year; where a file holds several, the one to take
    #[arg(long, value_parser = clap::value_parser!(i32).range(1000..=9999))]
    pub(crate) year: Option<i32>,
    /// The unit of a long table, such as "million USD"
    #[arg(long)]
    pub(crate) unit: Option<String>,
    /// Where a long table comes from; may be given more than once
    #[arg(long)]
    pub(crate) source: Vec<String>,
    /// The licence of the figures
    #[arg(long)]
    pub(crate) licence: Option<String>,
    /// At which point the flows of a long table are valued
    #[arg(long)]
    pub(crate) valuation: Option<ValuationArgument>,
    /// The column of a long table with the seller
    #[arg(long, value_name = "NAME", help_heading = "Columns of a long table")]
    pub(crate) exporter_column: Option<String>,
    /// The column with the buyer
    #[arg(long, value_name = "NAME", help_heading = "Columns of a long table")]
    pub(crate) importer_column: Option<String>,
    /// The column with the sector; one sector if there is none
    #[arg(long, value_name = "NAME", help_heading = "Columns of a long table")]
    pub(crate) sector_column: Option<String>,
    /// The column with the value before the tariff
    #[arg(long, value_name = "NAME", help_heading = "Columns of a long table")]
    pub(crate) value_column: Option<String>,
    /// The column with the tariff: a fraction, or per cent if its name ends in _pct
    #[arg(long, value_name = "NAME", help_heading = "Columns of a long table")]
    pub(crate) tariff_column: Option<String>,
    /// Take a pair that a long table leaves out as zero
    #[arg(long)]
    pub(crate) absent_is_zero: bool,
    /// The column of a table of elasticities to take
    #[arg(long, value_name = "NAME")]
    pub(crate) elasticities: Option<String>,
    /// What the elasticities of a long table are the elasticity of
    #[arg(long)]
    pub(crate) elasticity_meaning: Option<MeaningArgument>,
    /// Gross output over GDP, where home sales follow from GDP [default: 1]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) output_ratio: Option<f64>,
    /// Home sales as a share of output where output less exports is not positive [default: 0.01]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) least_home_share: Option<f64>,
}

#[derive(Debug, Args)]
pub(crate) struct EconomyAggregate {
    /// A manifest, an economy file, or the name of an economy built in
    #[arg(value_name = "ECONOMY")]
    pub(crate) economy: PathBuf,
    /// A CSV file that gives each country its region
    #[arg(long, value_name = "FILE", required_unless_present = "sectors")]
    pub(crate) countries: Option<PathBuf>,
    /// A CSV file that gives each sector its group
    #[arg(long, value_name = "FILE")]
    pub(crate) sectors: Option<PathBuf>,
    /// The economy file to write
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Id of the new economy
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// Title of the new economy
    #[arg(long)]
    pub(crate) title: Option<String>,
}

/// A source of economies as typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum EconomyFormat {
    /// A long table: exporter, importer, sector, value, tariff (CSV or Parquet)
    Long,
    /// OECD ICIO, the wide CSV of a year
    Icio,
    /// OECD ICIO with tariffs, long, as prepared by Lashkaripour (2021)
    IcioPrepared,
    /// WIOD, release of 2013
    #[value(name = "wiod-2013")]
    Wiod2013,
    /// The data of Caliendo and Parro (2015)
    CaliendoParro,
    /// CEPII BACI of a year, its country codes, and GDP
    Baci,
    /// A matrix of BACI exports with GDP (Ignatenko et al. 2025)
    BaciMatrix,
}

impl EconomyFormat {
    /// The format that is meant.
    pub(crate) const fn format(self) -> acquis_economy::Format {
        match self {
            Self::Long => acquis_economy::Format::Long,
            Self::Icio => acquis_economy::Format::Icio,
            Self::IcioPrepared => acquis_economy::Format::IcioPrepared,
            Self::Wiod2013 => acquis_economy::Format::Wiod2013,
            Self::CaliendoParro => acquis_economy::Format::CaliendoParro,
            Self::Baci => acquis_economy::Format::Baci,
            Self::BaciMatrix => acquis_economy::Format::BaciMatrix,
        }
    }
}

/// A valuation as typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ValuationArgument {
    /// At the exporter's border
    Fob,
    /// At the importer's border
    Cif,
    /// What the producer receives
    BasicPrices,
}

impl ValuationArgument {
    /// The valuation that is meant.
    pub(crate) const fn valuation(self) -> acquis_economy::Valuation {
        match self {
            Self::Fob => acquis_economy::Valuation::FreeOnBoard,
            Self::Cif => acquis_economy::Valuation::CostInsuranceFreight,
            Self::BasicPrices => acquis_economy::Valuation::BasicPrices,
        }
    }
}

/// The meaning of an elasticity as typed.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum MeaningArgument {
    /// Of the share of expenditure, tariff included (theta, sigma - 1)
    TariffInclusiveShare,
    /// Of the value before the tariff (theta + 1, sigma)
    PreTariffValue,
}

impl MeaningArgument {
    /// The meaning that is meant.
    pub(crate) const fn meaning(self) -> acquis_economy::ElasticityMeaning {
        match self {
            Self::TariffInclusiveShare => acquis_economy::ElasticityMeaning::TariffInclusiveShare,
            Self::PreTariffValue => acquis_economy::ElasticityMeaning::PreTariffValue,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Comma-separated values
    Csv,
    /// Apache Parquet
    Parquet,
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// What to start
    pub(crate) what: Start,
    /// Its name: letters, digits, - and _
    #[arg(value_parser = file_name)]
    pub(crate) name: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Start {
    /// A scenario, written to NAME.toml
    Scenario,
    /// A pack of facts, written to the folder NAME
    Pack,
}

/// A day as typed; the error says what is wrong with it.
fn day(text: &str) -> Result<Date, acquis_registry::DateError> {
    acquis_registry::EdtfDate::single_day(text)
}

fn file_name(text: &str) -> Result<String, String> {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if !text.is_empty() && text.bytes().all(safe) {
        Ok(text.to_owned())
    } else {
        Err("a name has letters, digits, - and _ only".to_owned())
    }
}
