"""Computes fixtures/stems.{json,safetensors}: search and final networks with the stems of larger images, in double precision.

Loss, logits, every gradient and three SGD steps on one batch; alphas stay. See README.md for what the files hold.
Run: python make_stem_fixtures.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

import make_derived_fixtures
import make_supernet_fixtures
from fixture_file import normalise_pixels, relative_deviation, single, write_fixture
from genotypes import DARTS_V2, EVERY_OPERATION
from make_derived_fixtures import AUXILIARY_WEIGHT, SGD, sample
from real_images import crop_mosaics

STEPS = 3
SEEDS = 8
GRADIENTS = {"whole": 24, "samples": 24}
WEIGHTS = {"whole": 6, "samples": 6}

Supernet = make_supernet_fixtures.Size
Derived = make_derived_fixtures.Size

# Odd sides are halved upwards; the narrow convolution of an ImageNet stem has 3 channels here and 5 there.
SIZES = [
    Supernet("supernet_stride2_19x22_c4", 4, 3, 2, 10, (19, 22, 3), 4, "stride2"),
    Supernet("supernet_stride4_30x27_grey_c4", 4, 3, 2, 10, (30, 27, 1), 4, "stride4"),
    Supernet("supernet_imagenet_44x41_c6", 6, 3, 2, 10, (44, 41, 3), 4, "imagenet"),
    Derived("derived_stride2_21_grey_c4", 4, 3, 10, 21, 1, 4, False, EVERY_OPERATION, "stride2"),
    Derived("derived_stride4_34_c4", 4, 3, 10, 34, 3, 4, True, EVERY_OPERATION, "stride4"),
    Derived("derived_imagenet_60_c10", 10, 3, 10, 60, 3, 4, True, DARTS_V2, "imagenet"),
]


def batch_of(size: Supernet | Derived) -> tuple[np.ndarray, np.ndarray]:
    """The bytes and labels of a network's batch."""
    shape = size.image if isinstance(size, Supernet) else (size.side, size.side, size.input_channels)
    return crop_mosaics(size.batch, shape)


def compute_loss(outputs: Any, targets: Tensor) -> Tensor:
    """The loss of a network's outputs; final networks tell the auxiliary head's apart."""
    if isinstance(outputs, Tensor):
        return F.cross_entropy(outputs, targets)
    logits, auxiliary = outputs
    loss = F.cross_entropy(logits, targets)
    return loss if auxiliary is None else loss + AUXILIARY_WEIGHT * F.cross_entropy(auxiliary, targets)


def logits_of(outputs: Any) -> Tensor:
    """The logits of the main head."""
    return (outputs if isinstance(outputs, Tensor) else outputs[0]).detach()


def run(size: Supernet | Derived, seed: int, dtype: torch.dtype) -> dict[str, Any]:
    """Steps on one batch; logits and gradients of the first pass, and of an evaluation pass right after it."""
    pixels, labels = batch_of(size)
    channels = pixels.shape[3]
    mean, std = [make_derived_fixtures.MEAN] * channels, [make_derived_fixtures.STD] * channels
    images, targets = normalise_pixels(pixels, mean, std).to(dtype), torch.from_numpy(labels).long()
    network = size.build(seed, dtype, 1.0) if isinstance(size, Supernet) else size.build(seed, dtype)
    optimizer = torch.optim.SGD(
        network.parameters(), lr=SGD["learningRate"], momentum=SGD["momentum"], weight_decay=SGD["weightDecay"]
    )
    result: dict[str, Any] = {"losses": [], "gradientNorms": []}
    for step in range(STEPS):
        optimizer.zero_grad()
        outputs = network.train()(images)
        loss = compute_loss(outputs, targets)
        loss.backward()
        if step == 0:
            gradients = {name: p.grad.clone() for name, p in network.named_parameters()}
            if isinstance(size, Supernet):
                result["alphas"] = torch.cat([alphas.grad for alphas in network.arch_parameters()])
            with torch.no_grad():
                evaluated = network.eval()(images)
            result |= {"gradients": gradients, "logits": logits_of(outputs), "evaluation_logits": logits_of(evaluated)}
        result["losses"].append(loss.item())
        result["gradientNorms"].append(torch.nn.utils.clip_grad_norm_(network.parameters(), SGD["clip"]).item())
        optimizer.step()
    result["final"] = {name: p.detach() for name, p in network.named_parameters()}
    result["buffers"] = {name: value for name, value in network.named_buffers() if name.startswith("stem")}
    return result


def deviation(size: Supernet | Derived, seed: int) -> float:
    """How far single precision is from the fixture: the largest of gradients and losses."""
    rough, exact = (run(size, seed, dtype) for dtype in (torch.float32, torch.float64))
    floor = 1e-3 * max(gradient.abs().max().item() for gradient in exact["gradients"].values())
    pairs = [(rough["gradients"][name], value) for name, value in exact["gradients"].items()]
    losses = [abs(found - expected) / expected for found, expected in zip(rough["losses"], exact["losses"])]
    return max(*losses, *(relative_deviation(found, expected, floor) for found, expected in pairs))


def joined(values: dict[str, Tensor], kept: dict[str, int]) -> np.ndarray:
    """Samples of all tensors, one after another by name."""
    return single(torch.cat([sample(values[name], **kept) for name in sorted(values)]))


def main() -> None:
    tensors: dict[str, np.ndarray] = {}
    entries = []
    for size in SIZES:
        seed = min(range(1, SEEDS + 1), key=lambda seed: deviation(size, seed))
        exact = run(size, seed, torch.float64)
        pixels, labels = batch_of(size)
        put = lambda key, value: tensors.__setitem__(f"{size.name}/{key}", value)
        put("image", pixels)
        put("labels", labels)
        for key in ("logits", "evaluation_logits"):
            put(key, single(exact[key]))
        if "alphas" in exact:
            put("alpha_gradient", single(exact["alphas"]))
        put("gradients", joined(exact["gradients"], GRADIENTS))
        norms = [exact["gradients"][name].norm().item() for name in sorted(exact["gradients"])]
        put("gradient_norms", np.array(norms, np.float32))
        put("final", joined(exact["final"], WEIGHTS))
        for name, value in exact["buffers"].items():
            if not name.endswith("num_batches_tracked"):
                put(f"buffer/{name}", single(value))
        entry = size.describe() | {
            "stem": size.stem,
            "seed": seed,
            "alphaBound": 1.0 if "alphas" in exact else 0,
            "largestGradient": max(gradient.abs().max().item() for gradient in exact["gradients"].values()),
            "samples": {"gradients": GRADIENTS["samples"], "final": WEIGHTS["samples"]},
            "sgd": {"steps": STEPS, **SGD, "losses": exact["losses"], "gradientNorms": exact["gradientNorms"]},
            "singlePrecisionDeviation": deviation(size, seed),
            "parameters": " ".join(sorted(exact["gradients"])),
        }
        entries.append(entry)
        print(size.name, seed, entry["sgd"], entry["singlePrecisionDeviation"])
    write_fixture("stems", {"cases": entries}, tensors)


if __name__ == "__main__":
    main()
