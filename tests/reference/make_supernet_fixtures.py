"""Computes fixtures/supernets.{json,safetensors} and fixtures/bilevel.{json,safetensors}: whole search networks.

The first holds losses, logits and every gradient of four sizes; the second five bilevel steps, first and second order, of
two sizes. All in double precision. See README.md for what the files hold. Run: python make_supernet_fixtures.py
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from architect import Architect, BilevelSettings
from darts_reference import SearchNetwork
from fixture_file import normalise_pixels, relative_deviation, single, write_fixture
from hashed_values import fill_network, uniform
from real_images import crop_photographs

torch.set_num_threads(1)

MEAN, STD = 0.45, 0.25
STEPS = 5
SEEDS = 12
ROUNDINGS = (0, 1, -1, 2)
SAMPLES = 16


@dataclass(frozen=True)
class Size:
    """Sizes of a search network and its batch."""

    name: str
    channels: int
    cells: int
    nodes: int
    classes: int
    image: tuple[int, int, int]
    batch: int
    stem: str = "cifar"

    def build(self, seed: int, dtype: torch.dtype, alpha_bound: float) -> SearchNetwork:
        """A network with hashed weights and alphas."""
        network = SearchNetwork(
            self.channels, self.classes, self.cells, self.nodes, self.image[2], self.stem
        ).to(dtype)
        fill_network(network, seed)
        for name in ("alphas_normal", "alphas_reduce"):
            values = uniform(seed, name, tuple(getattr(network, name).shape), 0.0, alpha_bound)
            setattr(network, name, torch.tensor(values, dtype=dtype, requires_grad=True))
        return network

    def describe(self) -> dict[str, Any]:
        """The sizes as the manifest has them: those of a Space, and the batch."""
        height, width, channels = self.image
        return {
            "name": self.name,
            "channels": self.channels,
            "cells": self.cells,
            "nodes": self.nodes,
            "classes": self.classes,
            "inputChannels": channels,
            "height": height,
            "width": width,
            "batch": self.batch,
            "mean": [MEAN] * channels,
            "std": [STD] * channels,
        }

    def normalise(self, pixels: np.ndarray, dtype: torch.dtype) -> Tensor:
        """Bytes to the network's input."""
        return normalise_pixels(pixels, [MEAN] * self.image[2], [STD] * self.image[2]).to(dtype)


SIZES = [
    Size("colour_16x16_c4_3cells", 4, 3, 4, 10, (16, 16, 3), 4),
    Size("grey_13x13_c6_3cells", 6, 3, 4, 10, (13, 13, 1), 3),
    Size("grey_28x28_c8_5cells", 8, 5, 4, 10, (28, 28, 1), 2),
    Size("colour_12x10_c5_4cells_3nodes", 5, 4, 3, 10, (12, 10, 3), 5),
]

BILEVEL = [
    (Size("colour_16x16_c4_3cells", 4, 3, 4, 10, (16, 16, 3), 8), BilevelSettings()),
    (Size("grey_13x13_c6_3cells", 6, 3, 4, 10, (13, 13, 1), 6), BilevelSettings(learning_rate=0.05, clip=0.5)),
]


def run_supernet(size: Size, seed: int, dtype: torch.dtype) -> dict[str, Any]:
    """One training pass with all gradients, then one evaluation pass with the running statistics it left."""
    pixels, labels = crop_photographs(0, size.batch, size.image)
    network = size.build(seed, dtype, alpha_bound=1.0).train()
    images, targets = size.normalise(pixels, dtype), torch.from_numpy(labels).long()
    logits = network(images)
    loss = F.cross_entropy(logits, targets)
    loss.backward()
    with torch.no_grad():
        evaluated = network.eval()(images)
    return {
        "pixels": pixels,
        "labels": labels,
        "loss": loss.item(),
        "evaluationLoss": F.cross_entropy(evaluated, targets).item(),
        "logits": logits.detach(),
        "evaluation_logits": evaluated,
        "gradients": {name: parameter.grad for name, parameter in network.named_parameters()}
        | {"alphas_normal": network.alphas_normal.grad, "alphas_reduce": network.alphas_reduce.grad},
    }


def gradient_deviation(found: dict[str, Any], exact: dict[str, Any]) -> float:
    """Largest relative deviation of a gradient, tensor by tensor."""
    floor = 1e-3 * max(gradient.abs().max().item() for gradient in exact["gradients"].values())
    return max(relative_deviation(found["gradients"][name], value, floor) for name, value in exact["gradients"].items())


def choose(measure, seeds: int) -> int:
    """The seed for which single precision follows double precision best: it is far from kinks and cancellation."""
    return min(range(1, seeds + 1), key=measure)


def make_supernets() -> None:
    tensors: dict[str, np.ndarray] = {}
    entries = []
    for size in SIZES:
        compare = lambda seed: gradient_deviation(*(run_supernet(size, seed, t) for t in (torch.float32, torch.float64)))
        seed = choose(compare, seeds=12)
        exact = run_supernet(size, seed, torch.float64)
        put = lambda key, value: tensors.__setitem__(f"{size.name}/{key}", value)
        put("image", exact["pixels"])
        put("labels", exact["labels"])
        put("logits", single(exact["logits"]))
        put("evaluation_logits", single(exact["evaluation_logits"]))
        for name, gradient in exact["gradients"].items():
            put(f"gradient/{name}", single(gradient))
        entry = size.describe() | {
            "seed": seed,
            "alphaBound": 1.0,
            "loss": exact["loss"],
            "evaluationLoss": exact["evaluationLoss"],
            "singlePrecisionDeviation": compare(seed),
        }
        entries.append(entry)
        print({key: entry[key] for key in ("name", "seed", "loss", "evaluationLoss", "singlePrecisionDeviation")})
    write_fixture("supernets", {"cases": entries}, tensors)


