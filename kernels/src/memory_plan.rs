//! Where activations and gradients lie: buffers placed by liveness over the schedule's phases.

use crate::parameters::Arrangement;
use crate::plan::{inner_tensors, largest_first, segments, Gradient, Operation, Plan};
use crate::program::{Instruction, Program};
use core::cmp::Reverse;

/// Placement of every tensor, in elements of the activation arena; images of a tensor lie one after another.
#[derive(Clone, Debug)]
pub struct MemoryPlan {
    /// Value of each tensor as the forward pass writes it.
    pub forward: Vec<usize>,
    /// Value of each tensor as the backward pass reads it (elsewhere only where it is recomputed).
    pub backward: Vec<usize>,
    /// Stored gradient of each tensor.
    pub gradient: Vec<usize>,
    /// Elements in all.
    pub total: usize,
    /// For inference, elements of a thread's lane, which holds one image; none where every tensor holds the whole batch.
    pub lane: Option<usize>,
}

#[derive(Clone, Copy)]
enum Slot {
    Forward(usize),
    Backward(usize),
    Gradient(usize),
}

struct Interval {
    slot: Slot,
    /// What shares no room with intervals of other classes.
    class: usize,
    first: usize,
    last: usize,
    elements: usize,
}

/// Most elements of one allocation: pointers span at most half of the address space.
const MOST: usize = isize::MAX as usize / 4;

/// Elements that a network takes if nobody sets a limit, 1.4 GiB, so that all memory stays below 1.5 GiB. Segments are recomputed to
/// keep to it, which for the paper's supernet costs 5 % of the time; a network that needs more gets it.
const TARGET: usize = 1434 << 18;

/// Plans schedule and memory together: recomputes as few segments as the limit (in elements) allows.
///
/// # Errors
/// When even recomputing every segment needs more than the limit, or than can be addressed.
pub fn plan(program: &Program, arrangement: &Arrangement, batch: usize, limit: Option<usize>) -> Result<(Plan, MemoryPlan), String> {
    let storages = storages_of(program, arrangement);
    let count = segments(program).last().copied().unwrap_or(0) + 1;
    let inner = inner_tensors(program);
    // Largest saving first, so that as little as possible is computed twice.
    let mut saving = vec![0usize; count];
    for (segment, instruction) in segments(program).into_iter().zip(&program.instructions) {
        if let Some(out) = instruction.out().filter(|&out| inner[out]) {
            saving[segment] += program.tensors[out].elements();
        }
    }
    let order = largest_first((1..count).map(|s| (Reverse(saving[s]), s, s)).collect());
    let mut recompute = vec![false; count];
    let mut next = order;
    let most = limit.unwrap_or(TARGET).min(MOST);
    loop {
        let schedule = Plan::new(program, &storages, &recompute);
        let steps: Vec<Step> =
            schedule.phases.iter().enumerate().map(|(at, phase)| (at < schedule.forward, phase.operations.as_slice())).collect();
        let memory = place(program, &schedule, &steps, &inner, batch, |_| 0)?;
        if memory.total <= most {
            return Ok((schedule, memory));
        }
        match next.next() {
            Some((_, _, segment)) => recompute[segment] = true,
            None if limit.is_none() && memory.total <= MOST => return Ok((schedule, memory)),
            None => {
                return Err(format!(
                    "Cannot fit the network into {} MiB: batch {batch} needs at least {} MiB of activations; use a larger --memory or a smaller --batch",
                    most >> 18,
                    memory.total.div_ceil(1 << 18)
                ))
            }
        }
    }
}

