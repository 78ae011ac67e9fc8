"""Computes fixtures/soft_targets.json: the network of class_weights.json with smoothed labels and mixed images.

Without mixing it is `torch.nn.CrossEntropyLoss(weight=..., label_smoothing=...)`; with it and without weights of classes the same
with probabilities as targets. With both, a loss weighs what its classes do by their shares before smoothing, which is PyTorch's
own mean where nothing is mixed. In double precision. See README.md. Run: python make_soft_targets_fixtures.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from engine_random import draw_mix
from fixture_file import FIXTURES, format_json, versions
from make_class_weights_fixtures import AUXILIARY, CHANNELS, CLASSES, LABELS, MEAN, SIDE, STD, WEIGHTS

SEED, EPOCH = 5, 2
# Name, groups of classes, label smoothing, mixup, cutmix, whether classes have weights.
CASES = [
    ("smoothing", [CLASSES], 0.1, 0, 0, False),
    ("smoothing and weights", [CLASSES], 0.3, 0, 0, True),
    ("mixup", [CLASSES], 0, 0.8, 0, False),
    ("cutmix and smoothing", [CLASSES], 0.1, 0, 1, False),
    ("everything", [CLASSES], 0.1, 1, 1, True),
    ("everything, in groups", [2, 3], 0.1, 1, 1, True),
]


def group_of(label: int, groups: list[int]) -> tuple[int, int]:
    """First class of a label's group, and its classes."""
    first = 0
    for classes in groups:
        if label < first + classes:
            return first, classes
        first += classes
    raise ValueError(label)


def mix(images: Tensor, groups: list[int], mixup: float, cutmix: float) -> tuple[Tensor, Tensor]:
    """Images, each with the next one of its group; shares of all classes before smoothing, [N, classes]."""
    count, mixed, shares = len(LABELS), [], torch.zeros(len(LABELS), CLASSES, dtype=images.dtype)
    for i, label in enumerate(LABELS):
        others = [j % count for j in range(i + 1, i + count) if group_of(LABELS[j % count], groups) == group_of(label, groups)]
        if not others or mixup == cutmix == 0:
            mixed.append(images[i])
            shares[i, label] = 1
            continue
        keep, part = draw_mix(mixup, cutmix, (SEED, EPOCH, i), SIDE, SIDE)
        image, partner = images[i].clone(), images[others[0]]
        if part is None:
            image = keep * image + (1 - keep) * partner
        else:
            y, x, rows, columns = part
            image[:, y : y + rows, x : x + columns] = partner[:, y : y + rows, x : x + columns]
        mixed.append(image)
        shares[i, label] += keep
        shares[i, LABELS[others[0]]] += 1 - keep
    return torch.stack(mixed), shares


def cross_entropy(logits: Tensor, shares: Tensor, groups: list[int], smoothing: float, weights: Tensor) -> Tensor:
    """Mean loss over the images, each in the group of its label."""
    loss, total = 0, 0
    for row, of, label in zip(logits, shares, LABELS):
        first, classes = group_of(label, groups)
        own = slice(first, first + classes)
        soft = (1 - smoothing) * of[own] + smoothing / classes
        loss = loss - (weights[own] * soft * F.log_softmax(row[own], 0)).sum()
        total = total + (weights * of).sum()
    return loss / total


def check(logits: Tensor, shares: Tensor, smoothing: float, weights: Tensor | None, expected: Tensor) -> None:
    """PyTorch's own loss, where it has one."""
    loss = torch.nn.CrossEntropyLoss(weight=weights, label_smoothing=smoothing)
    found = loss(logits, torch.tensor(LABELS) if (shares.max(1).values == 1).all() else shares)
    torch.testing.assert_close(found, expected)


def run(name: str, groups: list[int], smoothing: float, mixup: float, cutmix: float, is_weighted: bool) -> dict[str, Any]:
    """One pass with all gradients."""
    random = np.random.default_rng(7)
    pixels = random.integers(0, 256, (len(LABELS), SIDE, SIDE))
    shapes = {"stem": (CHANNELS, 1, 3, 3), "w": (CLASSES, CHANNELS), "b": (CLASSES,), "v": (CLASSES, CHANNELS), "c": (CLASSES,)}
    parameters = {
        name: torch.from_numpy(random.normal(0, 0.7, shape).astype(np.float32).astype(np.float64)).requires_grad_()
        for name, shape in shapes.items()
    }
    images, shares = mix(torch.from_numpy((pixels / 255 - MEAN) / STD)[:, None], groups, mixup, cutmix)
    weights = torch.tensor(WEIGHTS, dtype=torch.float64) if is_weighted else torch.ones(CLASSES, dtype=torch.float64)
    features = F.conv2d(images, parameters["stem"], padding=1).mean((2, 3))
    losses = []
    for weight, bias in (("w", "b"), ("v", "c")):
        logits = F.linear(features, parameters[weight], parameters[bias])
        losses.append(cross_entropy(logits, shares, groups, smoothing, weights))
        if groups == [CLASSES] and not (is_weighted and mixup + cutmix > 0):
            check(logits, shares, smoothing, weights if is_weighted else None, losses[-1])
    loss = losses[0] + AUXILIARY * losses[1]
    loss.backward()
    return {
        "name": name,
        "groups": groups,
        "smoothing": smoothing,
        "mixup": mixup,
        "cutmix": cutmix,
        "isWeighted": is_weighted,
        "pixels": pixels.ravel().tolist(),
        "parameters": {name: value.detach().ravel().tolist() for name, value in parameters.items()},
        "loss": loss.item(),
        "gradients": {name: value.grad.ravel().tolist() for name, value in parameters.items()},
    }


if __name__ == "__main__":
    sizes = {"side": SIDE, "channels": CHANNELS, "classes": CLASSES, "auxiliary": AUXILIARY, "mean": MEAN, "std": STD}
    common = {"seed": SEED, "epoch": EPOCH, "labels": LABELS, "weights": WEIGHTS}
    cases = [run(*case) for case in CASES]
    # All cases have the same images and parameters.
    shared = {key: cases[0][key] for key in ("pixels", "parameters")}
    cases = [{key: value for key, value in case.items() if key not in shared} for case in cases]
    fixture = {"versions": versions()} | sizes | common | shared | {"cases": cases}
    (FIXTURES / "soft_targets.json").write_text(format_json(fixture) + "\n")
    print([(case["name"], case["loss"]) for case in cases])
