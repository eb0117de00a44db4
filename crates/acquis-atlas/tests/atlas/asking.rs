//! One atlas for all tests, and how they ask it.

use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use acquis_atlas::{Atlas, Guard, Lab, router};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use scraper::Html;
use serde_json::Value;
use tower::ServiceExt as _;

/// The host of the tests.
pub(crate) const HOST: &str = "127.0.0.1:7004";

static ATLAS: LazyLock<Arc<Atlas>> = LazyLock::new(|| {
    // Nothing is kept there: who wants to keep something opens a lab of its own.
    Arc::new(atlas_in(
        &Path::new(env!("CARGO_TARGET_TMPDIR")).join("empty-lab"),
    ))
});

/// An atlas whose lab is in this folder.
pub(crate) fn atlas_in(folder: &Path) -> Atlas {
    let pack = acquis_library::pack_files(None).unwrap();
    Atlas::open(&pack)
        .unwrap()
        .with_lab(Lab::open(folder).unwrap())
}

/// The server, with or without a token.
pub(crate) fn server(token: Option<&str>) -> Router {
    server_of(&ATLAS, token)
}

/// The server of an atlas.
pub(crate) fn server_of(atlas: &Arc<Atlas>, token: Option<&str>) -> Router {
    let guard = Guard::new(Ipv4Addr::LOCALHOST.into(), 7004, token.map(str::to_owned));
    router(Arc::clone(atlas), guard)
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn html(&self) -> Html {
        Html::parse_document(&self.body)
    }
}

/// Sends a request to a server.
pub(crate) async fn send(server: Router, request: Request<Body>) -> Answer {
    let response = server.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

/// Asks for an address as a browser on this machine does.
pub(crate) async fn get(address: &str) -> Answer {
    let request = Request::get(address).header("host", HOST);
    send(server(None), request.body(Body::empty()).unwrap()).await
}
