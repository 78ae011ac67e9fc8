"""Parameters that need not be stored: a small integer hash of their names and positions, the same in every language.

    start(key)    FNV-1a, 32 bit, over the UTF-8 bytes of "<seed>/<name>"
    bits(key, i)  x = start + (i + 1) * 0x9e3779b9
                  x ^= x >> 16;  x *= 0x21f0aaad;  x ^= x >> 15;  x *= 0x735a2d97;  x ^= x >> 15      (all modulo 2^32)
    value(key, i) centre + (2 * bits / 2^32 - 1) * bound, in double precision, rounded to single precision at the end

Centre and bound follow from name and shape, see `centre_and_bound`. Elements are counted in row-major order.
"""

from __future__ import annotations

import math

import numpy as np
import torch

FNV_OFFSET = 0x811C9DC5
FNV_PRIME = 0x01000193


def start(seed: int, name: str) -> int:
    """Hash of a seed and a name."""
    state = FNV_OFFSET
    for byte in f"{seed}/{name}".encode():
        state = (state ^ byte) * FNV_PRIME & 0xFFFFFFFF
    return state


def bits(seed: int, name: str, count: int) -> np.ndarray:
    """The first `count` 32-bit words of a name."""
    index = np.arange(1, count + 1, dtype=np.uint32)
    x = np.uint32(start(seed, name)) + index * np.uint32(0x9E3779B9)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x21F0AAAD)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x735A2D97)
    return x ^ x >> np.uint32(15)


def uniform(seed: int, name: str, shape: tuple[int, ...], centre: float, bound: float) -> np.ndarray:
    """Single-precision numbers, uniform in centre ± bound."""
    words = bits(seed, name, math.prod(shape)).astype(np.float64)
    return (centre + (2 * words / 2**32 - 1) * bound).astype(np.float32).reshape(shape)


def centre_and_bound(name: str, shape: tuple[int, ...]) -> tuple[float, float]:
    """Range of a trainable tensor, by its shape.

    Two dimensions or more: 0 ± 1/sqrt(product of all but the first), PyTorch's own range. One dimension: biases
    (`.bias`) 0 ± 0.1, the rest (weights of normalisations) 1 ± 0.25.
    """
    if len(shape) > 1:
        return 0.0, 1 / math.sqrt(math.prod(shape[1:]))
    return (0.0, 0.1) if name.endswith(".bias") else (1.0, 0.25)


def hashed_parameter(seed: int, name: str, shape: tuple[int, ...]) -> np.ndarray:
    """Value of a trainable tensor."""
    return uniform(seed, name, shape, *centre_and_bound(name, shape))


def fill_network(network: torch.nn.Module, seed: int) -> None:
    """Gives every trainable tensor its hashed value; running statistics stay as they are."""
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            parameter.copy_(torch.from_numpy(hashed_parameter(seed, name, tuple(parameter.shape))))
