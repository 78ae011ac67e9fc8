"""Computes fixtures/onnx.json: tiny ONNX feature extractors, and what native onnxruntime takes from images by them.

Each model stands there in base64, as do the bytes of images that come with the right ones, [N, H, W, 3], with their features; the wrong ones with a part
of the line that is expected. See README.md. Run: python make_onnx_fixtures.py
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from fixture_file import FIXTURES, format_json

SIDE, IMAGES, FEATURES = 6, 5, 4
IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
OWN = ([0.5, 0.25, 0.75], [0.5, 1.0, 0.125])

Shape = list[int | str]


def model(
    image: Shape,
    features: Shape,
    *,
    nodes: list[onnx.NodeProto] | None = None,
    kind: int = TensorProto.FLOAT,
    inputs: int = 1,
    outputs: tuple[str, ...] = ("y",),
    metadata: dict[str, str] | None = None,
) -> onnx.ModelProto:
    """A convolution with a rectifier, or the nodes given."""
    weights = np.random.default_rng(3).normal(0, 1, (FEATURES, 3, 3, 3)).astype(np.float32)
    shapes = {"rows": [0, -1], "other": [7, 5]}
    nodes = nodes or [
        helper.make_node("Conv", ["x0", "w"], ["c"], pads=[1, 1, 1, 1], strides=[2, 2]),
        helper.make_node("Relu", ["c"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "features",
        [helper.make_tensor_value_info(f"x{i}", kind, image) for i in range(inputs)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, features) for name in outputs],
        [numpy_helper.from_array(weights, "w")]
        + [numpy_helper.from_array(np.array(shape, dtype=np.int64), name) for name, shape in shapes.items() if any(name in node.input for node in nodes)],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(made, metadata or {})
    onnx.checker.check_model(made, full_check=True)
    return made


def describe(made: onnx.ModelProto) -> str:
    return base64.b64encode(made.SerializeToString()).decode()


def run(made: onnx.ModelProto, normalisation: tuple[list[float], list[float]], batch: int) -> dict[str, Any]:
    """Features of images, averaged over space in double precision."""
    pixels = np.random.default_rng(5).integers(0, 256, (IMAGES, SIDE, SIDE, 3))
    mean, std = (np.array(values) for values in normalisation)
    images = ((pixels / 255 - mean) / std).astype(np.float32).transpose(0, 3, 1, 2)
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    padded = np.concatenate([images, np.zeros((-IMAGES % batch, *images.shape[1:]), np.float32)])
    rows = [session.run(None, {"x0": padded[i : i + batch]})[0] for i in range(0, len(padded), batch)]
    features = np.concatenate(rows)[:IMAGES].astype(np.float64)
    return {
        "model": describe(made),
        "pixels": base64.b64encode(pixels.astype(np.uint8).tobytes()).decode(),
        "features": features.reshape(IMAGES, FEATURES, -1).mean(2).ravel().tolist(),
    }


def pooled(shape: str) -> list[onnx.NodeProto]:
    """The same as [N, D]: averaged over space by the network itself."""
    return [
        helper.make_node("Conv", ["x0", "w"], ["c"], pads=[1, 1, 1, 1], strides=[2, 2]),
        helper.make_node("Relu", ["c"], ["r"]),
        helper.make_node("GlobalAveragePool", ["r"], ["g"]),
        helper.make_node("Reshape", ["g", shape], ["y"]),
    ]


def main() -> None:
    text = {name: ",".join(map(str, values)) for name, values in zip(("rootstock.mean", "rootstock.std"), OWN)}
    free, fixed = ["N", 3, "H", "W"], [2, 3, SIDE, SIDE]
    maps, rows = ["N", FEATURES, "h", "w"], [2, FEATURES]
    right = {
        # Sizes and batch as they come, maps of features, its own normalisation.
        "maps": run(model(free, maps, metadata=text | {"rootstock.macs": "972"}), OWN, IMAGES),
        # Batches of two of one size, rows of features, ImageNet's normalisation.
        "rows": run(model(fixed, rows, nodes=pooled("rows")), IMAGENET, 2),
    }
    conv = helper.make_node("Conv", ["x0", "w"], ["y"], pads=[1, 1, 1, 1])
    split = [conv, helper.make_node("Relu", ["y"], ["z"])]
    add = [helper.make_node("Add", ["x0", "x1"], ["s"]), helper.make_node("Conv", ["s", "w"], ["y"])]
    infinite = [conv, helper.make_node("Log", ["y"], ["l"])]
    whole = [
        helper.make_node("Cast", ["x0"], ["f"], to=TensorProto.FLOAT),
        helper.make_node("Conv", ["f", "w"], ["y"]),
    ]
    flat = [helper.make_node("ReduceMean", ["x0"], ["y"], axes=[1, 2, 3], keepdims=0)]
    wrong = {
        "2 inputs": model(free, maps, nodes=add, inputs=2),
        "2 outputs": model(free, maps, nodes=split, outputs=("y", "z")),
        "an input x0, uint8": model(free, maps, nodes=whole, kind=TensorProto.UINT8),
        "an output y, float32 [N]": model(free, ["N"], nodes=flat),
        "not finite": model(free, maps, nodes=infinite, outputs=("l",)),
        "expected a network that takes images of [5, 3, 6, 6]": model(free, ["N", "D"], nodes=pooled("other")),
        "rootstock.mean is 1,2, expected three numbers": model(free, maps, metadata=text | {"rootstock.mean": "1,2"}),
        "rootstock.std is 1,0,1, expected three positive": model(free, maps, metadata=text | {"rootstock.std": "1,0,1"}),
        "expected both or none": model(free, maps, metadata={"rootstock.std": "1,1,1"}),
        "rootstock.macs is many, expected a whole number": model(free, maps, metadata={"rootstock.macs": "many"}),
    }
    content = {
        "versions": {"numpy": np.__version__, "onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__},
        "side": SIDE,
        "images": IMAGES,
        "weights": FEATURES * 27,
        "right": right,
        "wrong": [{"model": describe(made), "message": message} for message, made in wrong.items()],
    }
    (FIXTURES / "onnx.json").write_text(format_json(content) + "\n")


if __name__ == "__main__":
    main()
