//! Everything that must hold of a program before it may run: order, shapes, ownership of parameters, sizes.

use crate::layers::pool::Pool;
use crate::layers::sampling::Patch;
use crate::program::{Instruction, Parameter, ParameterKind, Program, Slice, Tensor};

/// Most parameters' elements in all, a bound on memory before anything is allocated.
const MOST_ELEMENTS: usize = 1 << 27;

/// Checks a decoded program.
///
/// # Errors
/// One line naming the instruction, the value found and the value expected.
pub fn validate(program: &Program) -> Result<(), String> {
    Check { program, written: vec![false; program.tensors.len()], owned: vec![false; program.parameters.len()] }.run()
}

struct Check<'a> {
    program: &'a Program,
    written: Vec<bool>,
    owned: Vec<bool>,
}

fn expect<T: PartialEq + core::fmt::Debug>(place: &str, what: &str, found: T, wanted: T) -> Result<(), String> {
    if found == wanted {
        return Ok(());
    }
    Err(format!("Cannot run program: {place}: {what} is {found:?}, expected {wanted:?}"))
}

impl Check<'_> {
    fn run(mut self) -> Result<(), String> {
        let program = self.program;
        self.written[0] = true;
        expect("image", "normalisation", program.tensors[0].norm, None)?;
        if program.tensors[0].channels > 4 {
            return Err(format!("Cannot run program: image has {} channels, expected 1 to 4", program.tensors[0].channels));
        }
        let elements: usize = program.parameters.iter().map(|p| p.elements().min(MOST_ELEMENTS)).fold(0, usize::saturating_add);
        if elements > MOST_ELEMENTS {
            return Err(format!("Cannot run program: it has {elements} weights, expected at most {MOST_ELEMENTS}"));
        }
        let mut mains = 0;
        for (i, instruction) in program.instructions.iter().enumerate() {
            let place = format!("instruction {i}");
            for x in instruction.inputs() {
                if !self.written[x] {
                    return Err(format!("Cannot run program: {place} reads tensor {x} before it is written"));
                }
            }
            self.instruction(&place, instruction)?;
            if let Some(out) = instruction.out() {
                if self.written[out] {
                    return Err(format!("Cannot run program: {place} writes tensor {out} a second time"));
                }
                self.written[out] = true;
                if let Some(norm) = program.tensors[out].norm {
                    self.norm(norm, out)?;
                }
            }
            mains += matches!(instruction, Instruction::Classifier { auxiliary: None, .. }) as usize;
        }
        if mains != 1 {
            return Err(format!("Cannot run program: it has {mains} main classifiers, expected one"));
        }
        if let Some(t) = self.written.iter().position(|&written| !written) {
            return Err(format!("Cannot run program: tensor {t} is never written"));
        }
        if let Some(p) = self.owned.iter().position(|&owned| !owned) {
            return Err(format!("Cannot run program: parameter {p} is never used"));
        }
        Ok(())
    }

    fn own(&mut self, place: &str, parameter: usize, kind: ParameterKind, dims: [usize; 4]) -> Result<(), String> {
        if core::mem::replace(&mut self.owned[parameter], true) {
            return Err(format!("Cannot run program: {place} uses parameter {parameter} a second time"));
        }
        let Parameter { kind: found, dims: found_dims, .. } = &self.program.parameters[parameter];
        expect(place, "kind of its parameter", *found, kind)?;
        expect(place, "shape of its parameter", *found_dims, dims)
    }

    fn norm(&mut self, norm: usize, tensor: usize) -> Result<(), String> {
        let place = format!("norm {norm}");
        let program = self.program;
        let writer = program.instructions.iter().find(|i| i.out() == Some(tensor));
        if matches!(writer, Some(Instruction::Combine { .. } | Instruction::Channels { .. })) {
            return Err(format!("Cannot run program: {place} normalises a node, expected the output of a layer"));
        }
        let channels = program.tensors[tensor].channels;
        if let Some((gamma, beta)) = program.norms[norm].affine {
            self.own(&place, gamma, ParameterKind::Gamma, [channels, 1, 1, 1])?;
            self.own(&place, beta, ParameterKind::Beta, [channels, 1, 1, 1])?;
        }
        Ok(())
    }

    fn same_size(&self, place: &str, xs: &[usize]) -> Result<(usize, &Tensor), String> {
        let first = &self.program.tensors[xs[0]];
        let mut channels = 0;
        for &x in xs {
            let t = &self.program.tensors[x];
            expect(place, "size of an input", (t.height, t.width), (first.height, first.width))?;
            channels += t.channels;
        }
        Ok((channels, first))
    }

    fn instruction(&mut self, place: &str, instruction: &Instruction) -> Result<(), String> {
        if !matches!(instruction, Instruction::Convolution { .. }) {
            self.layer_inputs(place, &instruction.inputs())?;
        }
        match instruction {
            Instruction::Convolution { .. } => self.convolution(place, instruction),
            Instruction::Pointwise { out, xs, weight, .. } => {
                let (channels, first) = self.same_size(place, xs)?;
                expect(place, "output size", self.size(*out), (first.height, first.width))?;
                self.own(place, *weight, ParameterKind::Convolution, [self.channels(*out), channels, 1, 1])
            }
            Instruction::FactorizedReduce { out, xs, weights } => {
                let (channels, first) = self.same_size(place, xs)?;
                expect(place, "output size", self.size(*out), (first.height.div_ceil(2), first.width.div_ceil(2)))?;
                let outputs = self.channels(*out);
                expect(place, "remainder of output channels by 2", outputs % 2, 0)?;
                for weight in weights {
                    self.own(place, *weight, ParameterKind::Convolution, [outputs / 2, channels, 1, 1])?;
                }
                Ok(())
            }
            Instruction::DepthwisePointwise { out, x, depthwise, pointwise, window } => {
                let (channels, (height, width)) = (self.channels(*x), self.size(*x));
                expect(place, "output size", self.size(*out), (window.output(height), window.output(width)))?;
                self.own(place, *depthwise, ParameterKind::Depthwise, [channels, 1, window.kernel, window.kernel])?;
                self.own(place, *pointwise, ParameterKind::Convolution, [self.channels(*out), channels, 1, 1])
            }
            Instruction::Pool { out, x, pool, .. } => {
                let Pool { padding, kernel, .. } = *pool;
                if 2 * padding > kernel {
                    return Err(format!("Cannot run program: {place}: padding is {padding}, expected at most half of kernel {kernel}"));
                }
                let (height, width) = self.size(*x);
                expect(place, "output size", self.size(*out), (pool.output(height), pool.output(width)))?;
                expect(place, "output channels", self.channels(*out), self.channels(*x))
            }
            Instruction::Combine { out, terms } => terms.iter().try_for_each(|term| {
                expect(place, "size of a term", self.size(term.x), self.size(*out))?;
                expect(place, "channels of a term", self.channels(term.x), self.channels(*out))
            }),
            Instruction::Classifier { .. } => self.classifier(place, instruction),
            Instruction::Channels { out, slices, groups } => {
                let (size, channels) = (self.size(*out), self.channels(*out));
                let fits = |slice: &Slice| self.size(slice.x) == size && slice.start + slice.count <= self.channels(slice.x);
                let all: usize = slices.iter().map(|slice| slice.count).sum();
                if all != channels || channels % groups != 0 || !slices.iter().all(fits) {
                    return Err(format!("Cannot run program: {place}: its slices do not fit their tensors, the output or the groups"));
                }
                Ok(())
            }
            Instruction::Segment => Ok(()),
        }
    }

    fn convolution(&mut self, place: &str, instruction: &Instruction) -> Result<(), String> {
        let Instruction::Convolution { out, x, weight, patch, .. } = instruction else { return Ok(()) };
        let Patch { padding, kernel, .. } = *patch;
        let (channels, (height, width)) = (self.channels(*x), self.size(*x));
        expect(place, "input channels", patch.channels, channels)?;
        if padding >= kernel {
            return Err(format!("Cannot run program: {place}: padding is {padding}, expected less than kernel {kernel}"));
        }
        expect(place, "output size", self.size(*out), (patch.output(height), patch.output(width)))?;
        self.own(place, *weight, ParameterKind::Convolution, [self.channels(*out), channels, kernel, kernel])
    }

    fn classifier(&mut self, place: &str, instruction: &Instruction) -> Result<(), String> {
        let Instruction::Classifier { xs, weight, bias, classes, groups, auxiliary } = instruction else { return Ok(()) };
        if auxiliary.is_some_and(|weight| !weight.is_finite() || weight.abs() > 1e3) {
            return Err(format!("Cannot run program: {place}: the loss weight is out of range, expected a finite number up to 1000"));
        }
        expect(place, "classes of its groups together", groups.last().map_or(0, |group| group.end), *classes)?;
        let channels = xs.iter().map(|&x| self.channels(x)).sum();
        self.own(place, *weight, ParameterKind::Linear, [*classes, channels, 1, 1])?;
        self.own(place, *bias, ParameterKind::LinearBias, [*classes, 1, 1, 1])
    }

    fn size(&self, tensor: usize) -> (usize, usize) {
        (self.program.tensors[tensor].height, self.program.tensors[tensor].width)
    }

    fn channels(&self, tensor: usize) -> usize {
        self.program.tensors[tensor].channels
    }

    // Only a convolution reads the image: nothing else can do without its gradient.
    fn layer_inputs(&self, place: &str, xs: &[usize]) -> Result<(), String> {
        if xs.contains(&0) {
            return Err(format!("Cannot run program: {place} reads the image, expected a convolution between"));
        }
        Ok(())
    }
}