def bilevel_batches(size: Size) -> dict[str, np.ndarray]:
    """Bytes and labels of all steps: [steps, batch, ...] for the weights (train) and for alpha (valid)."""
    batches = {}
    for part, start in (("train", 0), ("valid", STEPS * size.batch)):
        images, labels = crop_photographs(start, STEPS * size.batch, size.image)
        batches[f"{part}_image"] = images.reshape(STEPS, size.batch, *size.image)
        batches[f"{part}_labels"] = labels.reshape(STEPS, size.batch)
    return batches


def run_bilevel(size: Size, settings: BilevelSettings, seed: int, dtype: torch.dtype, rounding: int = 0) -> dict[str, Any]:
    """Five steps from hashed weights and alphas, the stem's weights `rounding` units in the last place larger."""
    data = bilevel_batches(size)
    network = size.build(seed, dtype, alpha_bound=0.1).train()
    with torch.no_grad():
        network.stem[0].weight.mul_(1 + rounding * 2**-23)
    initial = {name: parameter.detach().clone() for name, parameter in network.named_parameters()}
    architect = Architect(network, settings)
    batch = lambda part, step: (
        size.normalise(data[f"{part}_image"][step], dtype),
        torch.from_numpy(data[f"{part}_labels"][step]).long(),
    )
    reports, alphas = [], []
    for step in range(STEPS):
        reports.append(architect.step(batch("train", step), batch("valid", step)))
        alphas.append(torch.cat(network.arch_parameters()).detach().clone())
    return {"reports": reports, "alphas": torch.stack(alphas), "initial": initial, "network": network}


def bilevel_deviation(size: Size, settings: BilevelSettings, seed: int) -> dict[str, float]:
    """How far single precision is off after five steps, from the worst of several starts a rounding error apart.

    Losses relatively, alphas by their root mean square in units of the way that Adam may have moved them. One start would not
    tell: where one ReLU or maximum of the small batch is a tie but for rounding, the finite difference magnifies it.
    """
    exact = run_bilevel(size, settings, seed, torch.float64)
    losses, alphas = [], []
    for rounding in ROUNDINGS:
        rough = run_bilevel(size, settings, seed, torch.float32, rounding)
        for step, (found, expected) in enumerate(zip(rough["reports"], exact["reports"])):
            losses += [abs(found[key] - expected[key]) / expected[key] for key in ("alphaLoss", "loss", "gradientNorm")]
            offset = (rough["alphas"][step] - exact["alphas"][step]).square().mean().sqrt().item()
            alphas.append(offset / ((step + 1) * settings.alpha_learning_rate))
    return {"losses": max(losses), "alphas": max(alphas)}


def make_bilevel() -> None:
    tensors: dict[str, np.ndarray] = {}
    entries = []
    for size, base in BILEVEL:
        orders = [BilevelSettings(**vars(base) | {"unrolled": unrolled}) for unrolled in (False, True)]
        for settings in orders:
            seed = choose(lambda seed: max(bilevel_deviation(size, settings, seed).values()), seeds=SEEDS)
            name = f"{size.name}/order{2 if settings.unrolled else 1}"
            exact = run_bilevel(size, settings, seed, torch.float64)
            network = exact["network"]
            put = lambda key, value: tensors.__setitem__(f"{name}/{key}", value)
            put("alphas", single(exact["alphas"]))
            norms = []
            for parameter_name, parameter in network.named_parameters():
                norms.append((parameter - exact["initial"][parameter_name]).norm().item())
                put(f"final/{parameter_name}", single(sample(parameter)))
            put("update_norms", np.array(norms, np.float32))
            for buffer_name, value in network.named_buffers():
                if buffer_name.startswith(("stem.1.running", f"cells.{size.cells - 1}.preprocess1.op.2.running")):
                    put(f"buffer/{buffer_name}", single(value))
            entry = size.describe() | {
                "name": name,
                "data": size.name,
                "order": 2 if settings.unrolled else 1,
                "seed": seed,
                "alphaBound": 0.1,
                "settings": {
                    "learningRate": settings.learning_rate,
                    "momentum": settings.momentum,
                    "weightDecay": settings.weight_decay,
                    "clip": settings.clip,
                    "alphaLearningRate": settings.alpha_learning_rate,
                    "alphaBeta1": settings.alpha_betas[0],
                    "alphaBeta2": settings.alpha_betas[1],
                    "alphaWeightDecay": settings.alpha_weight_decay,
                },
                "steps": exact["reports"],
                "singlePrecisionDeviation": bilevel_deviation(size, settings, seed),
                "parameters": [parameter_name for parameter_name, _ in network.named_parameters()],
            }
            entries.append(entry)
            print(name, seed, entry["singlePrecisionDeviation"], entry["steps"])
        tensors |= {f"{size.name}/{key}": value for key, value in bilevel_batches(size).items()}
    write_fixture("bilevel", {"cases": entries}, tensors)


def sample(tensor: Tensor) -> Tensor:
    """At most 16 elements, evenly spaced in row-major order: element floor(k * n / m) for k < m."""
    flat = tensor.detach().flatten()
    count = min(flat.numel(), SAMPLES)
    return flat[torch.arange(count) * flat.numel() // count]


if __name__ == "__main__":
    make_supernets()
    make_bilevel()
