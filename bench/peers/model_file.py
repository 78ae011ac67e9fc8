"""The model files that bench/model.ts writes: safetensors, read with nothing but NumPy."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np

TYPES = {"F32": np.float32, "I64": np.int64, "U8": np.uint8}


def read_model(path: Path) -> dict[str, np.ndarray]:
    """All tensors of a safetensors file, of the types that a model has."""
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name == "__metadata__":
            continue
        first, last = entry["data_offsets"]
        flat = np.frombuffer(data[8 + length + first : 8 + length + last], TYPES[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"]).copy()
    return tensors
