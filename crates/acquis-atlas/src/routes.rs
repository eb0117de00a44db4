//! How a page joins the atlas: its path, its question, its twin for programs, and how the
//! twin is described.

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get};
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa::openapi::path::{HttpMethod, Operation, Paths};

use crate::answers::{HTML, JSON, Rendered, SVG};
use crate::atlas::Atlas;
use crate::audience::Audience;
use crate::openapi;
use crate::page::Page;
use crate::problem::Problem;
use crate::visit::Visit;

/// What every handler shares.
pub(crate) type Shared = Arc<Atlas>;

/// A page's function: from the atlas, the visit and the question to the page.
pub(crate) type PageOf<Q> = fn(&Atlas, &Visit, &Q) -> Result<Page, Problem>;
/// A twin's function: the same answer for a program.
pub(crate) type TwinOf<Q> = fn(&Atlas, &Visit, &Q) -> Result<Value, Problem>;
/// A function from a question to a picture that is a file of its own.
pub(crate) type PictureOf<Q> = fn(&Atlas, &Visit, &Q) -> Result<String, Problem>;

/// Whether the same question always has the same answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lasting {
    /// It has, as long as the program runs: the answer may be kept.
    Yes,
    #[allow(dead_code, reason = "no page yet depends on what a user saved")]
    /// It has not: the answer depends on what a user has saved or is doing.
    No,
}

/// The routes of some pages, with the description of those for programs.
pub(crate) struct Routes {
    router: Router<Shared>,
    paths: Paths,
    pages: Vec<&'static str>,
}

/// The path under which the twin of a page stands.
pub(crate) fn twin_path(path: &str) -> String {
    let path = if path == "/" { "/atlas" } else { path };
    format!("/api/v1{path}")
}

impl Routes {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self {
            router: Router::new(),
            paths: Paths::new(),
            pages: Vec::new(),
        }
    }

    /// A page whose answer lasts, and its twin under `/api/v1`. `summary` says in one
    /// sentence what is asked; the parameters describe themselves.
    pub(crate) fn ask<Q>(
        self,
        path: &'static str,
        summary: &str,
        page: PageOf<Q>,
        twin: TwinOf<Q>,
    ) -> Self
    where
        Q: DeserializeOwned + IntoParams + 'static,
    {
        self.page(path, Lasting::Yes, page)
            .twin(path, summary, Lasting::Yes, twin)
    }

    /// A page by itself.
    pub(crate) fn page<Q>(mut self, path: &'static str, lasting: Lasting, page: PageOf<Q>) -> Self
    where
        Q: DeserializeOwned + 'static,
    {
        let render = move |atlas: &Atlas, visit: &Visit| {
            let page = page(atlas, visit, &visit.ask()?)?;
            Ok(match page.is_moved_to() {
                Some(to) => Rendered::moved(to),
                None => Rendered::new(HTML, page.render(atlas, visit)).with_status(page.status()),
            })
        };
        self.pages.push(path);
        self.router = self.router.route(path, answering(lasting, render));
        self
    }

    /// A twin by itself, at `/api/v1` and the path.
    pub(crate) fn twin<Q>(
        mut self,
        path: &'static str,
        summary: &str,
        lasting: Lasting,
        twin: TwinOf<Q>,
    ) -> Self
    where
        Q: DeserializeOwned + IntoParams + 'static,
    {
        let render = move |atlas: &Atlas, visit: &Visit| {
            let answer = twin(atlas, visit, &visit.ask()?)?;
            Ok(Rendered::new(JSON, answer.to_string()))
        };
        let path = twin_path(path);
        self.router = self.router.route(&path, answering(lasting, render));
        let operation = openapi::question::<Q>(&path, summary);
        self.describe(&path, HttpMethod::Get, operation)
    }

    /// A picture of a page as a file of its own, to be kept and cited.
    pub(crate) fn picture<Q>(self, path: &'static str, picture: PictureOf<Q>) -> Self
    where
        Q: DeserializeOwned + 'static,
    {
        self.picture_of(path, Lasting::Yes, picture)
    }

    /// The same of a page whose answer may not last.
    pub(crate) fn picture_of<Q>(
        mut self,
        path: &'static str,
        lasting: Lasting,
        picture: PictureOf<Q>,
    ) -> Self
    where
        Q: DeserializeOwned + 'static,
    {
        let render = move |atlas: &Atlas, visit: &Visit| {
            let picture = picture(atlas, visit, &visit.ask()?)?;
            Ok(Rendered::new(SVG, picture))
        };
        self.router = self.router.route(path, answering(lasting, render));
        self
    }

    /// A route with handlers of its own: forms that change something, files, events. What
    /// stands under `/api/v1` has to be described too ([`Routes::describe`]).
    pub(crate) fn route(mut self, path: &str, handlers: MethodRouter<Shared>) -> Self {
        self.router = self.router.route(path, handlers);
        self
    }

    /// Describes a route for programs.
    pub(crate) fn describe(mut self, path: &str, method: HttpMethod, operation: Operation) -> Self {
        self.paths.add_path_operation(path, vec![method], operation);
        self
    }

    /// These routes and others.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.paths.merge(other.paths);
        self.pages.extend(other.pages);
        self
    }

    /// The router and the description of what it offers to programs.
    pub(crate) fn into_parts(self) -> (Router<Shared>, Paths) {
        (self.router, self.paths)
    }
}

/// Handlers for GET that answer a question on the threads that work things out.
fn answering<R>(lasting: Lasting, render: R) -> MethodRouter<Shared>
where
    R: Fn(&Atlas, &Visit) -> Result<Rendered, Problem> + Copy + Send + Sync + 'static,
{
    get(
        move |State(atlas): State<Shared>, request: Request| async move {
            let (visit, headers) = match visit(request).await {
                Ok(read) => read,
                Err(problem) => return problem.into_response(),
            };
            answer(atlas, visit, &headers, lasting, render).await
        },
    )
}

async fn answer<R>(
    atlas: Shared,
    visit: Visit,
    headers: &HeaderMap,
    lasting: Lasting,
    render: R,
) -> Response
where
    R: Fn(&Atlas, &Visit) -> Result<Rendered, Problem> + Send + 'static,
{
    let key = visit.key();
    let worker = Arc::clone(&atlas);
    let work = move |audience: &Audience| render(&worker, &visit.before(audience));
    let answer = match lasting {
        Lasting::Yes => atlas.answers.keep(&key, work).await,
        Lasting::No => atlas.answers.work_for_readers(work).await,
    };
    match answer {
        Ok(rendered) => rendered.response(headers),
        Err(problem) => problem.into_response(),
    }
}

/// Reads what a request asks for.
///
/// # Errors
/// What can't be read.
pub(crate) async fn visit(request: Request) -> Result<(Visit, HeaderMap), Problem> {
    let (mut parts, _) = request.into_parts();
    let segments = RawPathParams::from_request_parts(&mut parts, &()).await;
    let segments = segments
        .iter()
        .flatten()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let query = parts.uri.query().unwrap_or_default();
    let usual = Atlas::usual_day();
    let visit = Visit::read(parts.uri.path(), query, segments, &parts.headers, usual)?;
    Ok((visit, parts.headers))
}
