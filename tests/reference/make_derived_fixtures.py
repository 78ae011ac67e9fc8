"""Computes fixtures/derived.{json,safetensors}: final networks with the auxiliary head, in double precision.

Loss, logits, gradients and three SGD steps. Drop-path is off: its masks come from a generator of the engine's own, which
PyTorch does not have. See README.md for what the files hold. Run: python make_derived_fixtures.py
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from darts_reference import EvaluationNetwork, Genotype
from fixture_file import normalise_pixels, relative_deviation, single, write_fixture
from genotypes import DARTS_V2, EVERY_OPERATION
from hashed_values import fill_network
from real_images import crop_photographs

torch.set_num_threads(1)

MEAN, STD = 0.45, 0.25
STEPS = 3
AUXILIARY_WEIGHT = 0.4
SGD = {"learningRate": 0.025, "momentum": 0.9, "weightDecay": 3e-4, "clip": 5.0}
WHOLE = 8192
SAMPLES = 1024


@dataclass(frozen=True)
class Size:
    """Sizes of a final network and its batch."""

    name: str
    channels: int
    cells: int
    classes: int
    side: int
    input_channels: int
    batch: int
    auxiliary: bool
    genotype: Genotype
    stem: str = "cifar"

    def build(self, seed: int, dtype: torch.dtype) -> EvaluationNetwork:
        """A network with hashed weights."""
        network = EvaluationNetwork(
            self.channels,
            self.classes,
            self.cells,
            self.auxiliary,
            self.genotype,
            self.input_channels,
            self.side,
            self.stem,
        )
        fill_network(network, seed)
        return network.to(dtype)

    def describe(self) -> dict[str, Any]:
        """The sizes as the manifest has them: those of a Space, the batch, the architecture."""
        return {
            "name": self.name,
            "channels": self.channels,
            "cells": self.cells,
            "nodes": 4,
            "classes": self.classes,
            "inputChannels": self.input_channels,
            "height": self.side,
            "width": self.side,
            "batch": self.batch,
            "mean": [MEAN] * self.input_channels,
            "std": [STD] * self.input_channels,
            "auxiliaryWeight": AUXILIARY_WEIGHT if self.auxiliary else 0,
            "genotype": self.genotype._asdict(),
        }


SIZES = [
    Size("colour_32x32_c4_5cells_auxiliary", 4, 5, 10, 32, 3, 4, True, EVERY_OPERATION),
    Size("grey_28x28_c6_3cells_auxiliary", 6, 3, 10, 28, 1, 5, True, EVERY_OPERATION),
    Size("grey_13x13_c5_4cells", 5, 4, 10, 13, 1, 3, False, DARTS_V2),
]


def run(size: Size, seed: int, dtype: torch.dtype) -> dict[str, Any]:
    """Three SGD steps on batches of their own; gradients of the first, evaluation logits of the first batch after it."""
    shape = (size.side, size.side, size.input_channels)
    pixels, labels = crop_photographs(0, STEPS * size.batch, shape)
    images = normalise_pixels(pixels, [MEAN] * shape[2], [STD] * shape[2]).to(dtype).split(size.batch)
    targets = torch.from_numpy(labels).long().split(size.batch)
    network = size.build(seed, dtype)
    initial = {name: parameter.detach().clone() for name, parameter in network.named_parameters()}
    optimizer = torch.optim.SGD(
        network.parameters(), lr=SGD["learningRate"], momentum=SGD["momentum"], weight_decay=SGD["weightDecay"]
    )
    result: dict[str, Any] = {"pixels": pixels, "labels": labels, "losses": [], "gradientNorms": []}
    for step in range(STEPS):
        network.train()
        optimizer.zero_grad()
        logits, auxiliary = network(images[step])
        loss = F.cross_entropy(logits, targets[step])
        if auxiliary is not None:
            loss = loss + AUXILIARY_WEIGHT * F.cross_entropy(auxiliary, targets[step])
        loss.backward()
        if step == 0:
            result["gradients"] = {name: p.grad.clone() for name, p in network.named_parameters()}
            with torch.no_grad():
                evaluated, _ = network.eval()(images[0])
            result |= {"logits": logits.detach(), "evaluation_logits": evaluated}
        result["losses"].append(loss.item())
        result["gradientNorms"].append(torch.nn.utils.clip_grad_norm_(network.parameters(), SGD["clip"]).item())
        optimizer.step()
    result["final"] = {name: p.detach().clone() for name, p in network.named_parameters()}
    result["update_norms"] = [(p - initial[name]).norm().item() for name, p in result["final"].items()]
    return result


def deviation(size: Size, seed: int) -> float:
    """How far single precision is from the fixture: the largest of gradients and losses."""
    rough, exact = (run(size, seed, dtype) for dtype in (torch.float32, torch.float64))
    floor = 1e-3 * max(gradient.abs().max().item() for gradient in exact["gradients"].values())
    pairs = [(rough["gradients"][name], value) for name, value in exact["gradients"].items()]
    losses = [abs(found - expected) / expected for found, expected in zip(rough["losses"], exact["losses"])]
    return max(*losses, *(relative_deviation(found, expected, floor) for found, expected in pairs))


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
        seed = min(range(1, 13), key=lambda seed: deviation(size, seed))
        exact = run(size, seed, torch.float64)
        put = lambda key, value: tensors.__setitem__(f"{size.name}/{key}", value)
        put("image", exact["pixels"].reshape(STEPS, size.batch, *exact["pixels"].shape[1:]))
        put("labels", exact["labels"].reshape(STEPS, size.batch))
        put("logits", single(exact["logits"]))
        put("evaluation_logits", single(exact["evaluation_logits"]))
        for name, gradient in exact["gradients"].items():
            put(f"gradient/{name}", single(sample(gradient)))
            put(f"final/{name}", single(sample(exact["final"][name], whole=16, samples=16)))
        put("gradient_norms", np.array([g.norm().item() for g in exact["gradients"].values()], np.float32))
        put("update_norms", np.array(exact["update_norms"], np.float32))
        entry = size.describe() | {
            "seed": seed,
            "sgd": {"steps": STEPS, **SGD, "losses": exact["losses"], "gradientNorms": exact["gradientNorms"]},
            "singlePrecisionDeviation": deviation(size, seed),
            "parameters": list(exact["gradients"]),
        }
        entries.append(entry)
        print(size.name, seed, entry["sgd"], entry["singlePrecisionDeviation"])
    write_fixture("derived", {"cases": entries}, tensors)


if __name__ == "__main__":
    main()
