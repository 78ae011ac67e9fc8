"""Features of the embedding network by PyTorch, and distances between them by POT and scipy: `fixtures/signature`.

Training images of the embedded datasets, brought to 32x32 in colour, normalised by their own mean and deviation, through
`data/embedding.safetensors` in double precision up to the classifier, each row divided by its length.
Run: python make_signature_fixture.py
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import ot
import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import load_file

from darts_reference import EvaluationNetwork, Genotype
from fixture_file import write_fixture
from load_checkpoint import load_derived
from make_transport_fixtures import transport
from real_images import FOLDER, read_idx

SIDE = 32
SHARE = 0.05  # the default regularisation of `select`
DATASETS = {"uci-digits": 100, "fashion-mnist-12k": 80, "sign-language-digits": 90}
PAIRS = [("uci-digits", "fashion-mnist-12k"), ("sign-language-digits", "fashion-mnist-12k")]
KEPT = 20  # rows of features in the fixture


@dataclass
class Embedded:
    """A sample of a dataset."""

    points: np.ndarray  # [images, features]
    labels: np.ndarray
    classes: int


def open_network() -> EvaluationNetwork:
    """The embedding network, in double precision."""
    file = FOLDER.parent / "embedding.safetensors"
    with safe_open(file, "pt") as content:
        model = json.loads(content.metadata()["model"])
    fields = {field: model["genotype"][field] for field in Genotype._fields}
    network = load_derived(load_file(file), Genotype(**fields), SIDE, model["space"].get("stem"))
    network.drop_path_prob = 0.0
    return network.double().eval()


def prepare(name: str, count: int) -> tuple[torch.Tensor, np.ndarray]:
    """Images as the engine has them, [N, 3, 32, 32] of whole numbers, and their labels."""
    folder = FOLDER.parent / name
    images = read_idx(folder / "train-images.idx.gz")[:count]
    labels = read_idx(folder / "train-labels.idx.gz")[:count].astype(np.int64)
    colour = images if images.ndim == 4 else np.repeat(images[..., None], 3, 3)
    pixels = torch.from_numpy(colour.astype(np.float64)).permute(0, 3, 1, 2)
    if pixels.shape[2] != SIDE:
        # Halves go up, as in the engine.
        pixels = F.interpolate(pixels, (SIDE, SIDE), mode="bilinear", antialias=True).add(0.5).floor()
    return pixels, labels


def embed(network: EvaluationNetwork, pixels: torch.Tensor) -> np.ndarray:
    """What the classifier reads, [N, features], each row of length 1."""
    seen: list[torch.Tensor] = []
    hook = network.classifier.register_forward_hook(lambda _, inputs, __: seen.append(inputs[0]))
    scaled = pixels / 255
    mean, std = scaled.mean((0, 2, 3), keepdim=True), scaled.std((0, 2, 3), unbiased=False, keepdim=True)
    with torch.no_grad():
        network((scaled - mean) / std)
    hook.remove()
    return F.normalize(seen[0], dim=1).numpy()


def costs(a: Embedded, b: Embedded) -> np.ndarray:
    """Ground costs: squared distances of features plus those of the classes' Gaussians.

    The trace of (S^1/2 T S^1/2)^1/2 for covariances S, T of centred rows X, Y is the nuclear norm of X Y^T, over the root of
    their numbers: exact, where S and T are singular, too.
    """
    between = np.zeros((a.classes, b.classes))
    for i, j in np.ndindex(between.shape):
        x, y = a.points[a.labels == i], b.points[b.labels == j]
        first, second = x - x.mean(0), y - y.mean(0)
        nuclear = np.linalg.svd(first @ second.T, compute_uv=False).sum() / np.sqrt(len(x) * len(y))
        spread = (first**2).sum() / len(x) + (second**2).sum() / len(y) - 2 * nuclear
        between[i, j] = ((x.mean(0) - y.mean(0)) ** 2).sum() + max(spread, 0.0)
    return ot.dist(a.points, b.points, "sqeuclidean") + between[np.ix_(a.labels, b.labels)]


def distance(a: Embedded, b: Embedded) -> float:
    """What `select` shows."""
    cost = costs(a, b)
    epsilon = SHARE * cost.mean()
    return transport(cost, epsilon) - (transport(costs(a, a), epsilon) + transport(costs(b, b), epsilon)) / 2


def main() -> None:
    """Three datasets, two pairs."""
    network = open_network()
    samples = {}
    for name, count in DATASETS.items():
        pixels, labels = prepare(name, count)
        samples[name] = Embedded(embed(network, pixels), labels, 10)
    cases = [{"target": a, "source": b, "distance": distance(samples[a], samples[b])} for a, b in PAIRS]
    tensors = {name: sample.points[:KEPT].astype(np.float32) for name, sample in samples.items()}
    description = {"transportVersion": ot.__version__, "images": DATASETS, "cases": cases}
    write_fixture("signature", description, tensors)
    print(cases)


if __name__ == "__main__":
    main()
