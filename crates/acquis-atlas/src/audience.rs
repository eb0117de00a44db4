//! Who waits for an answer. Work is worth doing as long as somebody does: whoever works looks
//! up now and then, and ends where the last one has left.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

/// Those who wait for an answer, as whoever works on it sees them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Audience {
    has_left: Arc<AtomicBool>,
}

impl Audience {
    /// An audience, and the seat that all who wait share.
    pub(crate) fn seated() -> (Self, Seat) {
        let audience = Self::default();
        let (leaving, _) = watch::channel(());
        let seat = Seat {
            audience: audience.clone(),
            leaving,
        };
        (audience, seat)
    }

    /// Whether nobody waits any more.
    pub(crate) fn has_left(&self) -> bool {
        self.has_left.load(Ordering::Relaxed)
    }

    /// The word to those who ask between two steps whether to go on.
    pub(crate) fn goes_on(&self) -> ControlFlow<()> {
        if self.has_left() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

/// Where those who wait sit. Once it is let go of, nobody waits.
#[derive(Debug)]
pub(crate) struct Seat {
    audience: Audience,
    /// Closed with the seat, for those who wait themselves and have nothing to look up from.
    leaving: watch::Sender<()>,
}

impl Seat {
    /// What ends when the seat is empty.
    pub(crate) fn leaving(&self) -> Leaving {
        Leaving(self.leaving.subscribe())
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.audience.has_left.store(true, Ordering::Relaxed);
    }
}

/// The moment in which the last one leaves.
pub(crate) struct Leaving(watch::Receiver<()>);

impl Leaving {
    /// Waits for it.
    pub(crate) async fn happens(mut self) {
        while self.0.changed().await.is_ok() {}
    }
}
