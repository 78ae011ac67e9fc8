//! Runs a planned program: every thread claims groups of images and takes them through the phases.
//!
//! The batch is cut into a fixed number of groups, whatever the number of threads; sums over images run in order within a
//! group, then over groups in order. So results are bit-identical for any number of threads.

mod backward;
mod channels;
mod convolution;
mod finish;
mod forward;
mod inference;
mod job;
mod request;
mod results;
mod scratch;
mod separable;
mod share;
mod state;

pub use request::{Outcome, Request, WeightGradients};
pub use state::{Executor, Limits, Purpose, GROUPS};

use crate::parameters::Parameters;
use crate::team::Team;
use core::sync::atomic::Ordering::Relaxed;
use job::Job;

impl Executor {
    /// Runs a forward pass and, if asked, a backward pass.
    ///
    /// # Errors
    /// When the request does not fit the network; nothing is changed then.
    pub fn run(&mut self, parameters: &mut Parameters, team: &Team, request: &Request) -> Result<Outcome, String> {
        request.check(self)?;
        if team.threads() > self.scratch.len() {
            return Err(format!("Cannot run on {} threads: the network was compiled for {}", team.threads(), self.scratch.len()));
        }
        self.count = request.indices.len();
        // What trains writes its own coefficients over them.
        if !request.training && (parameters.stale || self.memory.lane.is_none()) {
            finish::use_running_statistics(self, parameters);
            parameters.stale = false;
        }
        self.mixing_gradient.as_mut_slice().fill(0.0);
        let is_partial = request.backward == Some(WeightGradients::Live);
        self.idle.fill(true);
        self.program.keep_live(is_partial.then_some(self.mixing.as_slice()), &mut self.idle);
        for claim in &self.claims {
            claim.store(0, Relaxed);
        }
        let job = Job::new(self, parameters, request);
        let sleeps = team.sleeps();
        team.run(&|member| job.work(member));
        self.note_sleeps(team.threads(), team.sleeps().wrapping_sub(sleeps));
        if request.training && request.statistics_momentum > 0.0 && !is_partial {
            finish::update_running_statistics(self, parameters, self.count, request.statistics_momentum);
        }
        if request.measures_terms {
            self.keep_importance();
        }
        Ok(self.outcome(request))
    }
}
