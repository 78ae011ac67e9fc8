"""The search network and the evaluation network of DARTS in PyTorch, with the reference implementation's tensor names.

Written from the paper (Liu et al., arXiv 1806.09055) and from the behaviour of the authors' code (github.com/quark0/darts,
`cnn/`): names and shapes of the state dict, the order of the operations and the arithmetic are theirs. Four things are
wider, and none of them changes what the original can compute:

* images may have any number of channels;
* stem and size are chosen apart: the original has one class for CIFAR and one for ImageNet (whose supernet is that of PC-DARTS,
  github.com/yuhuixu1993/PC-DARTS, `model_search_imagenet.py`), and none with the stems `stride2` and `stride4`, which are ours;
* a factorised reduction pads odd sizes with one row and column of zeros, where the original fails;
* the auxiliary head takes any size from 2x2, where the original wants 8x8, or 7x7 after the ImageNet stem; and its first ReLU does not overwrite the
  cell's output (the original's does, which only matters when the head sits on the last cell: at most 3 cells).
"""

from __future__ import annotations

from typing import Iterable, NamedTuple, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

PRIMITIVES = (
    "none",
    "max_pool_3x3",
    "avg_pool_3x3",
    "skip_connect",
    "sep_conv_3x3",
    "sep_conv_5x5",
    "dil_conv_3x3",
    "dil_conv_5x5",
)

STEM_MULTIPLIER = 3


class Genotype(NamedTuple):
    """An architecture: two genes (operation, state read) a node, and the states that are a cell's output."""

    normal: Sequence[tuple[str, int]]
    normal_concat: Sequence[int]
    reduce: Sequence[tuple[str, int]]
    reduce_concat: Sequence[int]


class Zero(nn.Module):
    """The operation `none`: zeros, of half the size at stride 2."""

    def __init__(self, stride: int):
        super().__init__()
        self.stride = stride

    def forward(self, x: Tensor) -> Tensor:
        return torch.zeros_like(x[:, :, :: self.stride, :: self.stride])


class Identity(nn.Module):
    """A skip connection at stride 1."""

    def forward(self, x: Tensor) -> Tensor:
        return x


