"""Computes fixtures/class_weights.json: a small network whose classes have weights in the loss.

A convolution, the mean over space, a classifier and an auxiliary one, with `torch.nn.CrossEntropyLoss(weight=...)`: the mean is
divided by the sum of the images' weights. The second case has two groups of classes, each with a softmax of its own, and the
same mean over the images of both. In double precision. See README.md. Run: python make_class_weights_fixtures.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from fixture_file import FIXTURES, format_json, versions

SIDE, CHANNELS, CLASSES, AUXILIARY = 4, 8, 5, 0.4
MEAN, STD = 0.5, 0.25
LABELS = [0, 3, 3, 1, 3, 2]
WEIGHTS = [0.25, 1.5, 4.0, 0.625, 2.0]


def cross_entropy(logits: Tensor, labels: Tensor, weights: Tensor, groups: list[int]) -> Tensor:
    """PyTorch's own for one group of classes; its sums, group by group, for several."""
    if groups == [CLASSES]:
        return torch.nn.CrossEntropyLoss(weight=weights)(logits, labels)
    loss, total, first = torch.zeros((), dtype=logits.dtype), torch.zeros((), dtype=logits.dtype), 0
    for classes in groups:
        rows = (labels >= first) & (labels < first + classes)
        own = labels[rows] - first
        of = weights[first : first + classes]
        loss = loss + F.cross_entropy(logits[rows, first : first + classes], own, weight=of, reduction="sum")
        total = total + of[own].sum()
        first += classes
    return loss / total


def run(groups: list[int]) -> dict[str, Any]:
    """One pass with all gradients."""
    random = np.random.default_rng(7)
    pixels = random.integers(0, 256, (len(LABELS), SIDE, SIDE))
    shapes = {"stem": (CHANNELS, 1, 3, 3), "w": (CLASSES, CHANNELS), "b": (CLASSES,), "v": (CLASSES, CHANNELS), "c": (CLASSES,)}
    parameters = {
        name: torch.from_numpy(random.normal(0, 0.7, shape).astype(np.float32).astype(np.float64)).requires_grad_()
        for name, shape in shapes.items()
    }
    images = torch.from_numpy((pixels / 255 - MEAN) / STD)[:, None]
    labels, weights = torch.tensor(LABELS), torch.tensor(WEIGHTS, dtype=torch.float64)
    features = F.conv2d(images, parameters["stem"], padding=1).mean((2, 3))
    losses = [
        cross_entropy(F.linear(features, parameters[weight], parameters[bias]), labels, weights, groups)
        for weight, bias in (("w", "b"), ("v", "c"))
    ]
    loss = losses[0] + AUXILIARY * losses[1]
    loss.backward()
    return {
        "groups": groups,
        "pixels": pixels.ravel().tolist(),
        "parameters": {name: value.detach().ravel().tolist() for name, value in parameters.items()},
        "loss": loss.item(),
        "gradients": {name: value.grad.ravel().tolist() for name, value in parameters.items()},
    }


if __name__ == "__main__":
    sizes = {"side": SIDE, "channels": CHANNELS, "classes": CLASSES, "auxiliary": AUXILIARY, "mean": MEAN, "std": STD}
    cases = [run([CLASSES]), run([2, 3])]
    fixture = {"versions": versions()} | sizes | {"labels": LABELS, "weights": WEIGHTS, "cases": cases}
    (FIXTURES / "class_weights.json").write_text(format_json(fixture) + "\n")
    print([case["loss"] for case in cases])
