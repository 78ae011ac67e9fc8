//! Parameters of a network: where each logical element lies in the packed arena, and the arenas themselves.
//!
//! Kernels read packed storages (`[K/8][C][8]` matrices, `[C/8][k·k][8]` windows, padded vectors); everything outside sees
//! PyTorch's shapes. Padding elements are zero and stay zero: their gradients are.

use crate::layers::blocks::BLOCK;
use crate::layers::depthwise::Window;
use crate::layers::pointwise::Rows;
use crate::memory::Buffer;
use crate::program::{Instruction, ParameterKind, Program};
use crate::random::Generator;

/// How a storage is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pack {
    /// One element a channel, padded to whole blocks.
    Vector,
    /// Rows of inputs × blocks of eight outputs.
    Matrix {
        /// Input blocks.
        inputs: usize,
        /// Output blocks.
        outputs: usize,
        /// Of a factorised reduction: output channels of the first convolution (it reads the first half of the inputs).
        split: Option<usize>,
    },
    /// Depthwise windows of so many channel blocks.
    Windows {
        /// The window.
        window: Window,
        /// Channel blocks.
        blocks: usize,
    },
    /// A classifier's `[classes][features]`, or its biases.
    Rows,
}

impl Pack {
    /// Input blocks that feed output block `b` of a matrix.
    pub fn rows(self, b: usize) -> Rows {
        match self {
            Pack::Matrix { inputs, split: Some(split), .. } => {
                let half = inputs / 2;
                let first = if b * BLOCK < split { 0 } else { half };
                let last = if (b + 1) * BLOCK > split { inputs } else { half };
                Rows { first, last }
            }
            Pack::Matrix { inputs, .. } => Rows { first: 0, last: inputs },
            _ => Rows { first: 0, last: 0 },
        }
    }

    /// Output blocks that input block `b` feeds: the rows of the transposed matrix.
    pub fn columns(self, b: usize) -> Rows {
        match self {
            Pack::Matrix { inputs, outputs, split: Some(split) } => {
                if b < inputs / 2 {
                    Rows { first: 0, last: split.div_ceil(BLOCK) }
                } else {
                    Rows { first: split / BLOCK, last: outputs }
                }
            }
            Pack::Matrix { outputs, .. } => Rows { first: 0, last: outputs },
            _ => Rows { first: 0, last: 0 },
        }
    }
}

/// A packed range of the parameter arena.
#[derive(Clone, Debug)]
pub struct Storage {
    /// First element.
    pub offset: usize,
    /// Elements, a multiple of 16.
    pub length: usize,
    /// Layout.
    pub pack: Pack,
}

/// Where everything lies.
#[derive(Clone, Debug)]
pub struct Arrangement {
    /// All storages.
    pub storages: Vec<Storage>,
    /// Storage of each parameter.
    pub storage_of: Vec<usize>,
    /// Arena index of each logical element of each parameter.
    pub map: Vec<Vec<u32>>,
    /// Elements of an arena.
    pub total: usize,
    /// First element of each norm's running statistics.
    pub norm_offset: Vec<usize>,
    /// Elements of an arena of per-channel values of all norms.
    pub norm_total: usize,
}

/// Packed channel of each concatenated logical channel.
fn concatenated(program: &Program, xs: &[usize]) -> Vec<usize> {
    let mut channels = Vec::new();
    let mut base = 0;
    for &x in xs {
        channels.extend((0..program.tensors[x].channels).map(|c| base + c));
        base += program.tensors[x].blocks() * BLOCK;
    }
    channels
}

impl Arrangement {
    /// Lays out the parameters of a validated program.
    pub fn new(program: &Program) -> Arrangement {
        let mut arrangement = Arrangement {
            storages: Vec::new(),
            storage_of: vec![usize::MAX; program.parameters.len()],
            map: vec![Vec::new(); program.parameters.len()],
            total: 0,
            norm_offset: Vec::new(),
            norm_total: 0,
        };
        for instruction in &program.instructions {
            arrangement.instruction(program, instruction);
        }
        for norm in &program.norms {
            let tensor = &program.tensors[norm.tensor];
            if let Some((gamma, beta)) = norm.affine {
                for parameter in [gamma, beta] {
                    let offset = arrangement.store(tensor.blocks() * BLOCK, Pack::Vector);
                    arrangement.assign(parameter, (0..tensor.channels).map(|c| offset + c));
                }
            }
            arrangement.norm_offset.push(arrangement.norm_total);
            arrangement.norm_total += tensor.blocks() * BLOCK;
        }
        arrangement
    }