class ReLUConvBN(nn.Module):
    """ReLU, convolution, normalisation: `op.1`, `op.2`."""

    def __init__(self, channels_in: int, channels_out: int, affine: bool):
        super().__init__()
        self.op = nn.Sequential(
            nn.ReLU(),
            nn.Conv2d(channels_in, channels_out, 1, bias=False),
            nn.BatchNorm2d(channels_out, affine=affine),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.op(x)


def _depthwise(channels: int, kernel: int, stride: int, dilation: int) -> nn.Conv2d:
    padding = dilation * (kernel // 2)
    return nn.Conv2d(channels, channels, kernel, stride, padding, dilation, groups=channels, bias=False)


class DilConv(nn.Module):
    """ReLU, depthwise convolution of dilation 2, pointwise convolution, normalisation: `op.1` to `op.3`."""

    def __init__(self, channels: int, kernel: int, stride: int, affine: bool):
        super().__init__()
        self.op = nn.Sequential(
            nn.ReLU(),
            _depthwise(channels, kernel, stride, dilation=2),
            nn.Conv2d(channels, channels, 1, bias=False),
            nn.BatchNorm2d(channels, affine=affine),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.op(x)


class SepConv(nn.Module):
    """Depthwise and pointwise convolution twice, the first time with the stride: `op.1` to `op.7`."""

    def __init__(self, channels: int, kernel: int, stride: int, affine: bool):
        super().__init__()
        self.op = nn.Sequential(
            nn.ReLU(),
            _depthwise(channels, kernel, stride, dilation=1),
            nn.Conv2d(channels, channels, 1, bias=False),
            nn.BatchNorm2d(channels, affine=affine),
            nn.ReLU(),
            _depthwise(channels, kernel, 1, dilation=1),
            nn.Conv2d(channels, channels, 1, bias=False),
            nn.BatchNorm2d(channels, affine=affine),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.op(x)


class FactorizedReduce(nn.Module):
    """ReLU, two pointwise convolutions of stride 2 on grids one pixel apart, normalisation: `conv_1`, `conv_2`, `bn`."""

    def __init__(self, channels_in: int, channels_out: int, affine: bool):
        super().__init__()
        self.relu = nn.ReLU()
        self.conv_1 = nn.Conv2d(channels_in, channels_out // 2, 1, stride=2, bias=False)
        self.conv_2 = nn.Conv2d(channels_in, channels_out // 2, 1, stride=2, bias=False)
        self.bn = nn.BatchNorm2d(channels_out, affine=affine)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(x)
        # At even sizes the padding is never read, and this is the original's x[:, :, 1:, 1:].
        shifted = F.pad(x, (0, 1, 0, 1))[:, :, 1:, 1:]
        return self.bn(torch.cat([self.conv_1(x), self.conv_2(shifted)], dim=1))


def make_operation(primitive: str, channels: int, stride: int, affine: bool) -> nn.Module:
    """Makes the operation of a name. Poolings have no normalisation here: the mixed operation adds it."""
    match primitive:
        case "none":
            return Zero(stride)
        case "max_pool_3x3":
            return nn.MaxPool2d(3, stride, padding=1)
        case "avg_pool_3x3":
            return nn.AvgPool2d(3, stride, padding=1, count_include_pad=False)
        case "skip_connect":
            return Identity() if stride == 1 else FactorizedReduce(channels, channels, affine)
        case "sep_conv_3x3" | "sep_conv_5x5":
            return SepConv(channels, int(primitive[-1]), stride, affine)
        case "dil_conv_3x3" | "dil_conv_5x5":
            return DilConv(channels, int(primitive[-1]), stride, affine)
    raise ValueError(f"Cannot make operation: found {primitive}, expected one of {', '.join(PRIMITIVES)}")


class MixedOp(nn.Module):
    """All candidate operations of an edge, each times its mixing weight."""

    def __init__(self, channels: int, stride: int):
        super().__init__()
        self._ops = nn.ModuleList()
        for primitive in PRIMITIVES:
            operation = make_operation(primitive, channels, stride, affine=False)
            if "pool" in primitive:
                operation = nn.Sequential(operation, nn.BatchNorm2d(channels, affine=False))
            self._ops.append(operation)

    def forward(self, x: Tensor, weights: Tensor) -> Tensor:
        return sum(weight * operation(x) for weight, operation in zip(weights, self._ops))


class _Preprocessed(nn.Module):
    """What the cells of both networks share: 1x1 convolutions that bring both inputs to one size."""

    def __init__(self, before: int, last: int, channels: int, reduction_prev: bool, affine: bool):
        super().__init__()
        first = FactorizedReduce if reduction_prev else ReLUConvBN
        self.preprocess0 = first(before, channels, affine)
        self.preprocess1 = ReLUConvBN(last, channels, affine)


class SearchCell(_Preprocessed):
    """A cell of the search network: every node adds up the mixed operations of all states before it."""

    def __init__(self, steps: int, before: int, last: int, channels: int, reduction: bool, reduction_prev: bool):
        super().__init__(before, last, channels, reduction_prev, affine=False)
        self.reduction = reduction
        self._steps = steps
        self._ops = nn.ModuleList(
            MixedOp(channels, stride=2 if reduction and state < 2 else 1)
            for node in range(steps)
            for state in range(2 + node)
        )

    def forward(self, s0: Tensor, s1: Tensor, weights: Tensor) -> Tensor:
        states = [self.preprocess0(s0), self.preprocess1(s1)]
        edge = 0
        for _ in range(self._steps):
            node = sum(self._ops[edge + i](state, weights[edge + i]) for i, state in enumerate(states))
            edge += len(states)
            states.append(node)
        return torch.cat(states[2:], dim=1)


class EvaluationCell(_Preprocessed):
    """A cell of an architecture: every node adds up two operations."""

    def __init__(
        self, genotype: Genotype, before: int, last: int, channels: int, reduction: bool, reduction_prev: bool
    ):
        super().__init__(before, last, channels, reduction_prev, affine=True)
        genes = genotype.reduce if reduction else genotype.normal
        self._concat = tuple(genotype.reduce_concat if reduction else genotype.normal_concat)
        self.multiplier = len(self._concat)
        self._sources = [source for _, source in genes]
        self._ops = nn.ModuleList(
            make_operation(name, channels, 2 if reduction and source < 2 else 1, affine=True) for name, source in genes
        )

    def forward(self, s0: Tensor, s1: Tensor, drop_path_prob: float) -> Tensor:
        states = [self.preprocess0(s0), self.preprocess1(s1)]
        for gene in range(0, len(self._ops), 2):
            states.append(sum(self._term(states, i, drop_path_prob) for i in (gene, gene + 1)))
        return torch.cat([states[i] for i in self._concat], dim=1)

    def _term(self, states: list[Tensor], gene: int, drop_path_prob: float) -> Tensor:
        operation = self._ops[gene]
        y = operation(states[self._sources[gene]])
        if not self.training or isinstance(operation, Identity):
            return y
        return drop_path(y, drop_path_prob)


def drop_path(x: Tensor, probability: float) -> Tensor:
    """Zeroes whole images of a path with a probability, and scales what is left so that the mean stays."""
    if probability <= 0:
        return x
    keep = 1 - probability
    mask = torch.empty(x.size(0), 1, 1, 1, dtype=x.dtype, device=x.device).bernoulli_(keep)
    return x / keep * mask


class AuxiliaryHead(nn.Module):
    """A second classifier in the middle of the evaluation network: `features.{2,3,5,6}`, `classifier`.

    That of ImageNet lacks the last normalisation, `features.6`: a slip of the authors' that they kept.
    """

    def __init__(self, channels: int, classes: int, size: int, is_imagenet: bool = False):
        super().__init__()
        window = {"kernel_size": 5, "stride": size - 5} if size > 5 else {"kernel_size": size - 1, "stride": 1}
        self.features = nn.Sequential(
            nn.ReLU(),
            nn.AvgPool2d(**window, padding=0, count_include_pad=False),
            nn.Conv2d(channels, 128, 1, bias=False),
            nn.BatchNorm2d(128),
            nn.ReLU(),
            nn.Conv2d(128, 768, 2, bias=False),
            *([] if is_imagenet else [nn.BatchNorm2d(768)]),
            nn.ReLU(),
        )
        self.classifier = nn.Linear(768, classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.classifier(self.features(x).flatten(1))


def _conv_norm(channels_in: int, channels_out: int, stride: int) -> list[nn.Module]:
    return [nn.Conv2d(channels_in, channels_out, 3, stride, padding=1, bias=False), nn.BatchNorm2d(channels_out)]


def _quarter(channels_in: int, channels_out: int) -> nn.Sequential:
    """Convolution to half of the channels and convolution to all of them, both of stride 2."""
    half = channels_out // 2
    return nn.Sequential(*_conv_norm(channels_in, half, 2), nn.ReLU(), *_conv_norm(half, channels_out, 2))


STEM_STRIDES = {"cifar": 1, "stride2": 2, "stride4": 4, "imagenet": 8}
"""How much smaller the map that the first cell works on is than the image."""


class _Stemmed(nn.Module):
    """A network's stem: `stem`, or `stem0` and `stem1` of ImageNet, whose outputs are the two inputs of the first cell."""

    def __init__(self, stem: str, channels_in: int, channels: int):
        super().__init__()
        self.is_imagenet = stem == "imagenet"
        self.stem_channels = channels if self.is_imagenet else STEM_MULTIPLIER * channels
        if self.is_imagenet:
            self.stem0 = _quarter(channels_in, channels)
            self.stem1 = nn.Sequential(nn.ReLU(), *_conv_norm(channels, channels, 2))
        elif stem == "stride4":
            self.stem = _quarter(channels_in, self.stem_channels)
        else:
            self.stem = nn.Sequential(*_conv_norm(channels_in, self.stem_channels, STEM_STRIDES[stem]))

    def read(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """The inputs of the first cell."""
        if self.is_imagenet:
            s0 = self.stem0(images)
            return s0, self.stem1(s0)
        s0 = self.stem(images)
        return s0, s0


def lay_cells(layers: int, channels: int, reduction_prev: bool) -> Iterable[tuple[int, bool, bool]]:
    """Yields channels, whether it reduces and whether what is before it did, for every cell."""
    for i in range(layers):
        reduction = i in (layers // 3, 2 * layers // 3)
        channels *= 2 if reduction else 1
        yield channels, reduction, reduction_prev
        reduction_prev = reduction


class SearchNetwork(_Stemmed):
    """The supernet (`Network` of the reference's `model_search.py`); alphas stand outside of the state dict, as there."""

    def __init__(
        self, channels: int, classes: int, layers: int, steps: int = 4, channels_in: int = 3, stem: str = "cifar"
    ):
        super().__init__(stem, channels_in, channels)
        self._steps = steps
        self.cells = nn.ModuleList()
        before = last = self.stem_channels
        for width, reduction, reduction_prev in lay_cells(layers, channels, self.is_imagenet):
            self.cells.append(SearchCell(steps, before, last, width, reduction, reduction_prev))
            before, last = last, steps * width
        self.global_pooling = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(last, classes)
        edges = sum(2 + node for node in range(steps))
        self.alphas_normal = (1e-3 * torch.randn(edges, len(PRIMITIVES))).requires_grad_()
        self.alphas_reduce = (1e-3 * torch.randn(edges, len(PRIMITIVES))).requires_grad_()

    def arch_parameters(self) -> list[Tensor]:
        """Both alphas, normal first."""
        return [self.alphas_normal, self.alphas_reduce]

    def forward(self, images: Tensor) -> Tensor:
        normal, reduce = (F.softmax(alphas, dim=-1) for alphas in self.arch_parameters())
        s0, s1 = self.read(images)
        for cell in self.cells:
            s0, s1 = s1, cell(s0, s1, reduce if cell.reduction else normal)
        return self.classifier(self.global_pooling(s1).flatten(1))


class EvaluationNetwork(_Stemmed):
    """The final network (`NetworkCIFAR` of the reference's `model.py`, or with the ImageNet stem its `NetworkImageNet`).

    `image_size` (side in pixels of a square image) sets the window of the auxiliary head; 32 is the original's 8x8 case, 224
    its 7x7 case.
    """

    def __init__(
        self,
        channels: int,
        classes: int,
        layers: int,
        auxiliary: bool,
        genotype: Genotype,
        channels_in: int = 3,
        image_size: int = 32,
        stem: str = "cifar",
    ):
        super().__init__(stem, channels_in, channels)
        self._auxiliary_cell = 2 * layers // 3 if auxiliary else None
        self.drop_path_prob = 0.0
        self.cells = nn.ModuleList()
        before = last = self.stem_channels
        # Halves are rounded up, one after another.
        size = -(-image_size // STEM_STRIDES[stem])
        for i, (width, reduction, reduction_prev) in enumerate(lay_cells(layers, channels, self.is_imagenet)):
            cell = EvaluationCell(genotype, before, last, width, reduction, reduction_prev)
            self.cells.append(cell)
            before, last = last, cell.multiplier * width
            size = (size + 1) // 2 if reduction else size
            if i == self._auxiliary_cell:
                self.auxiliary_head = AuxiliaryHead(last, classes, size, self.is_imagenet)
        self.global_pooling = nn.AdaptiveAvgPool2d(1)
        self.classifier = nn.Linear(last, classes)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor | None]:
        """Logits of the main head and, in training, of the auxiliary one."""
        auxiliary = None
        s0, s1 = self.read(images)
        for i, cell in enumerate(self.cells):
            s0, s1 = s1, cell(s0, s1, self.drop_path_prob)
            if i == self._auxiliary_cell and self.training:
                auxiliary = self.auxiliary_head(s1)
        return self.classifier(self.global_pooling(s1).flatten(1)), auxiliary
