"""The engine's random choices for training images, written anew from their definitions (kernels/src/random.rs, variation.rs).

A number is a function of (seed, stream, key, index): Philox 4x32-10 (Salmon et al. 2011).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

AUGMENTATION, RESIZED_CROP, JITTER, MIXING = 3, 6, 7, 8
WORD = 0xFFFFFFFF

Part = tuple[int, int, int, int]  # top, left, height, width


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """One block of ten rounds."""
    c, k = counter, key
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = ((b >> 32) ^ c[1] ^ k[0], b & WORD, (a >> 32) ^ c[3] ^ k[1], a & WORD)
        k = ((k[0] + 0x9E3779B9) & WORD, (k[1] + 0xBB67AE85) & WORD)
    return c


def words(seed: int, stream: int, key: int, block: int) -> tuple[int, int, int, int]:
    return philox((block & WORD, block >> 32, key, stream), (seed & WORD, seed >> 32))


def unit(word: int) -> float:
    return (word >> 8) / 16777216


def below(word: int, bound: int) -> int:
    return (word * bound) >> 32


def half_up(x: float) -> int:
    return math.floor(x + 0.5)


def draw_part(scale: float, at: tuple[int, int, int], height: int, width: int) -> Part:
    """`RandomResizedCrop.get_params` of torchvision, with this generator."""
    seed, epoch, image = at
    share, steepest, area = float(np.float32(scale)), math.log(4 / 3), height * width
    for attempt in range(10):
        w = words(seed, RESIZED_CROP, epoch, image * 16 + attempt)
        target = area * (share + (1 - share) * unit(w[0]))
        aspect = math.exp(steepest * (2 * unit(w[1]) - 1))
        columns, rows = half_up(math.sqrt(target * aspect)), half_up(math.sqrt(target / aspect))
        if 0 < columns <= width and 0 < rows <= height:
            return below(w[2], height - rows + 1), below(w[3], width - columns + 1), rows, columns
    rows, columns = min(height, half_up(width * 4 / 3)), min(width, half_up(height * 4 / 3))
    return (height - rows) // 2, (width - columns) // 2, rows, columns


def draw_variation(augmentation: dict[str, Any], at: tuple[int, int, int], height: int, width: int) -> dict[str, Any]:
    """Part that is shown, flip, hole, factors of brightness, contrast and saturation."""
    seed, epoch, image = at
    w = words(seed, AUGMENTATION, epoch, image)
    padding, scale = augmentation["cropPadding"], augmentation.get("cropScale", 1)
    shift = lambda word: below(word, 2 * padding + 1) - padding if padding else 0
    part = (shift(w[0]), shift(w[1]), height, width) if scale == 1 else draw_part(scale, at, height, width)
    half = augmentation["cutout"] // 2
    y, x = below((w[3] << 16) & WORD, height), below(w[3] & 0xFFFF0000, width)
    jitter = augmentation.get("jitter", {})
    factors = []
    for name, word in zip(("brightness", "contrast", "saturation"), words(seed, JITTER, epoch, image)):
        by = jitter.get(name, 0)
        least = max(0.0, 1 - by)
        factors.append(least + (1 + by - least) * unit(word))
    return {
        "part": part,
        "flip": augmentation["flip"] and w[2] & 1 == 1,
        "hole": (y - half, x - half, 2 * half, 2 * half),
        "factors": factors,
    }


def draw_beta(parameter: float, attempts: list[tuple[int, int, int, int]]) -> float:
    """Jöhnk's rejection, in logarithms."""
    for w in attempts:
        x, y = (math.log((word + 0.5) / 2**32) / parameter for word in w[:2])
        if math.exp(x) + math.exp(y) <= 1:
            return 1 / (1 + math.exp(y - x))
    return 0.5


def draw_mix(mixup: float, cutmix: float, at: tuple[int, int, int], height: int, width: int) -> tuple[float, Part | None]:
    """Share that the image keeps, and the part that is its partner's."""
    seed, epoch, image = at
    blocks = [words(seed, MIXING, epoch, image * 64 + i) for i in range(64)]
    is_patched = mixup == 0 or (cutmix > 0 and blocks[0][0] & 1 == 1)
    share = draw_beta(float(np.float32(cutmix if is_patched else mixup)), blocks[1:])
    keep = max(share, 1 - share)
    if not is_patched:
        return keep, None
    spans = []
    for word, length in zip(blocks[0][1:3], (height, width)):
        half, centre = int(length * math.sqrt(1 - keep)) // 2, below(word, length)
        spans.append((max(centre - half, 0), min(centre + half, length)))
    (top, bottom), (left, right) = spans
    return 1 - (bottom - top) * (right - left) / (height * width), (top, left, bottom - top, right - left)