    fn store(&mut self, length: usize, pack: Pack) -> usize {
        let offset = self.total;
        let length = length.next_multiple_of(16);
        self.storages.push(Storage { offset, length, pack });
        self.total += length;
        offset
    }

    fn assign(&mut self, parameter: usize, indices: impl Iterator<Item = usize>) {
        self.storage_of[parameter] = self.storages.len() - 1;
        self.map[parameter] = indices.map(|i| i as u32).collect();
    }

    /// A matrix `[outputs][inputs]` of logical channels whose inputs lie at packed rows `rows`.
    fn matrix(&mut self, parameter: usize, offset: usize, inputs: usize, first_output: usize, outputs: usize, rows: &[usize]) {
        let at = |k: usize, row: usize| offset + ((k / BLOCK) * inputs * BLOCK + row) * BLOCK + k % BLOCK;
        let map: Vec<usize> = (0..outputs).flat_map(|k| rows.iter().map(move |&row| at(first_output + k, row))).collect();
        self.assign(parameter, map.into_iter());
    }

    fn instruction(&mut self, program: &Program, instruction: &Instruction) {
        match instruction {
            Instruction::Convolution { out, weight, patch, .. } => {
                let (inputs, outputs) = (patch.row_blocks(), program.tensors[*out].blocks());
                let pack = Pack::Matrix { inputs, outputs, split: None };
                let offset = self.store(inputs * outputs * BLOCK * BLOCK, pack);
                let taps = patch.kernel * patch.kernel;
                // OIHW: channel outside tap.
                let rows: Vec<usize> = (0..patch.channels).flat_map(|c| (0..taps).map(move |t| patch.row(t, c))).collect();
                self.matrix(*weight, offset, inputs, 0, program.tensors[*out].channels, &rows);
            }
            Instruction::Pointwise { out, xs, weight, .. } => {
                let rows = concatenated(program, xs);
                let inputs = xs.iter().map(|&x| program.tensors[x].blocks()).sum();
                let outputs = program.tensors[*out].blocks();
                let pack = Pack::Matrix { inputs, outputs, split: None };
                let offset = self.store(inputs * outputs * BLOCK * BLOCK, pack);
                self.matrix(*weight, offset, inputs, 0, program.tensors[*out].channels, &rows);
            }
            Instruction::FactorizedReduce { out, xs, weights } => {
                let rows = concatenated(program, xs);
                let half: usize = xs.iter().map(|&x| program.tensors[x].blocks()).sum();
                let (outputs, channels) = (program.tensors[*out].blocks(), program.tensors[*out].channels);
                let pack = Pack::Matrix { inputs: 2 * half, outputs, split: Some(channels / 2) };
                let offset = self.store(2 * half * outputs * BLOCK * BLOCK, pack);
                self.matrix(weights[0], offset, 2 * half, 0, channels / 2, &rows);
                let shifted: Vec<usize> = rows.iter().map(|row| row + half * BLOCK).collect();
                self.matrix(weights[1], offset, 2 * half, channels / 2, channels / 2, &shifted);
            }
            Instruction::DepthwisePointwise { out, x, depthwise, pointwise, window } => {
                let (input, output) = (&program.tensors[*x], &program.tensors[*out]);
                let (taps, blocks) = (window.kernel * window.kernel, input.blocks());
                let offset = self.store(blocks * taps * BLOCK, Pack::Windows { window: *window, blocks });
                let at = |c: usize, t: usize| offset + ((c / BLOCK) * taps + t) * BLOCK + c % BLOCK;
                self.assign(*depthwise, (0..input.channels).flat_map(|c| (0..taps).map(move |t| at(c, t))));
                let pack = Pack::Matrix { inputs: blocks, outputs: output.blocks(), split: None };
                let offset = self.store(blocks * output.blocks() * BLOCK * BLOCK, pack);
                let rows: Vec<usize> = (0..input.channels).collect();
                self.matrix(*pointwise, offset, blocks, 0, output.channels, &rows);
            }
            Instruction::Classifier { xs, weight, bias, classes, .. } => {
                let columns = concatenated(program, xs);
                let features: usize = xs.iter().map(|&x| program.tensors[x].blocks() * BLOCK).sum();
                let offset = self.store(classes * features, Pack::Rows);
                self.assign(*weight, (0..*classes).flat_map(|k| columns.iter().map(move |c| offset + k * features + c)));
                let offset = self.store(*classes, Pack::Rows);
                self.assign(*bias, (0..*classes).map(|k| offset + k));
            }
            Instruction::Pool { .. } | Instruction::Combine { .. } | Instruction::Channels { .. } | Instruction::Segment => {}
        }
    }
}

