"""Small networks as lists of layers, which PyTorch here and the engine's ProgramBuilder in the tests both run.

A layer is a dictionary: `op`, the name `to` of the tensor it writes, the tensors it reads, and exactly the options of the
ProgramBuilder method of that name. `image` is the input. Normalisation replaces a tensor: later layers read the new value.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

Layer = dict[str, Any]


class Sketch:
    """Writes a list of layers and keeps count of channels, so that it knows the shapes of all parameters."""

    def __init__(self, channels: int):
        self.layers: list[Layer] = []
        self.shapes: dict[str, tuple[int, ...]] = {}
        self.mixing_count = 0
        self._channels = {"image": channels}

    def convolution(self, x: str, out: int, kernel=3, stride=1, padding=1, relu=False) -> str:
        to = self._name("convolution")
        weight = self._parameter(f"{to}.weight", (out, self._channels[x], kernel, kernel))
        options = {"out": out, "kernel": kernel, "stride": stride, "padding": padding, "relu": relu, "weight": weight}
        return self._add("convolution", to, out, x=x, **options)

    def pointwise(self, xs: list[str], out: int, relu=True) -> str:
        to = self._name("pointwise")
        weight = self._parameter(f"{to}.weight", (out, self._sum(xs), 1, 1))
        return self._add("pointwise", to, out, xs=xs, out=out, relu=relu, weight=weight)

    def factorized_reduce(self, xs: list[str], out: int) -> str:
        to = self._name("reduce")
        shape = (out // 2, self._sum(xs), 1, 1)
        weights = [self._parameter(f"{to}.conv_{i}.weight", shape) for i in (1, 2)]
        return self._add("factorizedReduce", to, out, xs=xs, out=out, weights=weights)

    def depthwise_pointwise(self, x: str, out: int, kernel: int, dilation=1, stride=1) -> str:
        to = self._name("separable")
        channels = self._channels[x]
        names = {
            "depthwise": self._parameter(f"{to}.depthwise.weight", (channels, 1, kernel, kernel)),
            "pointwise": self._parameter(f"{to}.pointwise.weight", (out, channels, 1, 1)),
        }
        options = {"out": out, "kernel": kernel, "dilation": dilation, "stride": stride, **names}
        return self._add("depthwisePointwise", to, out, x=x, **options)

    def pool(self, x: str, kind: str, kernel=3, stride=1, padding=1, relu=False) -> str:
        options = {"kind": kind, "kernel": kernel, "stride": stride, "padding": padding, "relu": relu}
        return self._add("pool", self._name(kind), self._channels[x], x=x, **options)

    def normalise(self, x: str, affine=False, names: list[str] | None = None) -> str:
        names = names or [f"{x}.norm"]
        if affine:
            for part in ("weight", "bias"):
                self._parameter(f"{names[0]}.{part}", (self._channels[x],))
        self.layers.append({"op": "normalise", "x": x, "names": names, "affine": affine})
        return x

    def channels(self, *slices: tuple[str, int, int], groups: int = 1) -> str:
        """Each slice is a tensor, its first channel and their number."""
        entries = [{"x": x, "start": start, "count": count} for x, start, count in slices]
        count = sum(count for _, _, count in slices)
        return self._add("channels", self._name("channels"), count, slices=entries, groups=groups)

    def combine(self, *terms: str | tuple[str, int] | tuple[str, int, int]) -> str:
        """Each term is a tensor, perhaps with the index of its mixing weight, or of the first of several and their number."""
        entries = [{"x": t} if isinstance(t, str) else dict(zip(("x", "mix", "mixes"), t)) for t in terms]
        ends = (entry["mix"] + entry.get("mixes", 1) for entry in entries if "mix" in entry)
        self.mixing_count = max([self.mixing_count, *ends])
        return self._add("combine", self._name("node"), self._channels[entries[0]["x"]], terms=entries)

    def segment(self) -> None:
        self.layers.append({"op": "segment"})

    def classify(self, xs: list[str], classes: int, auxiliary_weight: float | None = None) -> None:
        """The main classifier, or with a weight of its loss an auxiliary one."""
        to = self._name("features")
        self._add("globalAveragePool", to, self._sum(xs), xs=xs)
        name = f"classifier{len(self.layers)}"
        weight = self._parameter(f"{name}.weight", (classes, self._channels[to]))
        bias = self._parameter(f"{name}.bias", (classes,))
        options = {"weight": weight, "bias": bias, "classes": classes}
        if auxiliary_weight is not None:
            options["auxiliaryWeight"] = auxiliary_weight
        self.layers.append({"op": "classifier", "x": to, **options})

    def _name(self, stem: str) -> str:
        return f"{stem}{len(self.layers)}"

    def _sum(self, xs: list[str]) -> int:
        return sum(self._channels[x] for x in xs)

    def _parameter(self, name: str, shape: tuple[int, ...]) -> str:
        self.shapes[name] = shape
        return name

    def _add(self, op: str, to: str, channels: int, **options: Any) -> str:
        self._channels[to] = channels
        self.layers.append({"op": op, "to": to, **options})
        return to


class Margin:
    """How near to a kink a run came: the smallest |x| before a ReLU, the smallest lead of a maximum; at most 1.

    A sum that is rounded otherwise may fall on the other side of a kink and have another gradient. Fixtures keep away
    from that. Exact ties are left out: they are ties in every rounding, or a case must not have them.
    """

    def __init__(self):
        self.smallest = 1.0

    def relu(self, x: Tensor) -> Tensor:
        magnitude = x.detach().abs()
        self._note(magnitude[magnitude > 0])
        return F.relu(x)

    def max_pool(self, x: Tensor, kernel: int, stride: int, padding: int) -> Tensor:
        with torch.no_grad():
            padded = F.pad(x, (padding,) * 4, value=-torch.inf)
            windows = padded.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(4)
            first, second = windows.topk(2, dim=-1).values.unbind(-1)
            self._note((first - second)[first > second])
        return F.max_pool2d(x, kernel, stride, padding)

    def _note(self, values: Tensor) -> None:
        if values.numel():
            self.smallest = min(self.smallest, values.min().item())


class Runner:
    """Runs a list of layers; holds the running statistics of its normalisations, one pair a first name."""

    def __init__(self, layers: list[Layer], parameters: dict[str, Tensor], mixing: Tensor):
        self.layers = layers
        self.parameters = parameters
        self.mixing = mixing
        self.buffers: dict[str, Tensor] = {}
        self.margin = Margin()

    def run(self, images: Tensor, labels: Tensor, training: bool) -> tuple[Tensor, Tensor]:
        """Logits of the main classifier, and the weighted sum of all losses."""
        values = {"image": images}
        loss = images.new_zeros(())
        logits = None
        for layer in self.layers:
            match layer["op"]:
                case "segment":
                    continue
                case "normalise":
                    values[layer["x"]] = self._normalise(values[layer["x"]], layer, training)
                case "classifier":
                    scores = F.linear(values[layer["x"]], self.parameters[layer["weight"]], self.parameters[layer["bias"]])
                    loss = loss + layer.get("auxiliaryWeight", 1.0) * F.cross_entropy(scores, labels)
                    if "auxiliaryWeight" not in layer:
                        logits = scores
                case _:
                    values[layer["to"]] = self._layer(layer, values)
        return logits, loss

    def _layer(self, layer: Layer, values: dict[str, Tensor]) -> Tensor:
        weight = lambda key: self.parameters[layer[key]]
        x = torch.cat([values[name] for name in layer["xs"]], dim=1) if "xs" in layer else values.get(layer.get("x"))
        relu = self.margin.relu if layer.get("relu", layer["op"] in ("factorizedReduce", "depthwisePointwise")) else None
        x = relu(x) if relu else x
        match layer["op"]:
            case "convolution":
                return F.conv2d(x, weight("weight"), stride=layer["stride"], padding=layer["padding"])
            case "pointwise":
                return F.conv2d(x, weight("weight"))
            case "factorizedReduce":
                first, second = (self.parameters[name] for name in layer["weights"])
                shifted = F.pad(x, (0, 1, 0, 1))[:, :, 1:, 1:]
                return torch.cat([F.conv2d(x, first, stride=2), F.conv2d(shifted, second, stride=2)], dim=1)
            case "depthwisePointwise":
                dilation, kernel = layer["dilation"], layer["kernel"]
                geometry = {"stride": layer["stride"], "padding": dilation * (kernel // 2), "dilation": dilation}
                return F.conv2d(F.conv2d(x, weight("depthwise"), groups=x.size(1), **geometry), weight("pointwise"))
            case "pool":
                window = layer["kernel"], layer["stride"], layer["padding"]
                if layer["kind"] == "max":
                    return self.margin.max_pool(x, *window)
                return F.avg_pool2d(x, *window, count_include_pad=False)
            case "channels":
                ends = [(s["x"], s["start"], s["start"] + s["count"]) for s in layer["slices"]]
                joined = torch.cat([values[name][:, start:end] for name, start, end in ends], dim=1)
                return F.channel_shuffle(joined, layer["groups"])
            case "combine":
                return sum(self._term(term, values) for term in layer["terms"])
            case "globalAveragePool":
                return x.mean((2, 3))
        raise ValueError(f"Cannot run layer: found op {layer['op']}, expected one of ProgramBuilder's")

    def _term(self, term: dict[str, Any], values: dict[str, Tensor]) -> Tensor:
        x, first = values[term["x"]], term.get("mix")
        return x if first is None else x * self.mixing[first : first + term.get("mixes", 1)].sum()

    def _normalise(self, x: Tensor, layer: Layer, training: bool) -> Tensor:
        name = layer["names"][0]
        mean = self.buffers.setdefault(f"{name}.running_mean", x.new_zeros(x.size(1)))
        variance = self.buffers.setdefault(f"{name}.running_var", x.new_ones(x.size(1)))
        for other in layer["names"][1:]:
            self.buffers[f"{other}.running_mean"], self.buffers[f"{other}.running_var"] = mean, variance
        affine = [self.parameters[f"{name}.{part}"] for part in ("weight", "bias")] if layer["affine"] else [None, None]
        return F.batch_norm(x, mean, variance, *affine, training=training, momentum=0.1, eps=1e-5)
