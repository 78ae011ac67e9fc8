"""Inference of a derived network in PyTorch with the weights of a model file (bench/model.ts).

    python pytorch_inference.py MODEL --batch 1 --threads 2 --layout channels_last   one batch for every line of input
    python pytorch_inference.py MODEL --export OUT.onnx                               the same network for onnxruntime

The network is DARTS V2 as tests/reference has it. Its logits must be those of the file to 1e-4 before anything is timed or written.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "reference"))

from darts_reference import EvaluationNetwork  # noqa: E402
from genotypes import DARTS_V2  # noqa: E402
from model_file import read_model  # noqa: E402
from serve_runs import serve_runs, warm_up  # noqa: E402

LAYOUTS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}
TOLERANCE = 1e-4


def load(path: Path) -> tuple[torch.nn.Module, torch.Tensor]:
    """The network and the images of a model file; its logits have been compared with those of the file."""
    tensors = {name: torch.from_numpy(array) for name, array in read_model(path).items()}
    state = {name: tensor for name, tensor in tensors.items() if not name.startswith("bench.")}
    images = tensors["bench.images"]
    cells = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("cells."))
    channels, classes = state["stem.0.weight"].shape[0] // 3, state["classifier.weight"].shape[0]
    network = EvaluationNetwork(channels, classes, cells, False, DARTS_V2, images.shape[1], images.shape[2]).eval()
    network.load_state_dict(state)
    with torch.inference_mode():
        difference = (network(images)[0] - tensors["bench.logits"]).abs().max().item()
    if not difference <= TOLERANCE:
        sys.exit(f"Cannot use {path}: logits differ by {difference}, expected at most {TOLERANCE}")
    return network, images


class Logits(torch.nn.Module):
    """A network without the auxiliary head's output, which is none in evaluation."""

    def __init__(self, network: torch.nn.Module):
        super().__init__()
        self.network = network

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.network(images)[0]


def export(network: torch.nn.Module, images: torch.Tensor, out: str) -> None:
    """Writes the network as ONNX, with a batch of any size."""
    names = {"input_names": ["images"], "output_names": ["logits"]}
    batch = {"images": {0: "batch"}, "logits": {0: "batch"}}
    torch.onnx.export(Logits(network), (images[:2],), out, dynamic_axes=batch, dynamo=False, opset_version=17, **names)


def main() -> None:
    parser = argparse.ArgumentParser(description="Inference of a derived network in PyTorch")
    parser.add_argument("model", type=Path)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--repeats", type=int, default=1, help="batches for every line, of which the mean is told")
    parser.add_argument("--layout", choices=LAYOUTS, default="contiguous")
    parser.add_argument("--export", help="write ONNX to this file instead")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    network, images = load(options.model)
    if options.export:
        export(network, images, options.export)
        return
    layout = LAYOUTS[options.layout]
    network = network.to(memory_format=layout)
    images = images[: options.batch].to(memory_format=layout)

    def run() -> float:
        with torch.inference_mode():
            start = time.perf_counter()
            for _ in range(options.repeats):
                network(images)
            return (time.perf_counter() - start) / options.repeats

    warm_up(run)
    serve_runs({"torch": torch.__version__, "layout": options.layout, "threads": options.threads}, run)


if __name__ == "__main__":
    main()
