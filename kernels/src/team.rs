//! A team of threads that run the same function over shared memory (SPMD), with barriers.
//!
//! Thread 0 is the caller; the others sit in [`Team::serve`]. A waiting thread spins briefly, then sleeps on a futex
//! (`memory.atomic.wait32`): with more threads than cores a spinning barrier would cost milliseconds.

use core::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering::SeqCst};

/// Reads of a word before a waiting thread goes to sleep; about 10 µs.
const SPINS: u32 = 6_000;
/// The same at barriers that lie a few dozen µs apart; about 150 µs. Waking takes longer than [`SPINS`], so that after one thread has
/// slept, the other one sleeps at the next barrier, and so on to the last.
const CLOSE_SPINS: u32 = 90_000;

/// What a thread of a running team knows of itself.
#[derive(Clone, Copy)]
pub struct Member<'a> {
    /// 0 for the caller.
    pub index: usize,
    team: &'a Team,
}

/// A word on a cache line of its own: threads that wait for it slow nobody who writes its neighbours.
#[repr(align(128))]
struct Line(AtomicU32);

type Work<'a> = dyn Fn(Member) + Sync + 'a;

/// The threads of one process.
pub struct Team {
    threads: AtomicUsize,
    /// Grows by one with every job.
    job: AtomicU32,
    /// Address of the present job's fat pointer, on the caller's stack.
    work: AtomicUsize,
    arrived: Line,
    /// Grows by one with every barrier passed.
    generation: Line,
    sleepers: AtomicU32,
    /// Times that a thread went to sleep.
    sleeps: AtomicU32,
    failed: AtomicBool,
    stopped: AtomicBool,
}

impl Default for Team {
    fn default() -> Self {
        Self::new()
    }
}

impl Team {
    /// A team of the caller alone.
    pub const fn new() -> Team {
        Team {
            threads: AtomicUsize::new(1),
            job: AtomicU32::new(0),
            work: AtomicUsize::new(0),
            arrived: Line(AtomicU32::new(0)),
            generation: Line(AtomicU32::new(0)),
            sleepers: AtomicU32::new(0),
            sleeps: AtomicU32::new(0),
            failed: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
        }
    }

    /// How often threads have waited in vain for so long that they went to sleep: often in a run where other programs have their cores.
    pub fn sleeps(&self) -> u32 {
        self.sleeps.load(SeqCst)
    }

    /// Announces how many threads will serve, the caller included.
    pub fn resize(&self, threads: usize) {
        self.threads.store(threads.max(1), SeqCst);
    }

    /// Number of threads.
    pub fn threads(&self) -> usize {
        self.threads.load(SeqCst)
    }

    /// Says that a member is lost: everyone who waits for it fails instead of waiting for ever.
    pub fn fail(&self) {
        self.failed.store(true, SeqCst);
        self.wake(&self.generation.0);
        self.wake(&self.job);
    }

    /// Runs `work` on every thread; returns when all have finished.
    pub fn run(&self, work: &Work) {
        let pointer: *const Work = work;
        self.work.store(&pointer as *const *const Work as usize, SeqCst);
        self.job.fetch_add(1, SeqCst);
        self.wake(&self.job);
        let member = Member { index: 0, team: self };
        work(member);
        member.barrier(|| {});
    }

