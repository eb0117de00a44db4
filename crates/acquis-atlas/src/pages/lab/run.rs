//! A run: how far it is, or what came out.

use std::slice;

use acquis_report::html::blocks;
use acquis_report::subject::answer::KeptAnswer;
use acquis_report::{Block, Views};
use acquis_store::{Progress, ResultCard, Run, RunCard, RunId, RunState};
use maud::{Markup, html};

use super::said::{moment, size};
use crate::lab::{Refused, is_for_pages};
use crate::part::{picture, viewpoint_field};
use crate::visit::address;

/// A run that is not over.
pub(crate) fn on_its_way(run: &Run) -> Markup {
    let card = &run.card;
    html! {
        section.run-on-its-way data-follow={ "/api/v1/lab/runs/" (card.id) } aria-live="polite" {
            @match &card.state {
                RunState::Running { progress, .. } => {
                    p { "It is being carried out. " span data-words { (words(*progress)) } }
                    (bar(*progress))
                },
                _ => {
                    p { "It waits for its turn. " span data-words {} }
                    progress {}
                },
            }
            form method="post" action={ "/lab/runs/" (card.id) "/cancel" } {
                button type="submit" { "Cancel" }
            }
        }
    }
}

fn words(progress: Progress) -> String {
    match progress {
        Progress { total: 0, .. } => String::new(),
        Progress { done, total } => format!("{done} of {total}"),
    }
}

fn bar(progress: Progress) -> Markup {
    html! {
        @if progress.total > 0 {
            progress max=(progress.total) value=(progress.done) { (words(progress)) }
        } @else {
            progress {}
        }
    }
}

/// How a run ended, in a sentence. What the law refused was not computed.
pub(crate) fn ending(card: &RunCard, refused: Option<&Refused>) -> String {
    match &card.state {
        RunState::Queued => "Waits for its turn.".to_owned(),
        RunState::Running { progress, .. } => {
            format!("Is being carried out: {}.", words(*progress))
        }
        RunState::Done { started, ended } => {
            let seconds = ended.duration_since(*started).as_secs_f64();
            match refused {
                None => format!("Done in {seconds:.2} s, {}.", moment(*ended)),
                Some(Refused { all: true, .. }) => format!(
                    "Refused: the law finds commitments incompatible ({}).",
                    moment(*ended)
                ),
                Some(Refused { variants, .. }) => format!(
                    "Done in {seconds:.2} s, {}. Refused by the law, and not computed: {}.",
                    moment(*ended),
                    variants.join(", ")
                ),
            }
        }
        RunState::Failed { ended, reason } => format!("Failed, {}: {reason}", moment(*ended)),
        RunState::Cancelled { ended } => format!("Cancelled, {}.", moment(*ended)),
        RunState::Killed { ended, progress } => match progress.total {
            0 => format!(
                "Killed: the program ended before it did (found {}).",
                moment(*ended)
            ),
            _ => format!(
                "Killed: the program ended when it had done {} (found {}). Run it again.",
                words(*progress),
                moment(*ended)
            ),
        },
    }
}

/// What else can be done with a run that is over. `others` are the runs that it can be set
/// beside.
pub(crate) fn again(card: &RunCard, others: &[RunCard]) -> Markup {
    let address = format!("/lab/runs/{}", card.id);
    html! {
        div.desk-bar role="group" aria-label="This run" {
            @if let Some((scenario, _)) = card.scenario {
                a.button href={ "/lab/scenarios/" (scenario) } { "Back to the scenario" }
            }
            @if matches!(card.state, RunState::Done { .. }) {
                a.button href={ (address) "/files/report.html" } { "The report by itself" }
            }
            @if !others.is_empty() { (beside(card, others)) }
            form method="post" action={ (address) "/again" } { button type="submit" { "Run it again" } }
            form method="post" action={ (address) "/delete" } { button.quiet type="submit" { "Delete this run" } }
        }
    }
}

/// The way to this run beside another.
fn beside(card: &RunCard, others: &[RunCard]) -> Markup {
    html! {
        form.beside method="get" action="/lab/compare" {
            input type="hidden" name="run" value=(card.id);
            label.unseen for="beside" { "The other run" }
            select id="beside" name="run" {
                @for other in others {
                    option value=(other.id) {
                        "run " (other.id)
                        @if let Some((_, revision)) = other.scenario { ", revision " (revision) }
                        ": " (other.title)
                    }
                }
            }
            button type="submit" { "Set beside it" }
        }
    }
}

