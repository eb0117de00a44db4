//! The atlas: the whole program as pages in a browser, offline.
//!
//! # The idea
//!
//! [`serve`] starts a server on this machine whose pages answer what the command line answers,
//! by the same code: answers come from `acquis-law` and its neighbours, tables, charts and
//! words from `acquis_report::subject`. A page is a function from a question to markup; the
//! address is the question, so that a page can be linked, kept and asked for by a program
//! (every page has its twin under `/api/v1`, described at `/api/v1/openapi.json`). Pages are
//! complete without scripts; scripts make them livelier.
//!
//! # How a page is written
//!
//! A page has a file (or a folder) in `src/pages`, which gives its routes to `pages::routes`:
//!
//! ```text
//! pub(super) fn routes() -> Routes {
//!     Routes::new().ask("/states/{state}", "What binds a state on a day", page, twin)
//! }
//!
//! #[derive(Deserialize, IntoParams)]
//! struct Asked {
//!     /// Code or name of the state, such as UZB or Uzbekistan
//!     state: String,
//! }
//!
//! fn page(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Page, Problem> { ... }
//! fn twin(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Value, Problem> { ... }
//! ```
//!
//! * **The question** is a type: its fields are the named segments of the path and the
//!   parameters of the query, of types that parse themselves (`Day`, `Choice<Grade>`; write
//!   more of them beside these). Its doc comments are the description for programs. An empty
//!   field of a form counts as not given. Words that a user types are read by the same
//!   functions as on the command line (`Registry::find_state`, `EdtfDate::single_day`).
//! * **The functions are plain.** They run on threads of their own, no more at a time than
//!   there are processors, and their answers are kept (`Lasting::Yes`), because the same
//!   question always has the same answer. What depends on what a user saved or does is
//!   `Lasting::No`: `Routes::page` and `Routes::twin` take that word.
//! * **Work ends when nobody waits for it.** Whatever takes more than a moment asks
//!   `Visit::audience` now and then whether anybody still does, and ends with
//!   `Problem::nobody_waits` where not. Of several who ask the same, one is enough.
//! * **The atlas** has the registry, the law as known by any day (`Atlas::law`), the series,
//!   the names, the index of the search.
//! * **The visit** has the moment (`on`, `known_by`) and makes links that keep it
//!   (`Visit::link`, `Visit::here_with`).
//! * **The page** (`Page::new`) is a section of the navigation, a title and markup. `lead` puts
//!   a line below the title, `script` adds a module, `undated` takes the date control away.
//!   `Page::moved` sends a form's reader to the page that has the answer's own address.
//! * **The parts** (`part`) are tables whose names lead on (`part::table`), pictures, proofs
//!   that open, drawers, fields, notices. A word of the field is `glossary::term`.
//! * **A problem** (`Problem`) is a sentence that says what is wrong and one that says what to
//!   do: 400 for what can't be read, 404 for a name that nothing has, 422 for what makes no
//!   sense. Findings become problems by themselves (`?`).
//! * **Forms that change something** are routes of their own (`Routes::route`) with POST; no
//!   other site can reach them ([`Guard`]). What stands under `/api/v1` is described with
//!   `Routes::describe`.
//! * **The look** is one style sheet, `assets/atlas.css`, after the one that reports have. No
//!   inline style or script: the browser is told to refuse them.
//! * **Ids** of sections and fields are stable: tests and links rely on them.
//!
//! # Who is let in
//!
//! Without being told otherwise the server listens on this machine only, and [`Guard`] looks
//! at every request, so that a page elsewhere can't drive it. Listening to other machines
//! takes a token.
//!
//! # How it fails
//!
//! [`ServeError`] says why the server did not start. A question that can't be answered is a
//! page, or a document of type `application/problem+json`.

#![allow(
    clippy::unnecessary_wraps,
    reason = "all pages and all twins have one signature"
)]

mod answers;
mod assets;
mod atlas;
mod audience;
mod choice;
mod glossary;
mod guard;
mod lab;
mod lawbook;
mod moment;
mod names;
mod openapi;
mod page;
mod pages;
mod part;
mod problem;
mod ready;
mod routes;
mod search;
mod server;
mod visit;

pub use atlas::Atlas;
pub use guard::Guard;
pub use lab::Lab;
pub use server::{Options, ServeError, USUAL_PORT, router, serve};