    /// Serves jobs as thread `index` until [`Team::stop`]. `seen` is the job counter at which the thread was created.
    pub fn serve(&self, index: usize, mut seen: u32) {
        loop {
            self.wait(&self.job, seen, SPINS);
            if self.stopped.load(SeqCst) {
                return;
            }
            seen = seen.wrapping_add(1);
            let member = Member { index, team: self };
            // Safety: `run` keeps the pointer and what it points to alive until its final barrier, in which this thread takes part.
            let work = unsafe { &**(self.work.load(SeqCst) as *const *const Work<'static>) };
            work(member);
            member.barrier(|| {});
        }
    }

    /// Jobs started so far: what a new thread passes to [`Team::serve`].
    pub fn jobs(&self) -> u32 {
        self.job.load(SeqCst)
    }

    /// Lets all serving threads return.
    pub fn stop(&self) {
        self.stopped.store(true, SeqCst);
        self.job.fetch_add(1, SeqCst);
        self.wake(&self.job);
    }

    fn wait(&self, word: &AtomicU32, old: u32, spins: u32) {
        for _ in 0..spins {
            if word.load(SeqCst) != old {
                return;
            }
            core::hint::spin_loop();
        }
        self.sleepers.fetch_add(1, SeqCst);
        self.sleeps.fetch_add(1, SeqCst);
        while word.load(SeqCst) == old {
            assert!(!self.failed.load(SeqCst), "a thread of the team failed");
            sleep(word, old);
        }
        self.sleepers.fetch_sub(1, SeqCst);
    }

    fn wake(&self, word: &AtomicU32) {
        if self.sleepers.load(SeqCst) > 0 {
            notify(word);
        }
    }
}

impl Member<'_> {
    /// Number of threads in its team.
    pub fn threads(&self) -> usize {
        self.team.threads()
    }

    /// Waits until every thread has arrived; the last one runs `last` while the others wait.
    pub fn barrier(&self, last: impl FnOnce()) {
        self.meet(last, SPINS);
    }

    /// The same, for barriers that follow each other closely: a waiting thread does not sleep before it has waited for long.
    pub fn close_barrier(&self) {
        self.meet(|| {}, CLOSE_SPINS);
    }

    fn meet(&self, last: impl FnOnce(), spins: u32) {
        let team = self.team;
        let generation = team.generation.0.load(SeqCst);
        if team.arrived.0.fetch_add(1, SeqCst) + 1 == team.threads() as u32 {
            last();
            team.arrived.0.store(0, SeqCst);
            team.generation.0.fetch_add(1, SeqCst);
            team.wake(&team.generation.0);
        } else {
            team.wait(&team.generation.0, generation, spins);
        }
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "atomics"))]
fn sleep(word: &AtomicU32, old: u32) {
    const TIMEOUT: i64 = 100_000_000; // ns; then the failure flag is looked at again
                                      // Safety: the word lives as long as the team, in shared memory.
    unsafe { core::arch::wasm32::memory_atomic_wait32(word.as_ptr() as *mut i32, old as i32, TIMEOUT) };
}

#[cfg(all(target_arch = "wasm32", target_feature = "atomics"))]
fn notify(word: &AtomicU32) {
    // Safety: as in `sleep`.
    unsafe { core::arch::wasm32::memory_atomic_notify(word.as_ptr() as *mut i32, u32::MAX) };
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "atomics")))]
fn sleep(_: &AtomicU32, _: u32) {
    #[cfg(not(target_arch = "wasm32"))]
    std::thread::yield_now();
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "atomics")))]
fn notify(_: &AtomicU32) {}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::sync::Arc;

    /// Does something with a team whose other threads are at work until then. They are not scoped: a failed test must not wait
    /// for threads that wait for it.
    pub(crate) fn with_team<T>(threads: usize, work: impl FnOnce(&Team) -> T) -> T {
        let team = Arc::new(Team::new());
        team.resize(threads);
        let jobs = team.jobs();
        let handles: Vec<_> = (1..threads)
            .map(|i| {
                let team = team.clone();
                std::thread::spawn(move || team.serve(i, jobs))
            })
            .collect();
        let result = work(&team);
        team.stop();
        handles.into_iter().for_each(|handle| handle.join().unwrap());
        result
    }

    #[test]
    fn barrier_orders_phases_for_any_number_of_threads() {
        for threads in [1, 2, 3, 5] {
            with_team(threads, |team| {
                for _ in 0..100 {
                    let (count, phases) = (AtomicU32::new(0), AtomicU32::new(0));
                    team.run(&|member| {
                        for phase in 0..10u32 {
                            count.fetch_add(1, SeqCst);
                            member.barrier(|| {
                                assert_eq!(count.load(SeqCst), (phase + 1) * threads as u32);
                                phases.fetch_add(1, SeqCst);
                            });
                            assert_eq!(phases.load(SeqCst), phase + 1);
                        }
                    });
                }
            });
        }
    }
}
