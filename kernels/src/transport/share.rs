//! Sharing independent pieces of work among the team.

use crate::team::Team;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Calls `work(thread, piece)` for every piece from 0 to `pieces - 1`, each on one thread, in no particular order; returns when
/// all are done. Pieces must not depend on each other, and the thread's number may choose scratch memory only: then the
/// result has the same bits for any number of threads.
pub fn share(team: &Team, pieces: usize, work: &(dyn Fn(usize, usize) + Sync)) {
    let next = AtomicUsize::new(0);
    team.run(&|member| loop {
        let piece = next.fetch_add(1, Relaxed);
        if piece >= pieces {
            break;
        }
        work(member.index, piece);
    });
}
