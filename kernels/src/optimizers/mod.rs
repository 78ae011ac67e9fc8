//! Optimisers over whole parameter arenas.

pub mod adam;
pub mod sgd;
