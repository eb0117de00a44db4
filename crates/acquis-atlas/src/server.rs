//! The server: where it listens, how it answers when something is wrong, how it stops.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use acquis_library::LibraryError;
use acquis_registry::PackFiles;
use acquis_store::StoreError;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceExt as _;
use tower_http::timeout::TimeoutLayer;

use crate::answers::HTML;
use crate::atlas::Atlas;
use crate::guard::{self, Guard};
use crate::lab::Lab;
use crate::page::problem_page;
use crate::problem::Problem;
use crate::routes::Shared;
use crate::visit::{Visit, address};
use crate::{openapi, pages};

/// The port that is tried first where none was asked for.
pub const USUAL_PORT: u16 = 7004;

/// No request may take longer.
const LONGEST: Duration = Duration::from_secs(30);
/// The head of a request has to be there in this time; so long a connection may lie idle.
const LONGEST_HEAD: Duration = Duration::from_secs(15);
/// So many connections at once: fewer than a process may have files open.
const MOST_CONNECTIONS: usize = 512;
/// No request may bring more, unless its route says so.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// When the server stops, requests that are under way get so much time to end.
const FAREWELL: Duration = Duration::from_secs(3);

/// The shortest token, in characters, where other machines can ask.
const SHORTEST_TOKEN: usize = 16;

/// How the server is to be run.
#[derive(Debug)]
pub struct Options {
    /// The pack that the pages show.
    pub pack: PackFiles,
    /// The address to listen on; this machine only if none is given.
    pub listen: Option<IpAddr>,
    /// The port; if none is given, the usual one, or any if that is taken.
    pub port: Option<u16>,
    /// The token that everybody has to show; needed where other machines can ask.
    pub token: Option<String>,
    /// The folder for scenarios and runs; the user's own if none is given.
    pub data_dir: Option<PathBuf>,
}

/// Why the server did not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The pack is not sound.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// Scenarios and runs can't be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Other machines could ask, and no token keeps them out.
    #[error(
        "to listen on {0} other machines would be let in: give a token by --token-file or the variable ACQUIS_TOKEN"
    )]
    NoToken(IpAddr),
    /// A token that other machines could find by trying.
    #[error(
        "the token has {length} characters; where other machines can ask it must have {SHORTEST_TOKEN} or more, chosen by chance"
    )]
    ShortToken {
        /// How many it has.
        length: usize,
    },
    /// A token that can't stand in an address.
    #[error("a token has one or more letters, digits, - _ . and ~, and nothing else")]
    BadToken,
    /// The address can't be had.
    #[error("{}", not_listening(address, error))]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        error: io::Error,
    },
    /// The server itself failed.
    #[error("the server stopped: {0}")]
    Io(#[from] io::Error),
}

fn not_listening(address: &SocketAddr, error: &io::Error) -> String {
    if error.kind() == io::ErrorKind::AddrInUse {
        format!(
            "a program listens on {address} already, perhaps this one: open http://{address}/, or choose another port by --port"
        )
    } else {
        format!("can't listen on {address} ({error}): choose another port by --port")
    }
}

/// Runs the server until it is told to stop (Ctrl-C, or SIGTERM). `ready` is called with the
/// address of the first page once it can be opened.
///
/// # Errors
/// A pack that is not sound, an address that can't be had or may not be listened on.
pub fn serve(options: Options, ready: impl FnOnce(&str)) -> Result<(), ServeError> {
    let address = options.listen.unwrap_or(Ipv4Addr::LOCALHOST.into());
    match &options.token {
        None if !address.is_loopback() => return Err(ServeError::NoToken(address)),
        Some(token) if !guard::is_token(token) => return Err(ServeError::BadToken),
        Some(token) if !address.is_loopback() && token.len() < SHORTEST_TOKEN => {
            let length = token.len();
            return Err(ServeError::ShortToken { length });
        }
        _ => {}
    }
    let folder = options
        .data_dir
        .map_or_else(acquis_store::default_folder, Ok)?;
    let lab = Lab::open(&folder)?;
    let atlas = Arc::new(Atlas::open(&options.pack)?.with_lab(lab));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let served = runtime.block_on(async {
        let listener = listen(address, options.port).await?;
        let local = listener.local_addr()?;
        ready(&first_page(local, options.token.as_deref()));
        let guard = Guard::new(address, local.port(), options.token);
        tokio::spawn(work_ahead(Arc::clone(&atlas)));
        answer_all(&listener, router(atlas, guard)).await;
        Ok(())
    });
    runtime.shutdown_timeout(FAREWELL);
    served
}

