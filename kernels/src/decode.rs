//! Reading a program's words, as `src/engine/program_builder.ts` writes them. Checks that need no shapes live here; `validate.rs`
//! does the rest.

use crate::layers::depthwise::Window;
use crate::layers::pool::Pool;
use crate::layers::sampling::Patch;
use crate::program::{CombineTerm, Instruction, Norm, Parameter, ParameterKind, Program, Slice, Tensor};
use crate::validate::validate;
use core::ops::Range;

/// First word of a program.
const MAGIC: u32 = 0x524F_4F54;
/// Second word; changes with the format.
const VERSION: u32 = 4;

/// Longest table a program may declare; real supernets stay below 20,000.
const MOST: usize = 1 << 17;
/// Largest image side.
const MOST_SIDE: usize = 1024;
/// Most channels or classes.
const MOST_CHANNELS: usize = 1 << 14;
/// Most groups of classes.
const MOST_GROUPS: usize = 1024;

/// Decodes and validates a program.
///
/// # Errors
/// One line that names the word or instruction, the value found and what was expected.
pub fn decode(words: &[u32]) -> Result<Program, String> {
    let mut words = Words { words, at: 0 };
    let counts = words.counts()?;
    let mut program = Program {
        tensors: (0..counts.tensors).map(|_| words.tensor()).collect::<Result<_, _>>()?,
        parameters: (0..counts.parameters).map(|_| words.parameter()).collect::<Result<_, _>>()?,
        norms: (0..counts.norms).map(|norm| words.norm(norm, &counts)).collect::<Result<_, _>>()?,
        instructions: (0..counts.instructions).map(|_| words.instruction(&counts)).collect::<Result<_, _>>()?,
        mixing: counts.mixing,
    };
    if words.at != words.words.len() {
        let rest = words.words.len() - words.at;
        return Err(format!("Cannot decode program: {rest} words follow the last instruction, expected none"));
    }
    for (norm, Norm { tensor, .. }) in program.norms.iter().enumerate() {
        if program.tensors[*tensor].norm.replace(norm).is_some() {
            return Err(format!("Cannot decode program: tensor {tensor} has two norms, expected one"));
        }
    }
    validate(&program)?;
    Ok(program)
}

/// Lengths of a program's tables.
struct Counts {
    tensors: usize,
    parameters: usize,
    norms: usize,
    instructions: usize,
    mixing: usize,
}

/// A cursor over words that refuses to read past the end.
struct Words<'a> {
    words: &'a [u32],
    at: usize,
}

