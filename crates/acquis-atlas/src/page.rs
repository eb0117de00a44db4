//! A page, and what stands around every one of them.

use axum::http::StatusCode;
use maud::{DOCTYPE, Markup, html};

use crate::assets::asset;
use crate::atlas::Atlas;
use crate::glossary;
use crate::part;
use crate::problem::Problem;
use crate::routes::twin_path;
use crate::visit::{Theme, Visit, address};

/// The parts of the atlas, in the order of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// The first page.
    Atlas,
    /// States.
    States,
    /// Organizations and agreements.
    Organizations,
    /// Two states.
    Pairs,
    /// Every question that can be asked of the law.
    Questions,
    /// Who decides.
    Votes,
    /// Reforms laid over the law.
    Lab,
    /// Which union would hold.
    Blocs,
    /// What sources say in numbers, and where they disagree.
    Claims,
    /// Packs and economies.
    Data,
    /// What the words mean.
    Terms,
    /// None of them.
    Elsewhere,
}

impl Section {
    /// Those in the navigation, with the path of their first page and their name.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 11] = [
        (Self::Atlas, "/", "Atlas"),
        (Self::States, "/states", "States"),
        (Self::Organizations, "/organizations", "Organizations"),
        (Self::Pairs, "/pairs", "Pairs"),
        (Self::Questions, "/questions", "Questions"),
        (Self::Votes, "/votes", "Votes"),
        (Self::Lab, "/lab", "Lab"),
        (Self::Blocs, "/blocs", "Blocs"),
        (Self::Claims, "/claims", "Claims"),
        (Self::Data, "/data", "Data"),
        (Self::Terms, "/terms", "Terms"),
    ];
}

/// One page: its title, its content, and which script makes it livelier.
pub(crate) struct Page {
    section: Section,
    title: String,
    lead: Option<Markup>,
    body: Markup,
    scripts: Vec<&'static str>,
    is_dated: bool,
    twin: Twin,
    moved: Option<String>,
    refreshed_every: Option<u32>,
    status: StatusCode,
}

/// Where the same answer stands for programs.
enum Twin {
    /// Under `/api/v1` and the path of the page.
    Beside,
    /// Nowhere.
    None,
}

impl Page {
    /// A page about a moment, with its twin beside it.
    pub(crate) fn new(section: Section, title: impl Into<String>, body: Markup) -> Self {
        Self {
            section,
            title: title.into(),
            lead: None,
            body,
            scripts: Vec::new(),
            is_dated: true,
            twin: Twin::Beside,
            moved: None,
            refreshed_every: None,
            status: StatusCode::OK,
        }
    }

    /// No page, but the way to another: what a form asked for has a page of its own.
    pub(crate) fn moved(to: String) -> Self {
        let mut page = Self::new(Section::Elsewhere, "Moved", html! {});
        page.moved = Some(to);
        page
    }

    /// Where the page is instead, if it is another one.
    pub(crate) fn is_moved_to(&self) -> Option<&str> {
        self.moved.as_deref()
    }

    /// One sentence, or a line of facts, below the title.
    #[must_use]
    pub(crate) fn lead(mut self, lead: Markup) -> Self {
        self.lead = Some(lead);
        self
    }

    /// The same day or another makes no difference to this page: it has no date control.
    #[must_use]
    pub(crate) const fn undated(mut self) -> Self {
        self.is_dated = false;
        self
    }

    /// The page says why there is no answer, and lets the reader ask again: it is sent with the
    /// status of the problem.
    #[must_use]
    pub(crate) fn refused(mut self, problem: &Problem) -> Self {
        self.status = problem.status();
        self
    }

    /// The status that the page is sent with.
    pub(crate) const fn status(&self) -> StatusCode {
        self.status
    }

    /// There is no such answer for programs.
    #[must_use]
    pub(crate) fn without_twin(mut self) -> Self {
        self.twin = Twin::None;
        self
    }

    /// Where no script runs the page is loaded again every so many seconds: it shows something
    /// that is under way.
    #[must_use]
    pub(crate) const fn refreshed_every(mut self, seconds: u32) -> Self {
        self.refreshed_every = Some(seconds);
        self
    }

    /// A module of our own, by the name of its file, that makes the page livelier. The page
    /// has to be readable and usable without it.
    #[must_use]
    pub(crate) fn script(mut self, module: &'static str) -> Self {
        self.scripts.push(module);
        self
    }