/// Works out what takes longest, so that whoever asks it first need not wait: the ready
/// questions on blocs, each thousands of equilibria. One after the other, so that readers who
/// come meanwhile have the other processors.
async fn work_ahead(atlas: Shared) {
    let (routes, _) = pages::routes().into_parts();
    let routes = routes.with_state(Arc::clone(&atlas));
    let ready = atlas.ready().all().iter();
    let ready =
        ready.map(|ready| address("/blocs", [("scenario", ready.scenario().name.as_str())]));
    for address in std::iter::once("/blocs".to_owned()).chain(ready) {
        if let Ok(request) = Request::get(address).body(Body::empty()) {
            // The answer is kept where answers are; here nobody reads it.
            let _ = routes.clone().oneshot(request).await;
        }
    }
}

/// Answers whoever connects, until the program is told to stop.
async fn answer_all(listener: &TcpListener, router: Router) {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(LONGEST_HEAD);
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let under_way = GracefulShutdown::new();
    let mut stop = pin!(stopped());
    loop {
        // A place first: who comes when all are taken waits outside.
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await.ok()?;
            Some((place, listener.accept().await))
        };
        let (place, accepted) = tokio::select! {
            next = next => match next {
                Some(next) => next,
                None => break,
            },
            () = &mut stop => break,
        };
        let Ok((stream, _)) = accepted else {
            // Mostly too many open files: some will be closed soon.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let connection = under_way.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks concerns nobody but the one who broke it.
            drop(connection.await);
            drop(place);
        });
    }
    // Whatever hangs on to its connection is not waited for longer than this.
    tokio::select! {
        () = under_way.shutdown() => {}
        () = tokio::time::sleep(FAREWELL) => {}
    }
}

async fn listen(address: IpAddr, port: Option<u16>) -> Result<TcpListener, ServeError> {
    let on = |port| SocketAddr::new(address, port);
    let asked = on(port.unwrap_or(USUAL_PORT));
    match TcpListener::bind(asked).await {
        Err(error) if port.is_none() && error.kind() == io::ErrorKind::AddrInUse => {
            TcpListener::bind(on(0)).await
        }
        bound => bound,
    }
    .map_err(|error| ServeError::Listen {
        address: asked,
        error,
    })
}

/// The address to open in a browser.
fn first_page(local: SocketAddr, token: Option<&str>) -> String {
    let host = if local.ip().is_unspecified() {
        SocketAddr::new(Ipv4Addr::LOCALHOST.into(), local.port())
    } else {
        local
    };
    let token = token.map_or_else(String::new, |token| format!("?token={token}"));
    format!("http://{host}/{token}")
}

/// Waits until the program is told to stop.
async fn stopped() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

/// Everything that the server answers, behind its guard.
pub fn router(atlas: Shared, guard: Guard) -> Router {
    let (routes, paths) = pages::routes().into_parts();
    let document = openapi::document(paths);
    let routes = routes.merge(pages::beside_the_pages(&document));
    routes
        .fallback(|| async {
            Problem::not_found("There is no such page.")
                .advise("Search for what you are looking for, or go by the names at the top.")
        })
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "This can't be done here.")
                .advise("Open the page and use its forms; a program finds in /api/v1/openapi.json what each address takes.")
        })
        .with_state(Arc::clone(&atlas))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::REQUEST_TIMEOUT,
            LONGEST,
        ))
        .layer(from_fn_with_state(Arc::new(guard), guard::let_in))
        .layer(from_fn_with_state(atlas, tell_problems))
        .layer(from_fn(guard::confine))
}

/// Gives every problem a body: a page for people, a document for programs.
async fn tell_problems(State(atlas): State<Shared>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let headers = request.headers().clone();
    let mut response = next.run(request).await;
    let status = response.status();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if is_unexplained(&response) => unexplained(status),
        None => return response,
    };
    let is_api = path.starts_with("/api/");
    let (kind, body) = if is_api {
        ("application/problem+json", problem.json().to_string())
    } else {
        let visit = Visit::bare(&path, &headers, Atlas::usual_day());
        (HTML, problem_page(&problem, &path).render(&atlas, &visit))
    };
    // What else the response says stays: allowed methods, for one.
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    parts
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    (parts, body).into_response()
}

/// Whether a response says that something is wrong, and no page or document says what.
fn is_unexplained(response: &Response) -> bool {
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE);
    let explains = kind
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html") || kind.contains("json"));
    (status.is_client_error() || status.is_server_error()) && !explains
}

/// A problem that has no more than its status to tell.
fn unexplained(status: StatusCode) -> Problem {
    let sentence = match status {
        StatusCode::REQUEST_TIMEOUT => "It took too long, and was given up.",
        StatusCode::PAYLOAD_TOO_LARGE => "What was sent is too large.",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "What was sent is of a type that isn't read here.",
        status if status.is_server_error() => "Something is wrong with the program.",
        _ => "The request can't be understood.",
    };
    Problem::new(status, sentence)
}
