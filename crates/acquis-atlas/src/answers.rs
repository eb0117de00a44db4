//! Answers, worked out beside the threads that serve, and kept for those who ask the same.
//!
//! What a registry says does not change while the program runs, so an answer to a question is
//! the answer to it for ever; the last ones are kept up to a number of bytes. Of many who ask
//! the same at once, one works it out. No more are worked out at a time than the machine has
//! processors, so that whoever asks little doesn't wait behind a heap of work.

use std::hash::{DefaultHasher, Hasher as _};
use std::sync::Arc;
use std::thread::available_parallelism;

use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::sync::Semaphore;

use crate::problem::Problem;

/// How many bytes of answers are kept.
const MOST_BYTES: u64 = 48 * 1024 * 1024;
/// About how many answers that is.
const ABOUT: usize = 2_000;

/// A body that was made, with its type and its mark.
#[derive(Clone, Debug)]
pub(crate) struct Rendered {
    status: StatusCode,
    content_type: &'static str,
    body: Bytes,
    mark: HeaderValue,
    moved: Option<HeaderValue>,
}

/// The type of a page.
pub(crate) const HTML: &str = "text/html; charset=utf-8";
/// The type of a picture that is a file of its own.
pub(crate) const SVG: &str = "image/svg+xml";
/// The type of an answer for programs.
pub(crate) const JSON: &str = "application/json";

impl Rendered {
    /// A body of this type.
    pub(crate) fn new(content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let mut hasher = DefaultHasher::new();
        hasher.write(&body);
        let mark = format!("\"{:016x}\"", hasher.finish());
        Self {
            status: StatusCode::OK,
            content_type,
            mark: HeaderValue::from_str(&mark).unwrap_or(HeaderValue::from_static("\"\"")),
            body,
            moved: None,
        }
    }

    /// The same with another status: a page that says why there is no answer.
    #[must_use]
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The way to another address.
    pub(crate) fn moved(to: &str) -> Self {
        Self {
            moved: HeaderValue::from_str(to).ok(),
            ..Self::new(HTML, Bytes::new())
        }
    }

    /// What tells this body from another.
    pub(crate) fn mark(&self) -> &str {
        self.mark.to_str().unwrap_or_default()
    }

    /// The response, or the word that the reader has it already.
    pub(crate) fn response(&self, headers: &HeaderMap) -> Response {
        if let Some(to) = &self.moved {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::SEE_OTHER;
            response.headers_mut().insert(LOCATION, to.clone());
            return response;
        }
        let is_answer = self.status == StatusCode::OK;
        let known = headers.get(IF_NONE_MATCH).is_some_and(|marks| {
            let marks = marks.as_bytes();
            let mark = self.mark.as_bytes();
            marks == b"*" || marks.windows(mark.len()).any(|window| window == mark)
        });
        let mut response = if known && is_answer {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        } else {
            Response::new(Body::from(self.body.clone()))
        };
        if !is_answer {
            *response.status_mut() = self.status;
        }
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        headers.insert(ETAG, self.mark.clone());
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        response
    }
}

#[derive(Clone)]
struct Bytewise;

impl Weighter<String, Arc<Rendered>> for Bytewise {
    fn weight(&self, key: &String, answer: &Arc<Rendered>) -> u64 {
        // What keeping it costs beside its bytes.
        const KEEPING: usize = 200;
        (key.len() + answer.body.len() + KEEPING) as u64
    }
}

/// The answers that were given last, and those being worked out.
pub(crate) struct Answers {
    kept: Cache<String, Arc<Rendered>, Bytewise>,
    workers: Arc<Semaphore>,
}

impl Answers {
    /// No answers yet.
    pub(crate) fn new() -> Self {
        let workers = available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            kept: Cache::with_weighter(ABOUT, MOST_BYTES, Bytewise),
            workers: Arc::new(Semaphore::new(workers)),
        }
    }

    /// The answer that is kept under the key, or else worked out and kept. Problems are not
    /// kept.
    ///
    /// # Errors
    /// What `work` finds.
    pub(crate) async fn keep(
        &self,
        key: &str,
        work: impl FnOnce() -> Result<Rendered, Problem> + Send + 'static,
    ) -> Result<Arc<Rendered>, Problem> {
        self.kept.get_or_insert_async(key, self.work(work)).await
    }

    /// The answer, worked out anew.
    ///
    /// # Errors
    /// What `work` finds.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<Arc<T>, Problem> {
        let gone = || {
            Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "The answer was lost on its way; ask again.",
            )
        };
        let turn = Arc::clone(&self.workers).acquire_owned().await;
        let turn = turn.map_err(|_| gone())?;
        // The turn ends with the work, not with the request: whoever hangs up early must not
        // make room for more work than there are processors.
        let work = move || {
            let _turn = turn;
            work()
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| gone())?
            .map(Arc::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[tokio::test(flavor = "multi_thread")]
    async fn who_hangs_up_makes_no_room_for_more_work() {
        static AT_WORK: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let answers = Answers::new();
        let most = answers.workers.available_permits();
        let work = || {
            let now = AT_WORK.fetch_add(1, Ordering::SeqCst) + 1;
            MOST.fetch_max(now, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(60));
            AT_WORK.fetch_sub(1, Ordering::SeqCst);
            Ok(())
        };
        for _ in 0..6 * most {
            let hung_up = tokio::time::timeout(Duration::from_millis(5), answers.work(work));
            assert!(hung_up.await.is_err());
        }
        assert_eq!(MOST.load(Ordering::SeqCst), most);
    }
}
