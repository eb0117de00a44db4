//! Answers, worked out beside the threads that serve, and kept for those who ask the same.
//!
//! What a registry says does not change while the program runs, so an answer to a question is
//! the answer to it for ever; the last ones are kept up to a number of bytes. For many who ask
//! the same at once it is worked out once. No more are worked out at a time than the machine
//! has processors, so that whoever asks little doesn't wait behind a heap of work; and what
//! nobody waits for any more ends at its next step and makes room ([`Audience`]).

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::available_parallelism;

use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::sync::{Semaphore, watch};

use crate::audience::{Audience, Seat};
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

/// An answer, or why there is none.
type Outcome = Result<Arc<Rendered>, Problem>;

/// An answer that is being worked out. All who wait for it hold it, and nobody else does.
struct UnderWay {
    /// Let go of with the last who waits.
    _seat: Seat,
    outcome: watch::Receiver<Option<Outcome>>,
}

/// The answers that were given last, and those being worked out.
#[derive(Clone)]
pub(crate) struct Answers {
    kept: Arc<Cache<String, Arc<Rendered>, Bytewise>>,
    under_way: Arc<Mutex<BTreeMap<String, Weak<UnderWay>>>>,
    workers: Arc<Semaphore>,
}

impl Answers {
    /// No answers yet.
    pub(crate) fn new() -> Self {
        let workers = available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            kept: Arc::new(Cache::with_weighter(ABOUT, MOST_BYTES, Bytewise)),
            under_way: Arc::default(),
            workers: Arc::new(Semaphore::new(workers)),
        }
    }

    /// The answer that is kept under the key, or else worked out and kept. Problems are not
    /// kept. The work goes on as long as one of those who asked the same waits.
    ///
    /// # Errors
    /// What `work` finds.
    pub(crate) async fn keep(
        &self,
        key: &str,
        work: impl FnOnce(&Audience) -> Result<Rendered, Problem> + Send + 'static,
    ) -> Outcome {
        let waiting = match self.join(key, work) {
            Joined::Kept(answer) => return Ok(answer),
            Joined::Waiting(waiting) => waiting,
        };
        let mut outcome = waiting.outcome.clone();
        let outcome = outcome.wait_for(Option::is_some).await;
        match outcome.as_deref() {
            Ok(Some(outcome)) => outcome.clone(),
            Ok(None) | Err(_) => Err(lost()),
        }
    }

    /// Takes a seat among those who wait for an answer; the first who does has it worked out.
    fn join(
        &self,
        key: &str,
        work: impl FnOnce(&Audience) -> Result<Rendered, Problem> + Send + 'static,
    ) -> Joined {
        if let Some(answer) = self.kept.get(key) {
            return Joined::Kept(answer);
        }
        let mut all = lock(&self.under_way);
        if let Some(waiting) = all.get(key).and_then(Weak::upgrade) {
            return Joined::Waiting(waiting);
        }
        // It may have been kept since we looked.
        if let Some(answer) = self.kept.get(key) {
            return Joined::Kept(answer);
        }
        let (audience, seat) = Audience::seated();
        let leaving = seat.leaving();
        let (tell, outcome) = watch::channel(None);
        let waiting = Arc::new(UnderWay {
            _seat: seat,
            outcome,
        });
        let own = Arc::downgrade(&waiting);
        all.insert(key.to_owned(), Weak::clone(&own));
        drop(all);
        let (answers, key) = (self.clone(), key.to_owned());
        tokio::spawn(async move {
            // Who waits for a turn that nobody needs any more gives it up.
            let outcome = tokio::select! {
                outcome = answers.take_turn(move || work(&audience)) => Some(outcome),
                () = leaving.happens() => None,
            };
            let outcome = outcome.map(|outcome| outcome.map(Arc::new));
            if let Some(Ok(answer)) = &outcome {
                answers.kept.insert(key.clone(), Arc::clone(answer));
            }
            answers.no_longer(&key, &own);
            tell.send_replace(outcome);
        });
        Joined::Waiting(waiting)
    }

    /// Takes an answer off the list of those being worked out, unless another took its place.
    fn no_longer(&self, key: &str, own: &Weak<UnderWay>) {
        let mut all = lock(&self.under_way);
        if all.get(key).is_some_and(|listed| listed.ptr_eq(own)) {
            all.remove(key);
        }
    }

    /// The answer, worked out anew. What was begun is brought to its end: it may change
    /// something.
    ///
    /// # Errors
    /// What `work` finds.
    pub(crate) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<Arc<T>, Problem> {
        self.take_turn(work).await.map(Arc::new)
    }

    /// The answer, worked out anew as long as somebody waits for it.
    ///
    /// # Errors
    /// What `work` finds.
    pub(crate) async fn work_for_readers<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Audience) -> Result<T, Problem> + Send + 'static,
    ) -> Result<Arc<T>, Problem> {
        let (audience, _seat) = Audience::seated();
        self.take_turn(move || work(&audience)).await.map(Arc::new)
    }

    /// Works when it is our turn.
    async fn take_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = Arc::clone(&self.workers).acquire_owned().await;
        let turn = turn.map_err(|_| lost())?;
        // The turn ends with the work, not with the request: whoever hangs up early must not
        // make room for more work than there are processors.
        let work = move || {
            let _turn = turn;
            work()
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| lost())?
    }
}

