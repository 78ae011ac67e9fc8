"""Distances between small subsets of the embedded datasets, computed with POT and scipy: `fixtures/transport`.

Ground cost |x - x'|^2 + W^2(y, y'), W of the classes' means and biased covariances by their matrix square roots; transport by POT's
log-domain Sinkhorn in double precision, run until the marginals are met to 1e-7.
Run: python make_transport_fixtures.py
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import ot
import scipy
from scipy.linalg import eigh, eigvalsh, sqrtm

from fixture_file import write_fixture
from real_images import FOLDER, read_idx

MOST_UPDATES = 100_000
VIOLATION = 1e-7  # the value's error is quadratic in it


@dataclass
class Sample:
    """Labelled images of a dataset, averaged to side x side grey bytes."""

    features: np.ndarray  # [images, side * side], bytes
    labels: np.ndarray
    classes: int

    @property
    def points(self) -> np.ndarray:
        """What the engine makes of bytes: byte / 255, rounded to single precision."""
        return (self.features.astype(np.float32) / np.float32(255)).astype(np.float64)


def read_sample(name: str, first: int, count: int, side: int, classes: int = 10) -> Sample:
    """Test images from `first` on with labels below `classes`; averaged over the cells of a grid."""
    folder = FOLDER.parent / name
    images, labels = read_idx(folder / "test-images.idx.gz"), read_idx(folder / "test-labels.idx.gz")
    chosen = np.flatnonzero(labels < classes)[first : first + count]
    grey = images[chosen].astype(np.float64)
    if grey.ndim == 4:
        grey = grey @ np.array([0.299, 0.587, 0.114]) if grey.shape[3] == 3 else grey[..., 0]
    rows = np.array_split(np.arange(grey.shape[1]), side)
    columns = np.array_split(np.arange(grey.shape[2]), side)
    cells = [grey[:, r[0] : r[-1] + 1, c[0] : c[-1] + 1].mean((1, 2)) for r in rows for c in columns]
    return Sample(np.stack(cells, 1).round().astype(np.uint8), labels[chosen].copy(), classes)


def label_distances(a: Sample, b: Sample) -> np.ndarray:
    """Squared 2-Wasserstein distances between the classes' Gaussians, [classes of a, classes of b]."""
    distances = np.zeros((a.classes, b.classes))
    for i, j in np.ndindex(distances.shape):
        x, y = a.points[a.labels == i], b.points[b.labels == j]
        first, second = np.cov(x.T, bias=True), np.cov(y.T, bias=True)
        # By eigenvalues: the covariances of few images are singular, where sqrtm warns and loses half of its digits.
        values, vectors = eigh(first)
        root = vectors * np.sqrt(values.clip(0)) @ vectors.T
        nuclear = np.sqrt(eigvalsh(root @ second @ root).clip(0)).sum()
        by_sqrtm = np.trace(np.real(sqrtm(root @ second @ root)))
        assert abs(by_sqrtm - nuclear) < 1e-5 * (np.trace(first) + np.trace(second)), "scipy's sqrtm differs"
        bures = np.trace(first + second) - 2 * nuclear
        distances[i, j] = ((x.mean(0) - y.mean(0)) ** 2).sum() + max(bures, 0.0)
    return distances


def costs(a: Sample, b: Sample) -> np.ndarray:
    """Ground costs of all pairs of images."""
    return ot.dist(a.points, b.points, "sqeuclidean") + label_distances(a, b)[np.ix_(a.labels, b.labels)]


def transport(cost: np.ndarray, epsilon: float) -> float:
    """Least of <P, C> + epsilon KL(P | a x b): equal to the dual value."""
    a, b = np.full(len(cost), 1 / len(cost)), np.full(cost.shape[1], 1 / cost.shape[1])
    plan, log = ot.bregman.sinkhorn_log(a, b, cost, epsilon, numItermax=MOST_UPDATES, stopThr=VIOLATION, log=True)
    assert log["err"][-1] <= VIOLATION, f"no convergence: {log['err'][-1]}"
    product = np.outer(a, b)
    positive = plan > 0
    divergence = (plan[positive] * np.log(plan[positive] / product[positive])).sum()
    return (plan * cost).sum() + epsilon * divergence


def compare(a: Sample, b: Sample, share: float) -> dict[str, Any]:
    """All that the engine returns; epsilon is a share of the mean cost between the samples."""
    between = costs(a, b)
    epsilon = share * between.mean()
    values = [transport(cost, epsilon) for cost in (between, costs(a, a), costs(b, b))]
    distance = values[0] - values[1] / 2 - values[2] / 2
    return {"share": share, "epsilon": epsilon, "values": values, "distance": distance}


def main() -> None:
    """Four pairs, three regularisations."""
    samples = {
        "digits": read_sample("uci-digits", 0, 120, 8),
        "other_digits": read_sample("uci-digits", 150, 90, 8),
        "clothes": read_sample("fashion-mnist-12k", 0, 100, 8),
        "few_clothes": read_sample("fashion-mnist-12k", 300, 60, 8, classes=4),
        "hands": read_sample("sign-language-digits", 0, 80, 8, classes=7),
    }
    pairs = [("digits", "clothes"), ("digits", "other_digits"), ("hands", "few_clothes"), ("few_clothes", "digits")]
    tensors, cases = {}, []
    for name, sample in samples.items():
        tensors[f"{name}/features"] = sample.features
        tensors[f"{name}/labels"] = sample.labels
    for first, second in pairs:
        a, b = samples[first], samples[second]
        results = [compare(a, b, share) for share in (0.5, 0.05, 0.02)]
        tensors[f"{first}-{second}/label_distances"] = label_distances(a, b)
        sizes = {"firstClasses": a.classes, "secondClasses": b.classes}
        cases.append({"first": first, "second": second, **sizes, "results": results})
        print(first, second, [f"{result['distance']:.6f}" for result in results])
    versions = {"POT": ot.__version__, "scipy": scipy.__version__}
    write_fixture("transport", {"transportVersions": versions, "cases": cases}, tensors)


if __name__ == "__main__":
    main()
