//! The only wasm-bindgen surface: validate, then call. Handles are indices; a wrong one is an error, never a trap.

mod images;
mod network;
mod optimizers;
mod parameters;
mod random;
mod team;
mod transport;

use crate::batch::Images;
use crate::executor::{Executor, Outcome};
use crate::parameters::Parameters;
use crate::team::Team;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

static TEAM: Team = Team::new();

struct Network {
    executor: Executor,
    parameters: Parameters,
    last: Outcome,
}

#[derive(Default)]
struct Registry {
    images: Vec<Option<Images>>,
    networks: Vec<Option<Network>>,
}

thread_local! {
    // Only thread 0 holds handles; the others see what they need through the team's job.
    static REGISTRY: RefCell<Registry> = RefCell::default();
}

type Answer<T> = Result<T, JsError>;

fn fail<T>(result: Result<T, String>) -> Answer<T> {
    result.map_err(|message| JsError::new(&message))
}

fn keep<T>(list: &mut Vec<Option<T>>, item: T) -> u32 {
    match list.iter().position(Option::is_none) {
        Some(free) => {
            list[free] = Some(item);
            free as u32
        }
        None => {
            list.push(Some(item));
            list.len() as u32 - 1
        }
    }
}

fn with_network<T>(handle: u32, work: impl FnOnce(&mut Network) -> Result<T, String>) -> Answer<T> {
    REGISTRY.with_borrow_mut(|registry| {
        let network = registry.networks.get_mut(handle as usize).and_then(Option::as_mut);
        fail(network.ok_or_else(|| format!("Cannot use network {handle}: it does not exist")).and_then(work))
    })
}
