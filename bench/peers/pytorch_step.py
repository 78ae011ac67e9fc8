"""Times one training step of DARTS' networks in PyTorch: forward, backward, clipping, SGD update.

    python pytorch_step.py --channels 16 --cells 8 --batch 64 --image 32 --input-channels 3 --threads 2

The network is that of tests/reference; data are random, batch assembly is not timed. Eager mode, in PyTorch's default memory
layout or in channels_last, whichever is faster on a small batch. Prints one JSON line, progress goes to standard error.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "reference"))

from darts_reference import EvaluationNetwork, SearchNetwork  # noqa: E402
from genotypes import DARTS_V2  # noqa: E402
from serve_runs import serve_runs, warm_up  # noqa: E402

LAYOUTS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
PROBE_BATCH = 4


def build(options: argparse.Namespace) -> torch.nn.Module:
    """The supernet, or with --derived the DARTS V2 network with its auxiliary head and drop-path."""
    sizes = options.channels, options.classes, options.cells
    if not options.derived:
        return SearchNetwork(*sizes, channels_in=options.input_channels)
    network = EvaluationNetwork(*sizes, True, DARTS_V2, options.input_channels, options.image)
    network.drop_path_prob = 0.2
    return network


class Training:
    """A network with everything that a step needs."""

    def __init__(self, options: argparse.Namespace, layout: torch.memory_format, batch: int):
        torch.manual_seed(0)
        self.network = build(options).train().to(memory_format=layout)
        shape = (batch, options.input_channels, options.image, options.image)
        self.images = torch.randn(shape).to(memory_format=layout)
        self.labels = torch.randint(options.classes, (batch,))
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=0.025, momentum=0.9, weight_decay=3e-4)

    def time_step(self) -> float:
        """Takes one step; seconds."""
        start = time.perf_counter()
        self.optimizer.zero_grad()
        output = self.network(self.images)
        logits, auxiliary = output if isinstance(output, tuple) else (output, None)
        loss = F.cross_entropy(logits, self.labels)
        if auxiliary is not None:
            loss = loss + 0.4 * F.cross_entropy(auxiliary, self.labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5)
        self.optimizer.step()
        return time.perf_counter() - start


def choose_layout(options: argparse.Namespace) -> tuple[str, dict[str, float]]:
    """The layout that is faster on a small batch, and the seconds of that by layout.

    The layouts can lie a factor of ten apart, so that timing the slower one in full would only cost time.
    """
    names = list(LAYOUTS) if options.layout == "best" else [options.layout]
    seconds: dict[str, float] = {}
    for name in names:
        training = Training(options, LAYOUTS[name], min(options.batch, PROBE_BATCH))
        seconds[name] = min(training.time_step() for _ in range(2))
        print(f"{name}: {seconds[name]:.3f} s on a small batch", file=sys.stderr)
    return min(seconds, key=lambda name: seconds[name]), seconds


def main() -> None:
    parser = argparse.ArgumentParser(description="Times a training step in PyTorch")
    parser.add_argument("--channels", type=int, default=16)
    parser.add_argument("--cells", type=int, default=8)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--image", type=int, default=32, help="side in pixels")
    parser.add_argument("--input-channels", type=int, default=3)
    parser.add_argument("--classes", type=int, default=10)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--runs", type=int, default=5, help="timed steps")
    parser.add_argument("--warm-up", type=int, default=1, help="steps before that")
    parser.add_argument("--layout", choices=[*LAYOUTS, "best"], default="best")
    parser.add_argument("--derived", action="store_true", help="the final network instead of the supernet")
    parser.add_argument("--serve", action="store_true", help="one step for every line on standard input (README.md)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    layout, probe = choose_layout(options)
    training = Training(options, LAYOUTS[layout], options.batch)
    if options.serve:
        warm_up(training.time_step)
        about = {"torch": torch.__version__, "layout": layout, "smallBatchSeconds": probe, "threads": options.threads}
        serve_runs(about, training.time_step)
        return

    for _ in range(options.warm_up):
        training.time_step()
    seconds = [training.time_step() for _ in range(options.runs)]
    report = {
        "medianSeconds": statistics.median(seconds),
        "minSeconds": min(seconds),
        "runs": options.runs,
        "threads": options.threads,
        "torchVersion": torch.__version__,
        "layout": layout,
        "smallBatchSeconds": probe,
        "network": "derived" if options.derived else "supernet",
        "channels": options.channels,
        "cells": options.cells,
        "batch": options.batch,
        "image": options.image,
        "inputChannels": options.input_channels,
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
