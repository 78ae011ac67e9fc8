"""Fixture files: tensors as safetensors, everything else as JSON in the layout that `deno fmt` leaves alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file

FIXTURES = Path(__file__).parent / "fixtures"
LINE = 120


def versions() -> dict[str, str]:
    """What computed the fixtures."""
    return {"torch": torch.__version__.split("+")[0], "numpy": np.__version__}


def write_fixture(name: str, manifest: dict[str, Any], tensors: dict[str, np.ndarray]) -> None:
    """Writes `fixtures/<name>.json` and `fixtures/<name>.safetensors`; prints their sizes."""
    FIXTURES.mkdir(exist_ok=True)
    (FIXTURES / f"{name}.json").write_text(format_json({"versions": versions(), **manifest}) + "\n")
    save_file({key: np.ascontiguousarray(value) for key, value in tensors.items()}, FIXTURES / f"{name}.safetensors")
    for suffix in ("json", "safetensors"):
        path = FIXTURES / f"{name}.{suffix}"
        path.chmod(0o644)
        print(f"{path.name}: {path.stat().st_size / 1024:.0f} KiB")


def single(tensor: torch.Tensor) -> np.ndarray:
    """Single-precision copy."""
    return tensor.detach().to(torch.float32).numpy().copy()


def normalise_pixels(pixels: np.ndarray, mean: list[float], std: list[float]) -> torch.Tensor:
    """[N,H,W,C] bytes to [N,C,H,W] doubles: (byte/255 - mean) / std, computed in single precision as the engine does."""
    scaled = pixels.astype(np.float32) / np.float32(255)
    scaled = (scaled - np.asarray(mean, np.float32)) / np.asarray(std, np.float32)
    return torch.from_numpy(scaled).permute(0, 3, 1, 2).double().contiguous()


def relative_deviation(found: torch.Tensor, expected: torch.Tensor, floor: float) -> float:
    """Largest difference over the largest magnitude expected, or over `floor` if that is larger."""
    scale = max(expected.abs().max().item(), floor)
    return (found.double() - expected).abs().max().item() / scale


def format_json(value: Any, indent: str = "", used: int = 0) -> str:
    """JSON with whatever fits on a line on one line; `used` counts what stands on the line already."""
    line = _one_line(value)
    if used + len(line) < LINE or not isinstance(value, (dict, list, tuple)) or not value:
        return line
    inner = indent + "  "
    if isinstance(value, dict):
        heads = [f"{inner}{json.dumps(key)}: " for key in value]
        parts = [head + format_json(item, inner, len(head)) for head, item in zip(heads, value.values())]
        return "{\n" + ",\n".join(parts) + f"\n{indent}}}"
    parts = [inner + format_json(item, inner, len(inner)) for item in value]
    return "[\n" + ",\n".join(parts) + f"\n{indent}]"


def _one_line(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(k)}: {_one_line(v)}" for k, v in value.items()) + " }" if value else "{}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_one_line(item) for item in value) + "]"
    return json.dumps(value)
