//! Threads.

use super::TEAM;
use wasm_bindgen::prelude::*;

/// Announces the number of threads (the caller included) before networks are compiled.
#[wasm_bindgen]
pub fn team_resize(threads: u32) {
    TEAM.resize(threads as usize);
}

/// Jobs started so far: pass it to `team_serve`.
#[wasm_bindgen]
pub fn team_jobs() -> u32 {
    TEAM.jobs()
}

/// Body of worker thread `index`; returns after `team_stop`.
#[wasm_bindgen]
pub fn team_serve(index: u32, seen: u32) {
    TEAM.serve(index as usize, seen);
}

/// Reports a lost worker, so that nobody waits for it.
#[wasm_bindgen]
pub fn team_fail() {
    TEAM.fail();
}

/// Lets the workers return.
#[wasm_bindgen]
pub fn team_stop() {
    TEAM.stop();
}
