//! Reading a program's words. Only shape-independent checks live here; `validate.rs` does the rest.

use crate::layers::depthwise::Window;
use crate::layers::pool::Pool;
use crate::layers::sampling::Patch;
use crate::program::{CombineTerm, Instruction, Norm, Parameter, ParameterKind, Program, Tensor, MAGIC, VERSION};
use core::ops::Range;

/// Longest table a program may declare; real supernets stay below 20,000.
const MOST: usize = 1 << 17;
/// Largest image side.
const MOST_SIDE: usize = 1024;
/// Most channels or classes.
const MOST_CHANNELS: usize = 1 << 14;
/// Most groups of classes.
const MOST_GROUPS: usize = 1024;

/// A cursor over words that refuses to read past the end.
pub struct Words<'a> {
    words: &'a [u32],
    at: usize,
}

impl<'a> Words<'a> {
    /// Starts at the first word.
    pub fn new(words: &'a [u32]) -> Self {
        Words { words, at: 0 }
    }

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

    fn list(&mut self, what: &str, tensors: usize) -> Result<Vec<usize>, String> {
        let count = self.number(what, 1, 64)?;
        (0..count).map(|_| self.index(what, tensors)).collect()
    }
}

/// Decoder of the whole program.
pub struct Instructions;

impl Instructions {
    /// Decodes tables and instructions.
    ///
    /// # Errors
    /// One line naming the word.
    pub fn decode(words: &mut Words) -> Result<Program, String> {
        let magic = words.next("the magic number")?;
        if magic != MAGIC {
            return Err(format!("Cannot decode program: magic number is {magic:#x}, expected {MAGIC:#x}"));
        }
        let version = words.next("the version")?;
        if version != VERSION {
            return Err(format!("Cannot decode program: version is {version}, expected {VERSION}"));
        }
        let tensors = words.number("number of tensors", 1, MOST)?;
        let parameters = words.number("number of parameters", 0, MOST)?;
        let norms = words.number("number of norms", 0, MOST)?;
        let instructions = words.number("number of instructions", 1, MOST)?;
        let mixing = words.number("number of mixing weights", 0, MOST)?;
        let total = words.next("length")? as usize;
        if total != words.words.len() {
            return Err(format!("Cannot decode program: length is {total} words, found {}", words.words.len()));
        }
        if tensors.max(parameters).max(norms).max(instructions) > total {
            return Err(format!("Cannot decode program: its tables do not fit its {total} words"));
        }
        let mut program = Program { tensors: Vec::new(), parameters: Vec::new(), norms: Vec::new(), instructions: Vec::new(), mixing };
        for _ in 0..tensors {
            program.tensors.push(Tensor {
                height: words.number("tensor height", 1, MOST_SIDE)?,
                width: words.number("tensor width", 1, MOST_SIDE)?,
                channels: words.number("tensor channels", 1, MOST_CHANNELS)?,
                norm: None,
            });
        }
        for _ in 0..parameters {
            let kind = match words.number("parameter kind", 0, 5)? {
                0 => ParameterKind::Convolution,
                1 => ParameterKind::Depthwise,
                2 => ParameterKind::Gamma,
                3 => ParameterKind::Beta,
                4 => ParameterKind::Linear,
                _ => ParameterKind::LinearBias,
            };
            let mut dims = [1; 4];
            for dim in dims.iter_mut() {
                *dim = words.number("parameter dimension", 1, MOST_CHANNELS)?;
            }
            program.parameters.push(Parameter { kind, dims, fan_in: words.number("fan-in", 1, 1 << 24)? });
        }
        for norm in 0..norms {
            let tensor = words.index("normalised tensor", tensors)?;
            let gamma = words.optional("norm weight", parameters)?;
            let beta = words.optional("norm bias", parameters)?;
            let affine = match (gamma, beta) {
                (Some(gamma), Some(beta)) => Some((gamma, beta)),
                (None, None) => None,
                _ => return Err(format!("Cannot decode program: norm {norm} has only one of weight and bias, expected both or none")),
            };
            if program.tensors[tensor].norm.replace(norm).is_some() {
                return Err(format!("Cannot decode program: tensor {tensor} has two norms, expected one"));
            }
            program.norms.push(Norm { tensor, affine });
        }
        for _ in 0..instructions {
            let instruction = Self::one(words, tensors, parameters, mixing)?;
            program.instructions.push(instruction);
        }
        if words.at != total {
            return Err(format!("Cannot decode program: {} words follow the last instruction, expected none", total - words.at));
        }
        Ok(program)
    }