/// Plans forward passes with running statistics: a lane a thread, in which a tensor's room is free again after the phase of its last
/// use, when threads that share an image have waited for each other.
///
/// # Errors
/// When the lanes need more than the limit (in elements), or than can be addressed.
pub fn plan_inference(program: &Program, lanes: usize, limit: Option<usize>) -> Result<(Plan, MemoryPlan), String> {
    let schedule = Plan::inference(program);
    let steps: Vec<Step> = schedule.phases.iter().map(|phase| (true, phase.operations.as_slice())).collect();
    // Threads that share an image write the same rows of tensors of one shape: room that is only theirs stays in a thread's own cache.
    let class = |t: usize| if lanes > 1 { program.tensors[t].height << 16 | program.tensors[t].width } else { 0 };
    let mut memory = place(program, &schedule, &steps, &vec![false; program.tensors.len()], 1, class)?;
    memory.lane = Some(memory.total);
    memory.total = memory.total.checked_mul(lanes).filter(|&total| total <= MOST).ok_or("Cannot plan memory: the network is too large")?;
    match limit {
        Some(limit) if memory.total > limit => Err(format!(
            "Cannot fit the network into {} MiB: {lanes} threads need {} MiB of activations; use a larger --memory or fewer --threads",
            limit >> 18,
            memory.total.div_ceil(1 << 18)
        )),
        _ => Ok((schedule, memory)),
    }
}

/// Storages whose gradients each instruction produces.
fn storages_of(program: &Program, arrangement: &Arrangement) -> Vec<Vec<usize>> {
    program
        .instructions
        .iter()
        .map(|instruction| {
            let mut parameters = match instruction {
                Instruction::Convolution { weight, .. } | Instruction::Pointwise { weight, .. } => vec![*weight],
                Instruction::FactorizedReduce { weights, .. } => vec![weights[0]],
                Instruction::DepthwisePointwise { depthwise, pointwise, .. } => vec![*depthwise, *pointwise],
                Instruction::Classifier { weight, bias, .. } => vec![*weight, *bias],
                _ => Vec::new(),
            };
            for parameter in parameters.iter_mut() {
                *parameter = arrangement.storage_of[*parameter];
            }
            parameters
        })
        .collect()
}

/// Multiply-adds of an image's forward pass, padding of channels included: every weight counts once an output pixel.
pub fn multiply_adds(program: &Program, arrangement: &Arrangement) -> usize {
    let storages = storages_of(program, arrangement);
    let of = |(instruction, storages): (&Instruction, &Vec<usize>)| {
        let pixels = instruction.out().map_or(0, |out| program.tensors[out].pixels());
        pixels.saturating_mul(storages.iter().map(|&storage| arrangement.storages[storage].length).sum())
    };
    program.instructions.iter().zip(&storages).map(of).fold(0, usize::saturating_add)
}

/// Operations between whose tensors no room is shared, and whether they belong to the forward pass.
type Step<'a> = (bool, &'a [Operation]);

/// First and last step at which each tensor's memory is in use.
struct Lifetimes {
    forward: Vec<(usize, usize)>,
    backward: Vec<(usize, usize)>,
    gradient: Vec<(usize, usize)>,
    /// Whether the backward pass has a value of its own, computed again.
    recomputed: Vec<bool>,
}

/// Of what is never in use.
const UNUSED: (usize, usize) = (usize::MAX, 0);

fn touch(interval: &mut (usize, usize), at: usize) {
    *interval = (interval.0.min(at), interval.1.max(at));
}

impl Lifetimes {
    fn new(program: &Program, schedule: &Plan, steps: &[Step], inner: &[bool]) -> Lifetimes {
        let count = program.tensors.len();
        let mut recomputed = vec![false; count];
        for (i, instruction) in program.instructions.iter().enumerate() {
            if let Some(out) = instruction.out() {
                recomputed[out] = schedule.recomputed[i] && inner[out];
            }
        }
        let mut lifetimes =
            Lifetimes { forward: vec![UNUSED; count], backward: vec![UNUSED; count], gradient: vec![UNUSED; count], recomputed };
        for (at, &(ahead, operations)) in steps.iter().enumerate() {
            for operation in operations {
                let (values, gradients) = touched(program, operation);
                values.into_iter().for_each(|t| lifetimes.value(t, at, ahead));
                gradients.into_iter().for_each(|t| lifetimes.gradient(program, &schedule.gradients[t], t, at));
            }
        }
        lifetimes
    }

    fn value(&mut self, tensor: usize, at: usize, ahead: bool) {
        let own = self.recomputed[tensor] && !ahead;
        touch(if own { &mut self.backward[tensor] } else { &mut self.forward[tensor] }, at);
    }

