"""Computes fixtures/nasbench201.{json,safetensors}: supernets and final networks of NAS-Bench-201, in double precision.

Three SGD steps each: losses, gradient norms, logits and gradients of the first, weights and running statistics afterwards.
Run: python make_nasbench201_fixtures.py
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from fixture_file import normalise_pixels, relative_deviation, single, write_fixture
from hashed_values import fill_network, uniform
from nasbench201_reference import FinalNetwork, Network, SearchNetwork
from real_images import crop_photographs

torch.set_num_threads(1)

MEAN, STD = 0.45, 0.25
STEPS = 3
SGD = {"learningRate": 0.025, "momentum": 0.9, "weightDecay": 3e-4, "clip": 5.0}
WHOLE, SAMPLES = 192, 128

EVERY_OPERATION = ["nor_conv_3x3", "nor_conv_1x1", "avg_pool_3x3", "skip_connect", "none", "nor_conv_3x3"]
# Node 1 is zero but for the bias of what reads it; node 2 leads nowhere.
ZERO_AND_DEAD = ["none", "nor_conv_3x3", "avg_pool_3x3", "avg_pool_3x3", "nor_conv_1x1", "none"]


@dataclass(frozen=True)
class Size:
    """Sizes of a network and its batch; a supernet without an architecture."""

    name: str
    channels: int
    cells: int
    image: tuple[int, int, int]
    batch: int
    genotype: list[str] | None = None

    def build(self, seed: int, dtype: torch.dtype) -> Network:
        """A network with hashed weights and alpha."""
        sizes = (self.channels, self.cells, 10, self.image[2])
        network = FinalNetwork(*sizes, self.genotype) if self.genotype else SearchNetwork(*sizes)
        fill_network(network, seed)
        network = network.to(dtype)
        if isinstance(network, SearchNetwork):
            alpha = uniform(seed, "arch_parameters", (6, 5), 0.0, 1.0)
            network.arch_parameters = torch.tensor(alpha, dtype=dtype, requires_grad=True)
        return network

    def describe(self) -> dict[str, Any]:
        """The sizes as the manifest has them: those of a Space, the batch, the architecture."""
        height, width, channels = self.image
        entry = {
            "name": self.name,
            "channels": self.channels,
            "cellsPerStage": self.cells,
            "stem": "cifar",
            "classes": 10,
            "inputChannels": channels,
            "height": height,
            "width": width,
            "batch": self.batch,
            "mean": [MEAN] * channels,
            "std": [STD] * channels,
        }
        return entry | ({"genotype": {"operations": self.genotype}} if self.genotype else {})


SIZES = [
    Size("supernet_colour_12x8_c4", 4, 1, (12, 8, 3), 5),
    Size("supernet_grey_9x9_c3_2cells", 3, 2, (9, 9, 1), 4),
    Size("every_operation_colour_16x16_c8", 8, 1, (16, 16, 3), 4, EVERY_OPERATION),
    Size("zero_and_dead_grey_8x8_c5", 5, 1, (8, 8, 1), 6, ZERO_AND_DEAD),
]


def run(size: Size, seed: int, dtype: torch.dtype) -> dict[str, Any]:
    """Three SGD steps on batches of their own; gradients of the first, evaluation logits of the first batch after it."""
    pixels, labels = crop_photographs(0, STEPS * size.batch, size.image)
    images = normalise_pixels(pixels, [MEAN] * size.image[2], [STD] * size.image[2]).to(dtype).split(size.batch)
    targets = torch.from_numpy(labels).long().split(size.batch)
    network = size.build(seed, dtype)
    rates = {"lr": SGD["learningRate"], "momentum": SGD["momentum"], "weight_decay": SGD["weightDecay"]}
    optimizer = torch.optim.SGD(network.parameters(), **rates)
    result: dict[str, Any] = {"pixels": pixels, "labels": labels, "losses": [], "gradientNorms": []}
    dead: set[str] = set()
    for step in range(STEPS):
        network.train()
        optimizer.zero_grad()
        logits = network(images[step])
        loss = F.cross_entropy(logits, targets[step])
        loss.backward()
        # Weights that no path leads from have a gradient of zero in the engine, and decay like the others.
        for name, parameter in network.named_parameters():
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
                dead.add(name.rsplit(".", 2)[0])
        if step == 0:
            gradients = {name: p.grad.clone() for name, p in network.named_parameters()}
            if isinstance(network, SearchNetwork):
                gradients["arch_parameters"] = network.arch_parameters.grad.clone()
            with torch.no_grad():
                evaluated = network.eval()(images[0])
            result |= {"gradients": gradients, "logits": logits.detach(), "evaluation_logits": evaluated}
        result["losses"].append(loss.item())
        result["gradientNorms"].append(torch.nn.utils.clip_grad_norm_(network.parameters(), SGD["clip"]).item())
        optimizer.step()
    result["final"] = {name: p.detach().clone() for name, p in network.named_parameters()}
    # The engine does not run what no path leads from, so its statistics stay.
    result["running"] = {
        name: buffer.clone()
        for name, buffer in network.named_buffers()
        if "running" in name and name.rsplit(".", 2)[0] not in dead
    }
    return result


def deviation(size: Size, seed: int) -> float:
    """How far single precision is from the fixture: the largest of gradients, statistics and losses."""
    rough, exact = (run(size, seed, dtype) for dtype in (torch.float32, torch.float64))
    floor = 1e-3 * max(gradient.abs().max().item() for gradient in exact["gradients"].values())
    losses = [abs(found - expected) / expected for found, expected in zip(rough["losses"], exact["losses"])]
    gradients = [relative_deviation(rough["gradients"][name], value, floor) for name, value in exact["gradients"].items()]
    running = [relative_deviation(rough["running"][name], value, 1e-3) for name, value in exact["running"].items()]
    return max(*losses, *gradients, *running)


def sample(tensor: Tensor, whole: int = WHOLE, samples: int = SAMPLES) -> Tensor:
    """All elements, or of large tensors every floor(k * n / m) for k < m, in row-major order."""
    flat = tensor.detach().flatten()
    if flat.numel() <= whole:
        return flat
    return flat[torch.arange(samples) * flat.numel() // samples]


def main() -> None:
    tensors: dict[str, np.ndarray] = {}
    entries = []
    for size in SIZES:
        seed = min(range(1, 25), key=lambda seed: deviation(size, seed))
        exact = run(size, seed, torch.float64)
        put = lambda key, value: tensors.__setitem__(f"{size.name}/{key}", value)
        put("image", exact["pixels"].reshape(STEPS, size.batch, *exact["pixels"].shape[1:]))
        put("labels", exact["labels"].reshape(STEPS, size.batch))
        put("logits", single(exact["logits"]))
        put("evaluation_logits", single(exact["evaluation_logits"]))
        for name, gradient in exact["gradients"].items():
            put(f"gradient/{name}", single(sample(gradient)))
        for name, value in exact["final"].items():
            put(f"final/{name}", single(sample(value, whole=8, samples=8)))
        for name, value in exact["running"].items():
            put(f"running/{name}", single(sample(value, whole=8, samples=8)))
        entry = size.describe() | {
            "seed": seed,
            "sgd": {"steps": STEPS, **SGD, "losses": exact["losses"], "gradientNorms": exact["gradientNorms"]},
            "singlePrecisionDeviation": deviation(size, seed),
        }
        entries.append(entry)
        print(size.name, seed, entry["sgd"], entry["singlePrecisionDeviation"])
    write_fixture("nasbench201", {"cases": entries}, tensors)


if __name__ == "__main__":
    main()