    /// The page as it is sent.
    pub(crate) fn render(&self, atlas: &Atlas, visit: &Visit) -> String {
        let theme = match visit.theme() {
            Theme::System => None,
            chosen => Some(chosen.word()),
        };
        let body = html! { (self.body) };
        html! {
            (DOCTYPE)
            html lang="en" data-theme=[theme] {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) " · Acquis" }
                    @if let Some(seconds) = self.refreshed_every {
                        noscript { meta http-equiv="refresh" content=(seconds); }
                    }
                    link rel="stylesheet" href=(asset("atlas.css"));
                    link rel="icon" href=(asset("icon.svg")) type="image/svg+xml";
                    script type="module" src=(asset("shell.js")) {}
                    @if self.is_dated { script type="module" src=(asset("moment.js")) {} }
                    @for module in &self.scripts {
                        script type="module" src=(asset(module)) {}
                    }
                }
                body {
                    a.skip href="#content" { "Skip to the content" }
                    (self.masthead(visit))
                    @if self.is_dated { (part::moment_control(atlas, visit)) }
                    main #content {
                        header.title {
                            h1 { (self.title) }
                            @if let Some(lead) = &self.lead { div.lead { (lead) } }
                        }
                        (body)
                    }
                    (self.footer(atlas, visit))
                    div #meanings {
                        (glossary::popovers(&[&body, self.lead.as_ref().unwrap_or(&body)]))
                    }
                }
            }
        }
        .into_string()
    }

    fn masthead(&self, visit: &Visit) -> Markup {
        html! {
            header.masthead {
                a.brand href=(visit.link("/")) { "Acquis" }
                nav aria-label="Pages" {
                    ul {
                        @for (section, path, name) in Section::ALL {
                            @if crate::pages::is_there(path) {
                                li {
                                    a href=(visit.link(path))
                                        aria-current=[(section == self.section).then_some("page")] {
                                        (name)
                                    }
                                }
                            }
                        }
                    }
                }
                form.search role="search" action="/search" {
                    (part::moment_fields(visit))
                    label.unseen for="search" { "Search" }
                    input #search type="search" name="q" value=[visit.value("q")] placeholder="State, organization, term"
                        autocomplete="off" enterkeyhint="search" maxlength="200";
                    button { "Search" }
                }
            }
        }
    }

    fn footer(&self, atlas: &Atlas, visit: &Visit) -> Markup {
        let card = atlas.registry().card();
        html! {
            footer.page-foot {
                div {
                    p {
                        "Facts: " (card.title)
                        @if let Some(licence) = &card.licence { " (" (licence) ")" }
                        @if let Some(last) = atlas.law(None).change_days().last() { ", acts up to " (last) }
                        ". An answer is what the sources say, not what the program thinks."
                    }
                    p {
                        @if matches!(self.twin, Twin::Beside) {
                            @let twin = visit.here().replacen(visit.path(), &twin_path(visit.path()), 1);
                            a #twin href=(twin) { "This page for programs (JSON)" } " · "
                        }
                        a href="/terms" { "What the words mean" } " · "
                        a href="/api/v1/openapi.json" { "OpenAPI" }
                    }
                }
                (theme_form(visit))
            }
        }
    }
}

fn theme_form(visit: &Visit) -> Markup {
    let name = |theme| match theme {
        Theme::System => "As the system",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
    };
    html! {
        form.theme method="post" action="/theme" {
            input type="hidden" name="back" value=(visit.back());
            fieldset {
                legend { "Colours" }
                @for theme in Theme::ALL {
                    button name="theme" value=(theme.word())
                        aria-pressed=(if theme == visit.theme() { "true" } else { "false" }) {
                        (name(theme))
                    }
                }
            }
        }
    }
}

/// The page of a problem.
pub(crate) fn problem_page(problem: &Problem, path: &str) -> Page {
    let title = match problem.status().as_u16() {
        404 => "Not found",
        400 | 422 => "That can't be answered",
        401 | 403 => "Not allowed",
        405 => "That can't be done",
        409 => "Changed meanwhile",
        429 => "Too much at once",
        408 => "Too slow",
        413 => "Too large",
        _ => "Something is wrong",
    };
    let is_in = |first: &str| first != "/" && path.starts_with(first);
    let section = Section::ALL.iter().find(|(_, first, _)| is_in(first));
    let body = html! {
        div.problem role="alert" {
            p.what { (problem.sentence()) }
            @for sentence in problem.advice() { p { (sentence) } }
            @if let Some(name) = problem.what_was_meant() {
                p { "Did you mean " a href=(address("/search", [("q", name)])) { (name) } "?" }
            }
        }
        p {
            @if let Some((_, path, name)) = section { a href=(path) { "Back to " (name) } " · " }
            a href="/" { "To the first page" }
        }
    };
    Page::new(Section::Elsewhere, title, body)
        .undated()
        .without_twin()
}
