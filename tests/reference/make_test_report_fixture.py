"""Computes fixtures/test_report.json: what scikit-learn and torchmetrics say of some answers of a classifier.

One class of five has no images, another is never said. Run: python make_test_report_fixture.py
"""

from __future__ import annotations

import numpy as np
import sklearn
import sklearn.metrics as metrics
import torch
import torchmetrics
from torchmetrics.classification import MulticlassCalibrationError

from fixture_file import FIXTURES, format_json, versions

CLASSES, COUNT, BINS = 5, 70, 15

if __name__ == "__main__":
    random = np.random.default_rng(5)
    labels = random.choice([0, 1, 2, 3], COUNT, p=[0.5, 0.3, 0.15, 0.05])
    logits = random.normal(0, 1.5, (COUNT, CLASSES))
    logits[np.arange(COUNT), labels] += 1.2
    logits[:, 3] -= 20
    logits = logits.astype(np.float32).astype(np.float64)
    probabilities = torch.softmax(torch.from_numpy(logits), 1).numpy()
    predicted = logits.argmax(1)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, predicted, labels=range(CLASSES), zero_division=np.nan
    )
    calibration = MulticlassCalibrationError(CLASSES, n_bins=BINS, norm="l1")
    numbers = lambda values: [None if np.isnan(value) else float(value) for value in values]
    fixture = {
        "versions": versions() | {"scikit-learn": sklearn.__version__, "torchmetrics": torchmetrics.__version__},
        "classes": CLASSES,
        "labels": labels.tolist(),
        "logits": logits.ravel().tolist(),
        "accuracy": float(metrics.accuracy_score(labels, predicted)),
        "balancedAccuracy": float(metrics.balanced_accuracy_score(labels, predicted)),
        "loss": float(metrics.log_loss(labels, probabilities, labels=range(CLASSES))),
        "brier": float(((probabilities - np.eye(CLASSES)[labels]) ** 2).sum(1).mean()),
        "precision": numbers(precision),
        "recall": numbers(recall),
        "f1": numbers(f1),
        "support": support.tolist(),
        "confusion": metrics.confusion_matrix(labels, predicted, labels=range(CLASSES)).tolist(),
        "calibrationError": float(calibration(torch.from_numpy(probabilities), torch.from_numpy(labels))),
    }
    (FIXTURES / "test_report.json").write_text(format_json(fixture) + "\n")
    print({key: value for key, value in fixture.items() if key not in ("logits", "labels")})
