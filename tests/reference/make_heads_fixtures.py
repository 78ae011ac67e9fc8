"""Computes fixtures/heads.{json,safetensors}: a whole search network that learns from several datasets, one head each.

The classifier's rows are those of all heads, one dataset after the other. Here every head is applied by itself, to the
images of its own dataset only, which are normalised by that dataset's own mean and deviation; the loss is the mean over
all images. In double precision. See README.md for what the files hold. Run: python make_heads_fixtures.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from darts_reference import SearchNetwork
from fixture_file import normalise_pixels, single, write_fixture
from make_supernet_fixtures import Size, choose, gradient_deviation
from real_images import crop_photographs

torch.set_num_threads(1)

SIZE = Size("colour_12x10_c4_3cells_3heads", 4, 3, 4, 9, (12, 10, 3), 6)
HEADS = [4, 2, 3]
PARTS = np.array([2, 0, 1, 0, 2, 0])
MEANS = [[0.5, 0.45, 0.4], [0.3, 0.3, 0.3], [0.6, 0.5, 0.55]]
STDS = [[0.25, 0.2, 0.3], [0.35, 0.35, 0.35], [0.2, 0.3, 0.25]]


def head_losses(network: SearchNetwork, images: Tensor, labels: Tensor) -> Tensor:
    """The loss of each image by its own head; `labels` count within the dataset."""
    kept = []
    hook = network.classifier.register_forward_pre_hook(lambda _, inputs: kept.append(inputs[0]))
    network(images)
    hook.remove()
    features, first, losses = kept[0], 0, images.new_zeros(len(labels))
    for part, classes in enumerate(HEADS):
        rows = torch.from_numpy(np.flatnonzero(PARTS == part))
        weight, bias = (tensor[first : first + classes] for tensor in (network.classifier.weight, network.classifier.bias))
        losses = losses.index_put((rows,), F.cross_entropy(F.linear(features[rows], weight, bias), labels[rows], reduction="none"))
        first += classes
    return losses


def run(seed: int, dtype: torch.dtype) -> dict[str, Any]:
    """One training pass with all gradients."""
    pixels, labels = crop_photographs(0, SIZE.batch, SIZE.image)
    labels = labels % np.array(HEADS)[PARTS]
    network = SIZE.build(seed, dtype, alpha_bound=1.0).train()
    rows = [normalise_pixels(pixels[i : i + 1], MEANS[part], STDS[part]) for i, part in enumerate(PARTS)]
    losses = head_losses(network, torch.cat(rows).to(dtype), torch.from_numpy(labels).long())
    losses.mean().backward()
    return {
        "pixels": pixels,
        "labels": labels + np.cumsum([0, *HEADS])[PARTS],
        "losses": losses.detach(),
        "gradients": {name: parameter.grad for name, parameter in network.named_parameters()}
        | {"alphas_normal": network.alphas_normal.grad, "alphas_reduce": network.alphas_reduce.grad},
    }


if __name__ == "__main__":
    compare = lambda seed: gradient_deviation(*(run(seed, dtype) for dtype in (torch.float32, torch.float64)))
    seed = choose(compare, seeds=12)
    exact = run(seed, torch.float64)
    tensors = {
        "image": exact["pixels"],
        "labels": exact["labels"].astype(np.uint8),
        "parts": PARTS.astype(np.uint8),
        "losses": single(exact["losses"]),
    } | {f"gradient/{name}": single(gradient) for name, gradient in exact["gradients"].items()}
    case = SIZE.describe() | {
        "heads": HEADS,
        "means": MEANS,
        "stds": STDS,
        "seed": seed,
        "alphaBound": 1.0,
        "loss": exact["losses"].mean().item(),
        "singlePrecisionDeviation": compare(seed),
    }
    print(case)
    write_fixture("heads", {"cases": [case]}, {f"{SIZE.name}/{key}": value for key, value in tensors.items()})
