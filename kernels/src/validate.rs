//! Everything that must hold of a program before it may run: order, shapes, ownership of parameters, sizes.

use crate::program::{Instruction, Parameter, ParameterKind, Program, Tensor};

/// Most parameters' elements in all, a bound on memory before anything is allocated.
const MOST_ELEMENTS: usize = 1 << 27;

/// Checks a decoded program.
///
/// # Errors
/// One line naming the instruction, the value found and the value expected.
pub fn validate(program: &Program) -> Result<(), String> {
    Check {
        program,
        written: vec![false; program.tensors.len()],
        read: vec![false; program.tensors.len()],
        owned: vec![false; program.parameters.len()],
    }
    .run()
}

struct Check<'a> {
    program: &'a Program,
    written: Vec<bool>,
    read: Vec<bool>,
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
        let mut classifiers = 0;
        for (i, instruction) in program.instructions.iter().enumerate() {
            let place = format!("instruction {i}");
            for x in instruction.inputs() {
                if !self.written[x] {
                    return Err(format!("Cannot run program: {place} reads tensor {x} before it is written"));
                }
                self.read[x] = true;
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
            classifiers += matches!(instruction, Instruction::Classifier { .. }) as usize;
        }
        if classifiers == 0 {
            return Err("Cannot run program: it has no classifier, expected at least one".into());
        }
        if let Some(t) = self.read.iter().position(|&read| !read) {
            return Err(format!("Cannot run program: tensor {t} is never read"));
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
        if matches!(program.instructions.iter().find(|i| i.out() == Some(tensor)), Some(Instruction::Combine { .. })) {
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
        let program = self.program;
        let tensor = |t: usize| &program.tensors[t];
        let size = |t: usize| (program.tensors[t].height, program.tensors[t].width);
        match instruction {
            Instruction::Convolution { out, x, weight, patch, .. } => {
                let input = tensor(*x);
                expect(place, "input channels", patch.channels, input.channels)?;
                if patch.padding >= patch.kernel {
                    return Err(format!(
                        "Cannot run program: {place}: padding is {}, expected less than kernel {}",
                        patch.padding, patch.kernel
                    ));
                }
                expect(place, "output size", size(*out), (patch.output(input.height), patch.output(input.width)))?;
                let dims = [tensor(*out).channels, input.channels, patch.kernel, patch.kernel];
                if input.channels <= 4 && *x != 0 {
                    return Err(format!(
                        "Cannot run program: {place}: convolution of {} channels, expected an image or more than 4",
                        input.channels
                    ));
                }
                self.own(place, *weight, ParameterKind::Convolution, dims)
            }
            Instruction::Pointwise { out, xs, weight, .. } => {
                let (channels, first) = self.same_size(place, xs)?;
                self.layer_inputs(place, xs)?;
                expect(place, "output size", size(*out), (first.height, first.width))?;
                self.own(place, *weight, ParameterKind::Convolution, [tensor(*out).channels, channels, 1, 1])
            }
            Instruction::FactorizedReduce { out, xs, weights } => {
                let (channels, first) = self.same_size(place, xs)?;
                self.layer_inputs(place, xs)?;
                expect(place, "output size", size(*out), (first.height.div_ceil(2), first.width.div_ceil(2)))?;
                let outputs = tensor(*out).channels;
                expect(place, "remainder of output channels by 2", outputs % 2, 0)?;
                for weight in weights {
                    self.own(place, *weight, ParameterKind::Convolution, [outputs / 2, channels, 1, 1])?;
                }
                Ok(())
            }
            Instruction::DepthwisePointwise { out, x, depthwise, pointwise, window } => {
                self.layer_inputs(place, &[*x])?;
                let input = tensor(*x);
                expect(place, "output size", size(*out), (window.output(input.height), window.output(input.width)))?;
                self.own(place, *depthwise, ParameterKind::Depthwise, [input.channels, 1, window.kernel, window.kernel])?;
                self.own(place, *pointwise, ParameterKind::Convolution, [tensor(*out).channels, input.channels, 1, 1])
            }
            Instruction::Pool { out, x, pool, .. } => {
                self.layer_inputs(place, &[*x])?;
                let input = tensor(*x);
                if 2 * pool.padding > pool.kernel {
                    return Err(format!(
                        "Cannot run program: {place}: padding is {}, expected at most half of kernel {}",
                        pool.padding, pool.kernel
                    ));
                }
                expect(place, "output size", size(*out), (pool.output(input.height), pool.output(input.width)))?;
                expect(place, "output channels", tensor(*out).channels, input.channels)
            }
            Instruction::Combine { out, terms } => {
                for term in terms {
                    self.layer_inputs(place, &[term.x])?;
                    expect(place, "size of a term", size(term.x), size(*out))?;
                    expect(place, "channels of a term", tensor(term.x).channels, tensor(*out).channels)?;
                }
                Ok(())
            }
            Instruction::Classifier { xs, weight, bias, classes, groups, loss_weight, .. } => {
                self.layer_inputs(place, xs)?;
                let channels = xs.iter().map(|&x| tensor(x).channels).sum();
                if !loss_weight.is_finite() || loss_weight.abs() > 1e3 {
                    return Err(format!(
                        "Cannot run program: {place}: the loss weight is out of range, expected a finite number up to 1000"
                    ));
                }
                expect(place, "classes of its groups together", groups.last().map_or(0, |group| group.end), *classes)?;
                self.own(place, *weight, ParameterKind::Linear, [*classes, channels, 1, 1])?;
                self.own(place, *bias, ParameterKind::LinearBias, [*classes, 1, 1, 1])
            }
            Instruction::Segment => Ok(()),
        }
    }

    // Only a convolution reads the image: nothing else can do without its gradient.
    fn layer_inputs(&self, place: &str, xs: &[usize]) -> Result<(), String> {
        if xs.contains(&0) {
            return Err(format!("Cannot run program: {place} reads the image, expected a convolution between"));
        }
        Ok(())
    }
}
