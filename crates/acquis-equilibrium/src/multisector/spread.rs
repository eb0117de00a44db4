//! The same work on one thread or on all.

use rayon::prelude::*;

/// Does `work` on every job. Jobs write only to what is theirs, so that the result doesn't
/// depend on `wide`, nor on the number of threads.
pub(super) fn spread<J: Send>(wide: bool, jobs: Vec<J>, work: impl Fn(J) + Sync + Send) {
    if wide {
        jobs.into_par_iter().for_each(work);
    } else {
        jobs.into_iter().for_each(work);
    }
}