/// Slots of [`Parameters`] that every network has.
pub mod slot {
    /// Values.
    pub const VALUES: usize = 0;
    /// Gradients of the last backward pass.
    pub const GRADIENTS: usize = 1;
    /// Momentum of SGD.
    pub const MOMENTUM: usize = 2;
}

/// Least norm of a vector whose direction counts.
const LEAST_NORM: f64 = 1e-8;

/// Arenas of one set of parameters.
pub struct Parameters {
    /// Where everything lies.
    pub arrangement: Arrangement,
    /// Values, gradients, momentum, then slots on demand (freed ones are none).
    pub slots: Vec<Option<Buffer>>,
    /// Transposed matrices and flipped windows, refreshed before each backward pass.
    pub backward: Buffer,
    /// Running means and variances of all norms.
    pub running: [Buffer; 2],
    /// Storages that SGD leaves alone.
    pub frozen: Vec<bool>,
}

impl Parameters {
    /// Zero parameters, unit variances and unit norm weights.
    ///
    /// # Errors
    /// When memory is exhausted.
    pub fn new(program: &Program, arrangement: Arrangement) -> Result<Parameters, String> {
        let total = arrangement.total;
        let mut variance = Buffer::zeroed(arrangement.norm_total)?;
        variance.as_mut_slice().fill(1.0);
        let mut parameters = Parameters {
            slots: vec![Some(Buffer::zeroed(total)?), Some(Buffer::zeroed(total)?), Some(Buffer::zeroed(total)?)],
            backward: Buffer::zeroed(total)?,
            running: [Buffer::zeroed(arrangement.norm_total)?, variance],
            frozen: vec![false; arrangement.storages.len()],
            arrangement,
        };
        for (i, parameter) in program.parameters.iter().enumerate() {
            if parameter.kind == ParameterKind::Gamma {
                parameters.write(i, slot::VALUES, &vec![1.0; parameter.elements()])?;
            }
        }
        Ok(parameters)
    }

    /// Buffer of a slot.
    ///
    /// # Errors
    /// When the slot is not allocated.
    pub fn slot(&self, index: usize) -> Result<&Buffer, String> {
        self.slots.get(index).and_then(Option::as_ref).ok_or_else(|| format!("Cannot use parameter slot {index}: it is not allocated"))
    }

    /// Buffer of a slot, to be written.
    ///
    /// # Errors
    /// When the slot is not allocated.
    pub fn slot_mut(&mut self, index: usize) -> Result<&mut Buffer, String> {
        self.slots.get_mut(index).and_then(Option::as_mut).ok_or_else(|| format!("Cannot use parameter slot {index}: it is not allocated"))
    }

    /// A new slot of zeros.
    ///
    /// # Errors
    /// When memory is exhausted.
    pub fn allocate(&mut self) -> Result<usize, String> {
        let buffer = Buffer::zeroed(self.arrangement.total)?;
        match self.slots.iter().position(Option::is_none) {
            Some(free) => {
                self.slots[free] = Some(buffer);
                Ok(free)
            }
            None => {
                self.slots.push(Some(buffer));
                Ok(self.slots.len() - 1)
            }
        }
    }

