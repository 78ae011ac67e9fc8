"""Search and final network of NAS-Bench-201 in PyTorch, with the state-dict names of AutoDL-Projects.

`SearchNetwork` is its `TinyNetworkDarts`, `FinalNetwork` its `TinyNetwork`. Wider here: grey images, and sides that are odd,
where a residual block averages over 3x3 pixels. Convolutions have no bias in search either (later versions have one there,
which the normalisation behind it takes away again).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

OPERATIONS = ("none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3")
NODES = 4
EDGES = tuple((node, source) for node in range(NODES) for source in range(node))


class Zero(nn.Module):
    """The operation `none`."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.zeros_like(x)


class ReluConvNorm(nn.Module):
    """ReLU, convolution, normalisation."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int = 1, affine: bool = True):
        super().__init__()
        convolution = nn.Conv2d(channels_in, channels_out, kernel, stride, padding=kernel // 2, bias=False)
        self.op = nn.Sequential(nn.ReLU(), convolution, nn.BatchNorm2d(channels_out, affine=affine))

    def forward(self, x: Tensor) -> Tensor:
        return self.op(x)


def make_operation(name: str, channels: int, affine: bool) -> nn.Module:
    """A candidate of an edge, at stride 1."""
    if name == "none":
        return Zero()
    if name == "skip_connect":
        return nn.Identity()
    if name == "avg_pool_3x3":
        return nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False)
    return ReluConvNorm(channels, channels, int(name[-1]), affine=affine)


class SearchCell(nn.Module):
    """A cell whose edges hold all operations."""

    def __init__(self, channels: int):
        super().__init__()
        make = lambda: nn.ModuleList(make_operation(name, channels, affine=False) for name in OPERATIONS)
        self.edges = nn.ModuleDict({f"{node}<-{source}": make() for node, source in EDGES})

    def forward(self, x: Tensor, weights: Tensor) -> Tensor:
        nodes = [x]
        for node in range(1, NODES):
            row = EDGES.index((node, 0))
            mixed = (
                weights[row + source, k] * operation(nodes[source])
                for source in range(node)
                for k, operation in enumerate(self.edges[f"{node}<-{source}"])
            )
            nodes.append(sum(mixed))
        return nodes[-1]


class FinalCell(nn.Module):
    """A cell with one operation an edge."""

    def __init__(self, channels: int, genotype: list[str]):
        super().__init__()
        self.layers = nn.ModuleList(make_operation(name, channels, affine=True) for name in genotype)

    def forward(self, x: Tensor) -> Tensor:
        nodes = [x]
        for node in range(1, NODES):
            row = EDGES.index((node, 0))
            nodes.append(sum(self.layers[row + source](nodes[source]) for source in range(node)))
        return nodes[-1]


class ResidualBlock(nn.Module):
    """Halves the map and doubles the channels."""

    def __init__(self, channels_in: int, channels_out: int):
        super().__init__()
        self.conv_a = ReluConvNorm(channels_in, channels_out, 3, stride=2)
        self.conv_b = ReluConvNorm(channels_out, channels_out, 3)
        self.downsample = nn.Sequential(nn.AvgPool2d(2), nn.Conv2d(channels_in, channels_out, 1, bias=False))

    def forward(self, x: Tensor) -> Tensor:
        pool, convolution = self.downsample
        if x.shape[2] % 2 or x.shape[3] % 2:
            pool = nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False)
        return convolution(pool(x)) + self.conv_b(self.conv_a(x))


class Network(nn.Module):
    """Stem, three stages with residual blocks between, normalisation, ReLU, global pooling, classifier."""

    def __init__(self, channels: int, cells: int, classes: int, input_channels: int, make_cell):
        super().__init__()
        stem = nn.Conv2d(input_channels, channels, 3, padding=1, bias=False)
        self.stem = nn.Sequential(stem, nn.BatchNorm2d(channels))
        body: list[nn.Module] = []
        for stage in range(3):
            if stage > 0:
                body.append(ResidualBlock(channels, 2 * channels))
                channels *= 2
            body += [make_cell(channels) for _ in range(cells)]
        self.cells = nn.ModuleList(body)
        self.lastact = nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU())
        self.classifier = nn.Linear(channels, classes)

    def run(self, images: Tensor, cell_arguments: tuple[Tensor, ...]) -> Tensor:
        x = self.stem(images)
        for cell in self.cells:
            x = cell(x) if isinstance(cell, ResidualBlock) else cell(x, *cell_arguments)
        return self.classifier(self.lastact(x).mean(dim=(2, 3)))


class SearchNetwork(Network):
    """The supernet; `arch_parameters` [6, 5] is no parameter of the module, so that SGD leaves it alone."""

    def __init__(self, channels: int, cells: int, classes: int, input_channels: int):
        super().__init__(channels, cells, classes, input_channels, SearchCell)
        self.arch_parameters = torch.zeros(len(EDGES), len(OPERATIONS))

    def forward(self, images: Tensor) -> Tensor:
        return self.run(images, (torch.softmax(self.arch_parameters, dim=-1),))


class FinalNetwork(Network):
    """The network of one architecture, given as the operations of its edges."""

    def __init__(self, channels: int, cells: int, classes: int, input_channels: int, genotype: list[str]):
        super().__init__(channels, cells, classes, input_channels, lambda width: FinalCell(width, genotype))

    def forward(self, images: Tensor) -> Tensor:
        return self.run(images, ())
