"""Computes fixtures/kernels.{json,safetensors}: every layer, forward and backward, in double precision PyTorch.

See README.md for what the files hold. Run: python make_kernel_fixtures.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from fixture_file import normalise_pixels, relative_deviation, single, write_fixture
from hashed_values import bits, hashed_parameter, uniform
from kernel_cases import Case, list_cases
from layer_program import Runner

torch.set_num_threads(1)

SAFE_MARGIN = 2e-4
SAFE_DEVIATION = 2e-6
MOST_SEEDS = 60


class Inputs:
    """Everything random of a case, from one seed."""

    def __init__(self, case: Case, seed: int):
        shape = (case.count, case.height, case.width, case.channels)
        words = bits(seed, f"{case.name}/image", int(np.prod(shape)))
        self.pixels = (words >> np.uint32(24)).astype(np.uint8).reshape(shape)
        self.labels = (bits(seed, f"{case.name}/labels", case.count) % np.uint32(case.classes)).astype(np.uint8)
        self.mean, self.std = [0.45, 0.5, 0.4][: case.channels], [0.25, 0.3, 0.28][: case.channels]
        self.parameters = {name: hashed_parameter(seed, name, shape) for name, shape in case.sketch.shapes.items()}
        self.mixing = uniform(seed, "mixing", (case.sketch.mixing_count,), 0.2, 0.5)
        if case.has_ties:
            self._make_ties()

    def _make_ties(self) -> None:
        """Large equal patches and sums that are exact in any order, so that equal values are equal in every rounding."""
        self.mean, self.std = [0.0] * len(self.mean), [1.0] * len(self.std)
        self.pixels = np.where(self.pixels > 200, np.uint8(255), np.uint8(0))
        stem = next(iter(self.parameters))
        self.parameters[stem] = np.round(self.parameters[stem] * 8) / np.float32(8)


def run_case(case: Case, inputs: Inputs, dtype: torch.dtype) -> dict[str, Any]:
    """One training pass with gradients, then one evaluation pass, then the optimiser's steps if there are any."""
    leaf = lambda array: torch.tensor(array, dtype=dtype, requires_grad=True)
    parameters = {name: leaf(value) for name, value in inputs.parameters.items()}
    runner = Runner(case.sketch.layers, parameters, leaf(inputs.mixing))
    images = normalise_pixels(inputs.pixels, inputs.mean, inputs.std).to(dtype)
    labels = torch.from_numpy(inputs.labels).long()
    logits, loss = runner.run(images, labels, training=True)
    result = {"logits": logits.detach(), "loss": loss.item(), "margin": runner.margin.smallest}
    loss.backward()
    zero = lambda tensor: torch.zeros_like(tensor) if tensor.grad is None else tensor.grad.clone()
    result["gradients"] = {name: zero(parameter) for name, parameter in parameters.items()}
    result["mixing_gradient"] = zero(runner.mixing)
    result["buffers"] = {name: value.clone() for name, value in runner.buffers.items()}
    with torch.no_grad():
        evaluated, evaluation_loss = runner.run(images, labels, training=False)
    result |= {"evaluation_logits": evaluated, "evaluation_loss": evaluation_loss.item()}
    if case.sgd:
        result |= train(runner, parameters, lambda: runner.run(images, labels, training=True)[1], case.sgd)
        result["margin"] = runner.margin.smallest
    return result


def train(runner: Runner, parameters: dict[str, Tensor], compute_loss, sgd: dict[str, Any]) -> dict[str, Any]:
    """Steps of SGD on the same batch; mixing weights stay."""
    optimizer = torch.optim.SGD(
        parameters.values(), lr=sgd["learningRate"], momentum=sgd["momentum"], weight_decay=sgd["weightDecay"]
    )
    losses, norms = [], []
    for _ in range(sgd["steps"]):
        optimizer.zero_grad()
        loss = compute_loss()
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(parameters.values(), sgd["clip"] or torch.inf).item())
        optimizer.step()
        losses.append(loss.item())
    momentum = {name: optimizer.state[p].get("momentum_buffer") for name, p in parameters.items()}
    after = {name: parameter.detach().clone() for name, parameter in parameters.items()}
    return {"losses": losses, "gradientNorms": norms, "after": after, "momentum": momentum}


def choose_seed(case: Case) -> int:
    """The first seed that keeps away from kinks and cancellation, or the one of many that does best."""
    best = (0.0, 0)
    for seed in range(1, MOST_SEEDS + 1):
        inputs = Inputs(case, seed)
        exact = run_case(case, inputs, torch.float64)
        quality = min(exact["margin"] / SAFE_MARGIN, SAFE_DEVIATION / deviation(case, inputs, exact))
        best = max(best, (quality, -seed))
        if quality >= 1:
            break
    return -best[1]


