"""Checks ONNX files that Rootstock exported: `onnx.checker`, shapes, metadata, and logits beside PyTorch's.

    python check_onnx.py --network RUN/network.safetensors --onnx net.onnx [--int8 net.int8.onnx] [--images test-images.idx.gz]

The network is loaded strictly into the networks of this folder. Images are the first 200 of an IDX file, or noise of the
network's size. Prints one JSON line; exits with 1 if logits of the f32 file differ from PyTorch's by more than `--tolerance`
(1e-4), absolutely or relative to the largest logit, or the likeliest class of any image differs. Of an int8 file it tells the share
of images with the same likeliest class, and that every convolution runs in integers.
"""

from __future__ import annotations

import argparse
import gzip
import json
import struct
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from darts_reference import Genotype
from load_checkpoint import MODULES, load_derived

COUNT = 200


def read_images(path: Path | None, shape: tuple[int, int, int]) -> np.ndarray:
    """Bytes [N, H, W, C]: the first images of an IDX file, or noise."""
    if path is None:
        return np.random.default_rng(1).integers(0, 256, (COUNT, *shape), np.uint8)
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    sizes = struct.unpack(f">{data[3]}I", data[4 : 4 + 4 * data[3]])
    images = np.frombuffer(data, np.uint8, offset=4 + 4 * len(sizes)).reshape(sizes[0], *shape)
    return images[:COUNT]


def run(path: Path, images: np.ndarray) -> np.ndarray:
    """Logits of a file that reads pixels or floats; its probabilities must be their softmax."""
    session = onnxruntime.InferenceSession(path)
    port = session.get_inputs()[0]
    if port.type == "tensor(float)":
        images = images.transpose(0, 3, 1, 2).astype(np.float32) / 255
    logits, probabilities = session.run(["logits", "probabilities"], {port.name: images})
    np.testing.assert_allclose(torch.tensor(logits).softmax(1).numpy(), probabilities, atol=1e-5)
    return logits


def count_convolutions(path: Path) -> dict[str, int]:
    """Convolutions in the graph that onnxruntime makes of a file, by operator."""
    with tempfile.TemporaryDirectory() as folder:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.optimized_model_filepath = f"{folder}/optimised.onnx"
        onnxruntime.InferenceSession(path, options)
        kinds = [node.op_type for node in onnx.load(options.optimized_model_filepath).graph.node]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds)) if "Conv" in kind}


def check(path: Path, classes: list[str]) -> None:
    """Everything that can be told without running it."""
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    assert model.ir_version <= 10 and [opset.version for opset in model.opset_import] == [17]
    for port in (*model.graph.input, *model.graph.output):
        assert port.type.tensor_type.shape.dim[0].dim_param == "batch", port.name
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    assert json.loads(metadata["classes"]) == classes


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks exported ONNX files")
    parser.add_argument("--network", type=Path, required=True)
    parser.add_argument("--onnx", type=Path, required=True)
    parser.add_argument("--int8", type=Path)
    parser.add_argument("--images", type=Path)
    parser.add_argument("--tolerance", type=float, default=1e-4)
    options = parser.parse_args()

    with safe_open(options.network, "pt") as file:
        described = json.loads(file.metadata()["model"])
    space, mean, std = described["space"], described["mean"], described["std"]
    shape = (space["height"], space["width"], space["inputChannels"])
    state = {name: value for name, value in load_file(options.network).items() if name.startswith(MODULES)}
    genotype = Genotype(**{field: described["genotype"][field] for field in Genotype._fields})
    network = load_derived(state, genotype, shape[0], space.get("stem", "cifar")).eval()
    images = read_images(options.images, shape)
    pixels = (torch.tensor(images).float() / 255 - torch.tensor(mean)) / torch.tensor(std)
    with torch.no_grad():
        expected = network(pixels.permute(0, 3, 1, 2))[0].numpy()

    check(options.onnx, described["classes"])
    found = run(options.onnx, images)
    difference = float(np.abs(found - expected).max() / max(1, np.abs(expected).max()))
    same = float((found.argmax(1) == expected.argmax(1)).mean())
    report = {"images": len(images), "maxDifference": difference, "sameClass": same}
    passed = difference <= options.tolerance and same == 1
    if options.int8 is not None:
        check(options.int8, described["classes"])
        report["int8"] = {
            "sameClass": float((run(options.int8, images).argmax(1) == expected.argmax(1)).mean()),
            "convolutions": (convolutions := count_convolutions(options.int8)),
        }
        passed = passed and list(convolutions) == ["QLinearConv"]
    print(json.dumps({"passed": passed, **report}))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
