"""Checks the head of `compare --arms features`: the same features by native onnxruntime, and other heads on them.

    python tests/reference/probe_features.py runs/lite0.onnx runs/t/trashnet_96 runs/t/food10 …

Each folder holds a dataset in IDX, as `deno task subset` writes it. For each, test accuracy of three heads, all fitted to all training
images: linear discriminant analysis with the penalties of the kernels, chosen by the loss of five folds (the kernels choose by leaving
one out); scikit-learn's logistic regression on standardised features and on features as they are, C chosen by the loss of five folds.
"""

import argparse
import struct
import time
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

PENALTIES = (1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0)
STANDARDISED, AS_THEY_ARE = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 1e-1), (1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 1.0)
FOLDS, BATCH = 5, 32


def read_idx(path: Path) -> np.ndarray:
    content = path.read_bytes()
    rank = content[3]
    shape = struct.unpack(f">{rank}I", content[4 : 4 + 4 * rank])
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


class Extractor:
    """The network, with its own size and normalisation."""

    def __init__(self, path: str):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        metadata = self.session.get_modelmeta().custom_metadata_map
        self.mean, self.std = (
            np.array([float(text) for text in metadata[f"rootstock.{name}"].split(",")], np.float32)
            for name in ("mean", "std")
        )
        self.side = self.session.get_inputs()[0].shape[2]

    def prepare(self, image: np.ndarray) -> np.ndarray:
        picture = Image.fromarray(image).convert("RGB")
        return np.asarray(picture.resize((self.side, self.side), Image.Resampling.LANCZOS))

    def features(self, images: np.ndarray) -> np.ndarray:
        rows = []
        for start in range(0, len(images), BATCH):
            pixels = np.stack([self.prepare(image) for image in images[start : start + BATCH]])
            planes = ((pixels.astype(np.float32) / 255 - self.mean) / self.std).transpose(0, 3, 1, 2)
            rows.append(self.session.run(None, {"images": np.ascontiguousarray(planes, np.float32)})[0])
        return np.concatenate(rows).astype(np.float64)


class Discriminant:
    """Linear discriminant analysis as kernels/src/layers/discriminant.rs has it, but for the scale of its logits."""

    def __init__(self, penalty: float):
        self.penalty = penalty

    def fit(self, x: np.ndarray, y: np.ndarray) -> "Discriminant":
        self.centre = x.mean(0)
        counts = np.bincount(y)
        means = np.stack([x[y == k].mean(0) for k in range(len(counts))]) - self.centre
        rest = x - self.centre - means[y]
        covariance = rest.T @ rest / len(x)
        ridge = self.penalty * np.trace(covariance) / len(covariance)
        self.weights = np.linalg.solve(covariance + ridge * np.eye(len(covariance)), means.T)
        self.biases = np.log(counts / len(y)) - np.einsum("kf,fk->k", means, self.weights) / 2
        return self

    def predict_log_proba(self, x: np.ndarray) -> np.ndarray:
        return (x - self.centre) @ self.weights + self.biases

    def score(self, x: np.ndarray, y: np.ndarray) -> float:
        return float((self.predict_log_proba(x).argmax(1) == y).mean())


def loss_of(logits: np.ndarray, y: np.ndarray) -> float:
    shifted = logits - logits.max(1, keepdims=True)
    return float((np.log(np.exp(shifted).sum(1)) - shifted[np.arange(len(y)), y]).mean())


def choose(make, settings, x: np.ndarray, y: np.ndarray):
    """The setting of the least loss over folds; logits at their best scale."""
    if len(settings) == 1:
        return settings[0]
    scales = np.geomspace(0.01, 20, 40)
    losses = []
    for setting in settings:
        logits, labels = [], []
        for train, held_out in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(x, y):
            logits.append(make(setting).fit(x[train], y[train]).predict_log_proba(x[held_out]))
            labels.append(y[held_out])
        logits, labels = np.concatenate(logits), np.concatenate(labels)
        # The scale of a discriminant's logits is the kernels' choice, too; a regression has one of its own.
        tried = scales if make is Discriminant else [1.0]
        losses.append(min(loss_of(scale * logits, labels) for scale in tried))
    return settings[int(np.argmin(losses))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("onnx")
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--quick", action="store_true", help="the discriminant alone")
    parser.add_argument("--penalty", type=float, help="that of the discriminant, not chosen")
    args = parser.parse_args()
    extractor = Extractor(args.onnx)
    regression = lambda c: LogisticRegression(C=c, max_iter=500, tol=1e-3)
    heads = {
        "discriminant": (Discriminant, PENALTIES if args.penalty is None else (args.penalty,)),
        "logistic, standardised": (lambda c: make_pipeline(StandardScaler(), regression(c)), STANDARDISED),
        "logistic": (regression, AS_THEY_ARE),
    }
    for folder in map(Path, args.folders):
        start = time.process_time()
        x, x_test = (extractor.features(read_idx(folder / f"{part}-images.idx")) for part in ("train", "test"))
        y, y_test = (read_idx(folder / f"{part}-labels.idx").astype(int) for part in ("train", "test"))
        print(f"{folder.name}: {len(y)} + {len(y_test)} images, {time.process_time() - start:.0f} s of CPU", flush=True)
        for name, (make, settings) in list(heads.items())[: 1 if args.quick else None]:
            setting = choose(make, settings, x, y)
            print(f"  {name} {setting:g}: {100 * make(setting).fit(x, y).score(x_test, y_test):.1f}", flush=True)


if __name__ == "__main__":
    main()
