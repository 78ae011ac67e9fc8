"""Loads a checkpoint of Rootstock into the PyTorch networks of this folder, strictly, and compares logits.

    python load_checkpoint.py --checkpoint supernet.safetensors --images images.safetensors --logits logits.safetensors
    python load_checkpoint.py --checkpoint checkpoint.safetensors --genotype genotype.json --images … --logits …

`--images` holds `images` (bytes, [N, H, W, C]) and `mean`, `std` ([C], in units of byte/255); `--logits` holds `logits`
([N, classes]), computed from them in evaluation mode; both may be one file. Sizes are read off the checkpoint's shapes, but for
`--stem stride2`, whose shapes are those of `cifar`. A
checkpoint with alphas is a supernet; without, a derived network, which needs its genotype. Tensors that are not part of a
state dict (alphas, moments of an optimiser) are taken out; the rest must load strictly.

Prints one JSON line; exits with 1 if the logits differ by more than `--tolerance` (1e-4), absolutely or relative to the
largest logit, whichever is more forgiving.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from darts_reference import STEM_MULTIPLIER, STEM_STRIDES, EvaluationNetwork, Genotype, SearchNetwork

ALPHAS = ("alphas_normal", "alphas_reduce")
MODULES = ("stem.", "stem0.", "stem1.", "cells.", "classifier.", "auxiliary_head.")


def load_supernet(tensors: dict[str, Tensor], stem: str | None) -> SearchNetwork:
    """A search network with the checkpoint's weights and alphas; tensors left over or missing are an error."""
    state = dict(tensors)
    alphas = [state.pop(name) for name in ALPHAS]
    edges = alphas[0].shape[0]
    steps = next(nodes for nodes in range(1, 64) if nodes * (nodes + 3) // 2 >= edges)
    channels, classes, cells, channels_in, found = sizes_of(state)
    network = SearchNetwork(channels, classes, cells, steps, channels_in, stem or found)
    network.load_state_dict(state, strict=True)
    for name, value in zip(ALPHAS, alphas):
        setattr(network, name, value)
    return network


def load_derived(
    tensors: dict[str, Tensor], genotype: Genotype, image_size: int, stem: str | None
) -> EvaluationNetwork:
    """A final network with the checkpoint's weights."""
    channels, classes, cells, channels_in, found = sizes_of(tensors)
    auxiliary = any(name.startswith("auxiliary_head.") for name in tensors)
    network = EvaluationNetwork(
        channels, classes, cells, auxiliary, genotype, channels_in, image_size, stem or found
    )
    network.load_state_dict(tensors, strict=True)
    return network


def sizes_of(state: dict[str, Tensor]) -> tuple[int, int, int, int, str]:
    """Channels, classes, cells, image channels and stem of a network, from its names and shapes."""
    cells = 1 + max(int(match[1]) for name in state if (match := re.match(r"cells\.(\d+)\.", name)))
    stem = "imagenet" if "stem1.1.weight" in state else "stride4" if "stem.3.weight" in state else "cifar"
    first, last = {
        "imagenet": ("stem0.0.weight", "stem0.3.weight"),
        "stride4": ("stem.0.weight", "stem.3.weight"),
        "cifar": ("stem.0.weight", "stem.0.weight"),
    }[stem]
    channels = state[last].shape[0] // (1 if stem == "imagenet" else STEM_MULTIPLIER)
    return channels, state["classifier.weight"].shape[0], cells, state[first].shape[1], stem


def read_genotype(path: Path) -> Genotype:
    """Reads genotype JSON in DARTS' names."""
    content = json.loads(path.read_text())
    return Genotype(**{field: content[field] for field in Genotype._fields})


def prepare(images: dict[str, Tensor], channels: int) -> Tensor:
    """Bytes to the network's input; grey images enter colour networks by replication."""
    pixels = images["images"].float() / 255
    pixels = ((pixels - images["mean"]) / images["std"]).permute(0, 3, 1, 2)
    return pixels.expand(-1, channels, -1, -1) if pixels.size(1) == 1 else pixels


def compare(network: nn.Module, images: dict[str, Tensor], expected: Tensor) -> float:
    """Largest difference of a logit, relative to the largest logit if that is above 1."""
    channels = next(module for module in network.modules() if isinstance(module, nn.Conv2d)).in_channels
    with torch.no_grad():
        found = network.eval()(prepare(images, channels))
    found = found[0] if isinstance(found, tuple) else found
    if found.shape != expected.shape:
        raise SystemExit(f"Cannot compare logits: shape is {list(expected.shape)}, expected {list(found.shape)}")
    return ((found - expected).abs().max() / expected.abs().max().clamp(min=1)).item()


def main() -> int:
    parser = argparse.ArgumentParser(description="Compares a checkpoint's logits with PyTorch's")
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--logits", type=Path, required=True)
    parser.add_argument("--genotype", type=Path)
    parser.add_argument("--stem", choices=list(STEM_STRIDES))
    parser.add_argument("--tolerance", type=float, default=1e-4)
    options = parser.parse_args()

    content = load_file(options.checkpoint)
    tensors = {name: value for name, value in content.items() if name.startswith(MODULES) or name in ALPHAS}
    images = load_file(options.images)
    if ALPHAS[0] in tensors and options.genotype is None:
        network: nn.Module = load_supernet(tensors, options.stem)
    elif options.genotype is not None:
        state = {name: value for name, value in tensors.items() if name not in ALPHAS}
        network = load_derived(state, read_genotype(options.genotype), images["images"].shape[1], options.stem)
    else:
        raise SystemExit(f"Cannot load {options.checkpoint}: it has no alphas, expected --genotype for a derived network")
    difference = compare(network, images, load_file(options.logits)["logits"])
    passed = difference <= options.tolerance
    report = {
        "passed": passed,
        "network": type(network).__name__,
        "tensors": len(network.state_dict()),
        "leftOut": len(content) - len(network.state_dict()),
        "images": images["images"].shape[0],
        "maxDifference": difference,
        "tolerance": options.tolerance,
    }
    print(json.dumps(report))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