/// What comes of asking.
enum Joined {
    Kept(Arc<Rendered>),
    Waiting(Arc<UnderWay>),
}

fn lost() -> Problem {
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "The answer was lost on its way; ask again.",
    )
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // A panic elsewhere leaves the list as whole as it was.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{Duration, Instant};

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

    /// Works until its audience has left, or for `steps` of five milliseconds.
    fn patiently(steps: usize) -> impl FnOnce(&Audience) -> Result<Rendered, Problem> + Send {
        move |audience| {
            for _ in 0..steps {
                if audience.has_left() {
                    return Err(Problem::nobody_waits());
                }
                std::thread::sleep(Duration::from_millis(5));
            }
            Ok(Rendered::new(HTML, "done"))
        }
    }

    const AN_AGE: usize = 2_000;

    #[tokio::test(flavor = "multi_thread")]
    async fn who_leaves_frees_the_place() {
        let answers = Answers::new();
        let most = answers.workers.available_permits();
        let soon = Duration::from_millis(20);
        for number in 0..3 * most {
            let key = format!("question {number}");
            let left = tokio::time::timeout(soon, answers.keep(&key, patiently(AN_AGE)));
            assert!(left.await.is_err());
            let work = answers.work_for_readers(patiently(AN_AGE));
            assert!(tokio::time::timeout(soon, work).await.is_err());
        }
        let left = Instant::now();
        let all = answers.workers.acquire_many(most.try_into().unwrap());
        drop(all.await.unwrap());
        assert!(left.elapsed() < Duration::from_millis(200));
        assert!(lock(&answers.under_way).is_empty());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_answer_is_worked_out_as_long_as_one_reader_waits() {
        static BEGUN: AtomicUsize = AtomicUsize::new(0);
        let answers = Answers::new();
        let ask = || {
            answers.keep("question", |audience| {
                BEGUN.fetch_add(1, Ordering::SeqCst);
                patiently(40)(audience)
            })
        };
        let first = tokio::time::timeout(Duration::from_millis(50), ask());
        let (first, second, third) = tokio::join!(first, ask(), ask());
        assert!(first.is_err(), "the first who asked has left");
        let (second, third) = (second.unwrap(), third.unwrap());
        assert!(Arc::ptr_eq(&second, &third));
        assert_eq!(BEGUN.load(Ordering::SeqCst), 1, "nothing was begun anew");
        assert!(Arc::ptr_eq(&second, &ask().await.unwrap()));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_comes_after_the_last_has_left_gets_an_answer() {
        let answers = Answers::new();
        let soon = Duration::from_millis(20);
        let left = tokio::time::timeout(soon, answers.keep("question", patiently(AN_AGE)));
        assert!(left.await.is_err());
        assert!(answers.keep("question", patiently(1)).await.is_ok());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn work_that_breaks_is_told_to_all_who_wait() {
        let answers = Answers::new();
        let ask = || answers.keep("question", |_| panic!("a mistake of ours"));
        let (one, other) = tokio::join!(ask(), ask());
        assert!(one.is_err() && other.is_err());
        assert!(answers.keep("question", patiently(1)).await.is_ok());
    }
}