/// The runs of a scenario that are done, on its desk.
pub(crate) fn of_scenario(runs: &[RunCard]) -> Markup {
    html! {
        @if !runs.is_empty() {
            p.facts {
                "Its runs: "
                @for (place, run) in runs.iter().enumerate() {
                    @if place > 0 { " · " }
                    a href={ "/lab/runs/" (run.id) } { "run " (run.id) }
                    @if let Some((_, revision)) = run.scenario { " of revision " (revision) }
                }
                @if let [last, before, ..] = runs {
                    " · " a href={ "/lab/compare?run=" (before.id) "&run=" (last.id) } { "the last two side by side" }
                }
            }
        }
    }
}

/// What came out with the way to each part of it, maps from a viewpoint, and what can be taken
/// home.
pub(crate) fn over(
    card: &RunCard,
    kept: &KeptAnswer,
    viewpoint: Option<&str>,
    files: &[ResultCard],
) -> Markup {
    html! {
        div.read-along {
            (contents(kept))
            div.parts {
                (answer(card.id, kept, viewpoint))
                (downloads(card, files))
            }
        }
    }
}

/// The parts of the page: beside them where there is room, and to be opened above them where
/// there is not. Only one of the two is ever shown.
fn contents(kept: &KeptAnswer) -> Markup {
    let parts = html! {
        ol {
            @for section in &kept.report.sections {
                li { a href={ "#section-" (section.id) } { (section.heading) } }
            }
            li { a href={ "#" (DOWNLOADS) } { (TAKE_HOME) } }
        }
    };
    html! {
        nav."contents beside" aria-label="On this page" { (parts) }
        nav."contents above" aria-label="On this page" {
            details #contents { summary { "On this page" } (parts) }
        }
    }
}

/// The id of the files that came out, and what they stand under.
const DOWNLOADS: &str = "downloads";
const TAKE_HOME: &str = "Take it home";

/// What came out, as the report has it; maps from a viewpoint.
fn answer(run: RunId, kept: &KeptAnswer, viewpoint: Option<&str>) -> Markup {
    let mut pictures = 0;
    html! {
        @for section in &kept.report.sections {
            @let id = format!("section-{}", section.id);
            section aria-labelledby=(id) {
                h2 id=(id) { (section.heading) }
                @for block in &section.body {
                    @match block {
                        Block::Figure { .. } => {
                            (picture(block.clone(), Some(&picture_address(run, &mut pictures, None))))
                        },
                        Block::Views(views) => {
                            @let file = picture_address(run, &mut pictures, viewpoint);
                            (picture(views.figure(views.view(viewpoint)), Some(&file)))
                            (viewpoint_form(run, pictures, &id, views, viewpoint))
                        },
                        _ => { (blocks(slice::from_ref(block))) },
                    }
                }
            }
        }
    }
}

/// The address of the next picture of a run as a file.
fn picture_address(run: RunId, pictures: &mut usize, viewpoint: Option<&str>) -> String {
    *pictures += 1;
    let path = format!("/lab/runs/{run}/pictures/{pictures}.svg");
    address(&path, viewpoint.map(|viewpoint| ("viewpoint", viewpoint)))
}

/// Whose borders the maps of the page have; the page is asked for again at this section.
fn viewpoint_form(
    run: RunId,
    number: usize,
    section: &str,
    views: &Views,
    chosen: Option<&str>,
) -> Markup {
    let known = views
        .all()
        .map(|view| (view.id.as_str(), view.name.as_str()));
    html! {
        form.question method="get" action={ "/lab/runs/" (run) "#" (section) } {
            (viewpoint_field(&format!("picture-{number}"), known, chosen))
            button { "Draw these borders" }
        }
    }
}

/// Whether a file's name has the ending of a table.
fn is_table(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    matches!(ending, Some("csv" | "parquet"))
}

/// What can be taken home.
fn downloads(card: &RunCard, files: &[ResultCard]) -> Markup {
    let (first, tables): (Vec<&ResultCard>, Vec<&ResultCard>) = files
        .iter()
        .filter(|file| !is_for_pages(&file.name))
        .partition(|file| !is_table(&file.name));
    let link = |file: &ResultCard| {
        html! {
            a href={ "/lab/runs/" (card.id) "/files/" (file.name) } download { (file.name) }
            " " span.unit { (size(file.bytes)) }
        }
    };
    html! {
        section.downloads aria-labelledby=(DOWNLOADS) {
            h2 id=(DOWNLOADS) { (TAKE_HOME) }
            ul.files { @for file in &first { li { (link(file)) } } }
            details {
                summary { "Tables, as CSV and Parquet" }
                ul.files { @for file in &tables { li { (link(file)) } } }
            }
            p.help {
                "Met the facts " (card.pack.name) " (" (short(&card.pack.digest)) ") and the figures "
                (card.economy.name) " (" (short(&card.economy.digest)) ") with " (card.program) "."
            }
        }
    }
}

/// The first digits of a digest, enough to tell two apart.
fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}