    fn gradient(&mut self, program: &Program, gradient: &Gradient, tensor: usize, at: usize) {
        match gradient {
            Gradient::None => {}
            Gradient::Stored => touch(&mut self.gradient[tensor], at),
            Gradient::Virtual(uses) => {
                for out in uses.iter().filter_map(|&(node, _)| program.instructions[node].out()) {
                    touch(&mut self.gradient[out], at);
                }
            }
        }
    }
}

/// Tensors whose values, and tensors whose gradients an operation reads or writes.
fn touched(program: &Program, operation: &Operation) -> (Vec<usize>, Vec<usize>) {
    match operation {
        Operation::Assemble => (vec![0], vec![]),
        Operation::Pad { tensor, .. } => (vec![*tensor], vec![]),
        Operation::NormSums { norm } => (vec![program.norms[*norm].tensor], vec![program.norms[*norm].tensor]),
        Operation::Forward { instruction, .. }
        | Operation::Backward { instruction, .. }
        | Operation::BackwardSeparable { instruction, .. } => {
            let instruction = &program.instructions[*instruction];
            let values = instruction.inputs().into_iter().chain(instruction.out()).collect();
            let mut gradients = Vec::new();
            if !matches!(operation, Operation::Forward { .. }) {
                gradients.extend(instruction.out());
            }
            // A pair's input gradient stays in scratch until its view's last reader flushes it.
            if matches!(operation, Operation::Backward { .. } | Operation::BackwardSeparable { flush: Some(_), .. }) {
                gradients.extend(instruction.inputs());
            }
            (values, gradients)
        }
    }
}

fn place(
    program: &Program,
    schedule: &Plan,
    steps: &[Step],
    inner: &[bool],
    batch: usize,
    class: impl Fn(usize) -> usize,
) -> Result<MemoryPlan, String> {
    let count = program.tensors.len();
    let Lifetimes { forward, backward, gradient, recomputed } = Lifetimes::new(program, schedule, steps, inner);
    let mut intervals = Vec::new();
    for t in 0..count {
        let elements = program.tensors[t].elements().checked_mul(batch).ok_or("Cannot plan memory: a tensor is too large")?;
        for (slot, (first, last)) in [(Slot::Forward(t), forward[t]), (Slot::Backward(t), backward[t]), (Slot::Gradient(t), gradient[t])] {
            if (first, last) != UNUSED {
                intervals.push(Interval { slot, class: class(t), first, last, elements: elements.next_multiple_of(16) });
            }
        }
    }
    let mut plan = MemoryPlan { forward: vec![0; count], backward: vec![0; count], gradient: vec![0; count], total: 0, lane: None };
    // Largest first at the lowest free place: within a few percent of the lower bound on these networks.
    let order = largest_first(intervals.iter().enumerate().map(|(i, other)| (Reverse(other.elements), other.first, i)).collect());
    let mut placed: Vec<(usize, &Interval)> = Vec::new();
    for interval in order.map(|(_, _, i)| &intervals[i]) {
        let offset = lowest_free(&placed, interval);
        let end = offset.checked_add(interval.elements).ok_or("Cannot plan memory: the network is too large")?;
        plan.total = plan.total.max(end);
        let position = placed.partition_point(|&(at, _)| at <= offset);
        placed.insert(position, (offset, interval));
        match interval.slot {
            Slot::Forward(t) => {
                plan.forward[t] = offset;
                if !recomputed[t] {
                    plan.backward[t] = offset;
                }
            }
            Slot::Backward(t) => plan.backward[t] = offset,
            Slot::Gradient(t) => plan.gradient[t] = offset,
        }
    }
    Ok(plan)
}

/// The lowest place for an interval beside those that are placed, which are in order of their places.
fn lowest_free(placed: &[(usize, &Interval)], interval: &Interval) -> usize {
    let mut offset: usize = 0;
    for &(at, other) in placed {
        let meets = other.class != interval.class || (other.first <= interval.last && interval.first <= other.last);
        if meets && at < offset.saturating_add(interval.elements) {
            offset = offset.max(at + other.elements);
        }
    }
    offset
}