impl Words<'_> {
    fn next(&mut self, what: &str) -> Result<u32, String> {
        let word = self.words.get(self.at).copied();
        self.at += 1;
        word.ok_or_else(|| format!("Cannot decode program: it ends before {what} (word {})", self.at - 1))
    }

    fn number(&mut self, what: &str, least: usize, most: usize) -> Result<usize, String> {
        let word = self.next(what)? as usize;
        if word < least || word > most {
            return Err(format!("Cannot decode program: {what} is {word}, expected {least} to {most} (word {})", self.at - 1));
        }
        Ok(word)
    }

    fn flag(&mut self, what: &str) -> Result<bool, String> {
        Ok(self.number(what, 0, 1)? == 1)
    }

    /// An index below `count`, or none for the all-ones word.
    fn optional(&mut self, what: &str, count: usize) -> Result<Option<usize>, String> {
        if self.words.get(self.at) == Some(&u32::MAX) {
            self.at += 1;
            return Ok(None);
        }
        self.index(what, count).map(Some)
    }

    fn index(&mut self, what: &str, count: usize) -> Result<usize, String> {
        let word = self.next(what)? as usize;
        if word >= count {
            return Err(format!("Cannot decode program: {what} is {word}, expected less than {count} (word {})", self.at - 1));
        }
        Ok(word)
    }

    /// Sizes of groups, as the ranges that they cover one after another.
    fn groups(&mut self) -> Result<Vec<Range<usize>>, String> {
        let count = self.number("number of groups", 1, MOST_GROUPS)?;
        let mut end = 0;
        (0..count)
            .map(|_| {
                let start = end;
                end += self.number("classes of a group", 1, MOST_CHANNELS)?;
                Ok(start..end)
            })
            .collect()
    }

    /// Factor of an auxiliary classifier's loss, behind the flag that says whether it is one.
    fn auxiliary(&mut self) -> Result<Option<f32>, String> {
        Ok(if self.flag("auxiliary classifier")? { Some(f32::from_bits(self.next("loss weight")?)) } else { None })
    }

    fn list(&mut self, what: &str, tensors: usize) -> Result<Vec<usize>, String> {
        let count = self.number(what, 1, 64)?;
        (0..count).map(|_| self.index(what, tensors)).collect()
    }

    fn counts(&mut self) -> Result<Counts, String> {
        let magic = self.next("the magic number")?;
        if magic != MAGIC {
            return Err(format!("Cannot decode program: magic number is {magic:#x}, expected {MAGIC:#x}"));
        }
        let version = self.next("the version")?;
        if version != VERSION {
            return Err(format!("Cannot decode program: version is {version}, expected {VERSION}"));
        }
        let counts = Counts {
            tensors: self.number("number of tensors", 1, MOST)?,
            parameters: self.number("number of parameters", 0, MOST)?,
            norms: self.number("number of norms", 0, MOST)?,
            instructions: self.number("number of instructions", 1, MOST)?,
            mixing: self.number("number of mixing weights", 0, MOST)?,
        };
        let (total, found) = (self.next("length")? as usize, self.words.len());
        if total != found {
            return Err(format!("Cannot decode program: length is {total} words, found {found}"));
        }
        if counts.tensors.max(counts.parameters).max(counts.norms).max(counts.instructions) > total {
            return Err(format!("Cannot decode program: its tables do not fit its {total} words"));
        }
        Ok(counts)
    }

    fn tensor(&mut self) -> Result<Tensor, String> {
        Ok(Tensor {
            height: self.number("tensor height", 1, MOST_SIDE)?,
            width: self.number("tensor width", 1, MOST_SIDE)?,
            channels: self.number("tensor channels", 1, MOST_CHANNELS)?,
            norm: None,
        })
    }

    fn parameter(&mut self) -> Result<Parameter, String> {
        let kind = match self.number("parameter kind", 0, 5)? {
            0 => ParameterKind::Convolution,
            1 => ParameterKind::Depthwise,
            2 => ParameterKind::Gamma,
            3 => ParameterKind::Beta,
            4 => ParameterKind::Linear,
            _ => ParameterKind::LinearBias,
        };
        let mut dims = [1; 4];
        for dim in dims.iter_mut() {
            *dim = self.number("parameter dimension", 1, MOST_CHANNELS)?;
        }
        Ok(Parameter { kind, dims, fan_in: self.number("fan-in", 1, 1 << 24)? })
    }

    fn norm(&mut self, norm: usize, counts: &Counts) -> Result<Norm, String> {
        let tensor = self.index("normalised tensor", counts.tensors)?;
        let gamma = self.optional("norm weight", counts.parameters)?;
        let beta = self.optional("norm bias", counts.parameters)?;
        let affine = match (gamma, beta) {
            (Some(gamma), Some(beta)) => Some((gamma, beta)),
            (None, None) => None,
            _ => return Err(format!("Cannot decode program: norm {norm} has only one of weight and bias, expected both or none")),
        };
        Ok(Norm { tensor, affine })
    }

    /// The window of a convolution of tensor `x`; only the image, tensor 0, is read densely.
    fn patch(&mut self, x: usize) -> Result<Patch, String> {
        Ok(Patch {
            dense: x == 0,
            kernel: self.number("convolution kernel", 1, 7)?,
            stride: self.number("convolution stride", 1, 4)?,
            padding: self.number("convolution padding", 0, 3)?,
            channels: self.number("convolution channels", 1, MOST_CHANNELS)?,
        })
    }

    fn window(&mut self) -> Result<Window, String> {
        Ok(Window {
            kernel: match self.number("depthwise kernel", 3, 5)? {
                4 => return Err("Cannot decode program: depthwise kernel is 4, expected 3 or 5".into()),
                kernel => kernel,
            },
            dilation: self.number("depthwise dilation", 1, 2)?,
            stride: self.number("depthwise stride", 1, 2)?,
        })
    }

    fn pool(&mut self) -> Result<Pool, String> {
        Ok(Pool {
            max: self.flag("pooling kind")?,
            kernel: self.number("pooling kernel", 1, 16)?,
            stride: self.number("pooling stride", 1, MOST_SIDE)?,
            padding: self.number("pooling padding", 0, 8)?,
        })
    }

    /// Mixing weights of a term: the first, and how many there are if there is one.
    #[inline(never)]
    fn mix(&mut self, mixing: usize) -> Result<Option<Range<usize>>, String> {
        let Some(first) = self.optional("mixing weight", mixing)? else { return Ok(None) };
        let count = self.number("mixing weights", 1, mixing - first)?;
        Ok(Some(first..first + count))
    }

    #[inline(never)]
    fn slices(&mut self, tensors: usize) -> Result<Vec<Slice>, String> {
        let count = self.number("slices", 1, 64)?;
        let mut slices = Vec::with_capacity(count);
        for _ in 0..count {
            slices.push(Slice {
                x: self.index("slice", tensors)?,
                start: self.number("slice start", 0, MOST_CHANNELS)?,
                count: self.number("slice channels", 1, MOST_CHANNELS)?,
            });
        }
        Ok(slices)
    }

    fn terms(&mut self, counts: &Counts) -> Result<Vec<CombineTerm>, String> {
        let count = self.number("number of terms", 0, 4096)?;
        let mut term = |_| {
            Ok(CombineTerm { x: self.index("term", counts.tensors)?, mix: self.mix(counts.mixing)?, drop: self.flag("drop-path flag")? })
        };
        (0..count).map(&mut term).collect()
    }

    fn instruction(&mut self, counts: &Counts) -> Result<Instruction, String> {
        let &Counts { tensors, parameters, .. } = counts;
        let code = self.number("instruction code", 1, 9)?;
        Ok(match code {
            1 => {
                let out = self.index("convolution output", tensors)?;
                let x = self.index("convolution input", tensors)?;
                let weight = self.index("convolution weight", parameters)?;
                Instruction::Convolution { out, x, weight, patch: self.patch(x)?, relu: self.flag("convolution relu")? }
            }
            2 => Instruction::Pointwise {
                out: self.index("pointwise output", tensors)?,
                weight: self.index("pointwise weight", parameters)?,
                relu: self.flag("pointwise relu")?,
                xs: self.list("pointwise inputs", tensors)?,
            },
            3 => Instruction::FactorizedReduce {
                out: self.index("factorised reduction output", tensors)?,
                weights: [self.index("factorised reduction weight", parameters)?, self.index("factorised reduction weight", parameters)?],
                xs: self.list("factorised reduction inputs", tensors)?,
            },
            4 => Instruction::DepthwisePointwise {
                out: self.index("depthwise output", tensors)?,
                x: self.index("depthwise input", tensors)?,
                depthwise: self.index("depthwise weight", parameters)?,
                pointwise: self.index("pointwise weight", parameters)?,
                window: self.window()?,
            },
            5 => Instruction::Pool {
                out: self.index("pooling output", tensors)?,
                x: self.index("pooling input", tensors)?,
                pool: self.pool()?,
                relu: self.flag("pooling relu")?,
            },
            6 => Instruction::Combine { out: self.index("node", tensors)?, terms: self.terms(counts)? },
            7 => Instruction::Classifier {
                weight: self.index("classifier weight", parameters)?,
                bias: self.index("classifier bias", parameters)?,
                classes: self.number("classes", 1, MOST_CHANNELS)?,
                auxiliary: self.auxiliary()?,
                groups: self.groups()?,
                xs: self.list("classifier inputs", tensors)?,
            },
            8 => Instruction::Segment,
            _ => Instruction::Channels {
                out: self.index("joined channels", tensors)?,
                groups: self.number("shuffle groups", 1, MOST_CHANNELS)?,
                slices: self.slices(tensors)?,
            },
        })
    }
}