def deviation(case: Case, inputs: Inputs, exact: dict[str, Any]) -> float:
    """How far PyTorch's own single precision is from the fixture: the largest over all of its tensors."""
    rough = run_case(case, inputs, torch.float32)
    floor = gradient_floor(exact)
    pairs = [(rough["gradients"][name], value) for name, value in exact["gradients"].items()]
    pairs += [(rough[key], exact[key]) for key in ("logits", "evaluation_logits")]
    if case.sketch.mixing_count:
        pairs.append((rough["mixing_gradient"], exact["mixing_gradient"]))
    return max(relative_deviation(found, expected, floor) for found, expected in pairs)


def gradient_floor(exact: dict[str, Any]) -> float:
    """Below this a gradient is zero but for rounding: a thousandth of the case's largest."""
    return 1e-3 * max(value.abs().max().item() for value in exact["gradients"].values())


def store(case: Case, seed: int, tensors: dict[str, np.ndarray]) -> dict[str, Any]:
    """Adds a case's tensors and returns its entry of the manifest."""
    inputs = Inputs(case, seed)
    exact = run_case(case, inputs, torch.float64)
    put = lambda key, value: tensors.__setitem__(f"{case.name}/{key}", value)
    put("image", inputs.pixels)
    put("labels", inputs.labels)
    put("logits", single(exact["logits"]))
    put("evaluation_logits", single(exact["evaluation_logits"]))
    for name, value in inputs.parameters.items():
        put(f"parameter/{name}", value)
        put(f"gradient/{name}", single(exact["gradients"][name]))
    for name, value in exact["buffers"].items():
        put(f"buffer/{name}", single(value))
    if case.sketch.mixing_count:
        put("mixing", inputs.mixing)
        put("mixing_gradient", single(exact["mixing_gradient"]))
    entry = {
        "name": case.name,
        "count": case.count,
        "height": case.height,
        "width": case.width,
        "channels": case.channels,
        "mean": inputs.mean,
        "std": inputs.std,
        "mixingCount": case.sketch.mixing_count,
        "loss": exact["loss"],
        "evaluationLoss": exact["evaluation_loss"],
        "gradientFloor": gradient_floor(exact),
        "singlePrecisionDeviation": deviation(case, inputs, exact),
        "margin": exact["margin"],
        "layers": case.sketch.layers,
    }
    if case.sgd:
        entry["sgd"] = case.sgd | {"losses": exact["losses"], "gradientNorms": exact["gradientNorms"]}
        for name, value in exact["after"].items():
            put(f"after/{name}", single(value))
            if exact["momentum"][name] is not None:
                put(f"momentum/{name}", single(exact["momentum"][name]))
    return entry


def store_adam(tensors: dict[str, np.ndarray]) -> list[dict[str, Any]]:
    """Sequences of Adam with given gradients; one has coordinates whose gradient is always zero."""
    entries = []
    cases = [
        ("darts_alpha", 224, {"learningRate": 3e-4, "beta1": 0.5, "beta2": 0.999, "weightDecay": 1e-3}, 1e-3),
        ("default", 10, {"learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "weightDecay": 0.0}, 1.0),
        ("heavy_decay", 7, {"learningRate": 0.1, "beta1": 0.5, "beta2": 0.99, "weightDecay": 0.1}, 1.0),
    ]
    for name, size, settings, scale in cases:
        steps = 6
        values = uniform(1, f"adam/{name}/initial", (size,), 0.0, scale)
        gradients = uniform(1, f"adam/{name}/gradients", (steps, size), 0.0, 0.1)
        gradients[:, ::8] = 0
        weights = torch.from_numpy(values).double().requires_grad_()
        optimizer = torch.optim.Adam(
            [weights],
            lr=settings["learningRate"],
            betas=(settings["beta1"], settings["beta2"]),
            weight_decay=settings["weightDecay"],
        )
        after = []
        for gradient in gradients:
            weights.grad = torch.from_numpy(gradient).double()
            optimizer.step()
            after.append(single(weights))
        tensors |= {f"adam/{name}/initial": values, f"adam/{name}/gradients": gradients, f"adam/{name}/after": np.stack(after)}
        entries.append({"name": name, "size": size, "steps": steps, "epsilon": 1e-8, **settings})
    return entries


def main() -> None:
    tensors: dict[str, np.ndarray] = {}
    entries = []
    for case in list_cases():
        entry = store(case, choose_seed(case), tensors)
        entries.append(entry)
        print(f"{case.name}: margin {entry['margin']:.1e}, single precision {entry['singlePrecisionDeviation']:.1e}")
    adam = store_adam(tensors)
    print(f"{len(entries)} cases")
    write_fixture("kernels", {"cases": entries, "adam": adam}, tensors)


if __name__ == "__main__":
    main()