    /// Logical elements of a parameter in PyTorch's order.
    ///
    /// # Errors
    /// When the parameter or slot does not exist.
    pub fn read(&self, parameter: usize, slot: usize) -> Result<Vec<f32>, String> {
        let map = self
            .arrangement
            .map
            .get(parameter)
            .ok_or_else(|| format!("Cannot read parameter {parameter}: there are {}", self.arrangement.map.len()))?;
        let arena = self.slot(slot)?.as_slice();
        Ok(map.iter().map(|&i| arena[i as usize]).collect())
    }

    /// Writes all logical elements of a parameter.
    ///
    /// # Errors
    /// When it does not exist or the length differs.
    pub fn write(&mut self, parameter: usize, slot: usize, data: &[f32]) -> Result<(), String> {
        let map = self.arrangement.map.get(parameter).ok_or_else(|| format!("Cannot write parameter {parameter}: it does not exist"))?;
        if map.len() != data.len() {
            return Err(format!("Cannot write parameter {parameter}: found {} elements, expected {}", data.len(), map.len()));
        }
        let arena = self.slots.get_mut(slot).and_then(Option::as_mut).ok_or("Cannot write parameter: no such slot")?.as_mut_slice();
        for (&i, &value) in map.iter().zip(data) {
            arena[i as usize] = value;
        }
        Ok(())
    }

    /// How far two slots point the same way, for each parameter: the cosines of the angles between their columns, each of which holds one
    /// number an output channel, averaged over the columns (input channels and taps). Norms count as 1e-8 at least, as in PyTorch's
    /// `cosine_similarity`. Sums are in f64, in order.
    ///
    /// # Errors
    /// When a slot is missing.
    pub fn cosines(&self, program: &Program, x: usize, y: usize) -> Result<Vec<f64>, String> {
        let (x, y) = (self.slot(x)?.as_slice(), self.slot(y)?.as_slice());
        let cosine = |parameter: usize| {
            let map = &self.arrangement.map[parameter];
            let columns = map.len() / program.parameters[parameter].dims[0];
            let mut sums = vec![[0f64; 3]; columns];
            for row in map.chunks_exact(columns) {
                for (sum, &i) in sums.iter_mut().zip(row) {
                    let (a, b) = (x[i as usize] as f64, y[i as usize] as f64);
                    *sum = [sum[0] + a * b, sum[1] + a * a, sum[2] + b * b];
                }
            }
            let total: f64 = sums.iter().map(|[xy, xx, yy]| xy / (xx.sqrt().max(LEAST_NORM) * yy.sqrt().max(LEAST_NORM))).sum();
            total / columns as f64
        };
        Ok((0..program.parameters.len()).map(cosine).collect())
    }

    /// PyTorch's default initial values, keyed by (seed, parameter index, element): uniform in ±1/sqrt(fan-in); norms 1 and 0.
    /// Momentum becomes zero, running statistics 0 and 1.
    pub fn initialise(&mut self, program: &Program, seed: u64) {
        for buffer in self.slots.iter_mut().take(3).flatten() {
            buffer.as_mut_slice().fill(0.0);
        }
        self.running[0].as_mut_slice().fill(0.0);
        self.running[1].as_mut_slice().fill(1.0);
        for (i, parameter) in program.parameters.iter().enumerate() {
            let values: Vec<f32> = match parameter.kind {
                ParameterKind::Gamma => vec![1.0; parameter.elements()],
                ParameterKind::Beta => vec![0.0; parameter.elements()],
                _ => {
                    let bound = 1.0 / (parameter.fan_in as f32).sqrt();
                    let generator = Generator::new(seed, crate::random::stream::INITIALISE, i as u32);
                    (0..parameter.elements()).map(|e| (2.0 * generator.uniform(e as u64) - 1.0) * bound).collect()
                }
            };
            self.write(i, slot::VALUES, &values).expect("parameter exists");
        }
    }
}