    fn one(words: &mut Words, tensors: usize, parameters: usize, mixing: usize) -> Result<Instruction, String> {
        let code = words.number("instruction code", 1, 8)?;
        Ok(match code {
            1 => Instruction::Convolution {
                out: words.index("convolution output", tensors)?,
                x: words.index("convolution input", tensors)?,
                weight: words.index("convolution weight", parameters)?,
                patch: Patch {
                    kernel: words.number("convolution kernel", 1, 7)?,
                    stride: words.number("convolution stride", 1, 4)?,
                    padding: words.number("convolution padding", 0, 3)?,
                    channels: words.number("convolution channels", 1, MOST_CHANNELS)?,
                },
                relu: words.flag("convolution relu")?,
            },
            2 => Instruction::Pointwise {
                out: words.index("pointwise output", tensors)?,
                weight: words.index("pointwise weight", parameters)?,
                relu: words.flag("pointwise relu")?,
                xs: words.list("pointwise inputs", tensors)?,
            },
            3 => Instruction::FactorizedReduce {
                out: words.index("factorised reduction output", tensors)?,
                weights: [words.index("factorised reduction weight", parameters)?, words.index("factorised reduction weight", parameters)?],
                xs: words.list("factorised reduction inputs", tensors)?,
            },
            4 => Instruction::DepthwisePointwise {
                out: words.index("depthwise output", tensors)?,
                x: words.index("depthwise input", tensors)?,
                depthwise: words.index("depthwise weight", parameters)?,
                pointwise: words.index("pointwise weight", parameters)?,
                window: Window {
                    kernel: match words.number("depthwise kernel", 3, 5)? {
                        4 => return Err("Cannot decode program: depthwise kernel is 4, expected 3 or 5".into()),
                        kernel => kernel,
                    },
                    dilation: words.number("depthwise dilation", 1, 2)?,
                    stride: words.number("depthwise stride", 1, 2)?,
                },
            },
            5 => Instruction::Pool {
                out: words.index("pooling output", tensors)?,
                x: words.index("pooling input", tensors)?,
                pool: Pool {
                    max: words.flag("pooling kind")?,
                    kernel: words.number("pooling kernel", 1, 16)?,
                    stride: words.number("pooling stride", 1, MOST_SIDE)?,
                    padding: words.number("pooling padding", 0, 8)?,
                },
                relu: words.flag("pooling relu")?,
            },
            6 => {
                let out = words.index("node", tensors)?;
                let count = words.number("number of terms", 1, 4096)?;
                let terms = (0..count)
                    .map(|_| {
                        Ok(CombineTerm {
                            x: words.index("term", tensors)?,
                            mix: words.optional("mixing weight", mixing)?,
                            drop: words.flag("drop-path flag")?,
                        })
                    })
                    .collect::<Result<_, String>>()?;
                Instruction::Combine { out, terms }
            }
            7 => Instruction::Classifier {
                weight: words.index("classifier weight", parameters)?,
                bias: words.index("classifier bias", parameters)?,
                classes: words.number("classes", 1, MOST_CHANNELS)?,
                head: words.number("head", 0, 1023)?,
                loss_weight: f32::from_bits(words.next("loss weight")?),
                relu: words.flag("classifier relu")?,
                groups: words.groups()?,
                xs: words.list("classifier inputs", tensors)?,
            },
            _ => Instruction::Segment,
        })
    }
}
