"""Inference of a derived network in native onnxruntime, of the ONNX file that pytorch_inference.py exported from a model.

    python onnxruntime_native.py MODEL ONNX --batch 1 --threads 2   one batch for every line of input

Its logits must be those of the model to 1e-4 before anything is timed. All graph optimisations are on.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime

from model_file import read_model
from serve_runs import serve_runs, warm_up

TOLERANCE = 1e-4


def main() -> None:
    parser = argparse.ArgumentParser(description="Inference of a derived network in native onnxruntime")
    parser.add_argument("model", type=Path)
    parser.add_argument("onnx", type=Path)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=1, help="batches for every line, of which the mean is told")
    options = parser.parse_args()
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    settings.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    session = onnxruntime.InferenceSession(options.onnx, settings, providers=["CPUExecutionProvider"])
    tensors = read_model(options.model)
    images = tensors["bench.images"][: options.batch]
    difference = np.abs(session.run(None, {"images": images})[0] - tensors["bench.logits"][: options.batch]).max()
    if not difference <= TOLERANCE:
        sys.exit(f"Cannot time onnxruntime: logits differ by {difference}, expected at most {TOLERANCE}")

    def run() -> float:
        start = time.perf_counter()
        for _ in range(options.repeats):
            session.run(None, {"images": images})
        return (time.perf_counter() - start) / options.repeats

    warm_up(run)
    serve_runs({"onnxruntime": onnxruntime.__version__, "threads": options.threads}, run)


if __name__ == "__main__":
    main()
