"""Computes fixtures/variation.json: training images as torchvision varies them, with the engine's random choices.

Every case is a few images under one set of changes: `read` are the numbers that a network reads, [images, height, width, channels].
Then mixtures of them in pairs. In double precision. See README.md. Run: python make_variation_fixtures.py
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torchvision
from torch import Tensor
from torchvision.transforms import functional as V

from engine_random import draw_mix, draw_variation
from fixture_file import FIXTURES, format_json, versions

MEANS, DEVIATIONS = [0.5, 0.375, 0.25], [0.25, 0.5, 0.125]
SEED, EPOCH, COUNT = 2**40 + 77, 3, 3
JITTER = {"brightness": 0.4, "contrast": 0.5, "saturation": 0.75}
NONE = {"cropPadding": 0, "flip": False, "cutout": 0}
CASES = [
    ("padded, mirrored, cut out", (9, 7, 3), NONE | {"cropPadding": 2, "flip": True, "cutout": 4}),
    ("resized parts", (9, 7, 3), NONE | {"flip": True, "cropScale": 0.2}),
    ("resized parts of a grey image, cut out", (8, 11, 1), NONE | {"flip": True, "cutout": 3, "cropScale": 0.35}),
    ("colours, padded", (7, 9, 3), NONE | {"cropPadding": 2, "jitter": JITTER}),
    ("grey has no saturation", (6, 6, 1), NONE | {"jitter": JITTER}),
    ("contrast alone", (6, 5, 3), NONE | {"jitter": {"brightness": 0, "contrast": 1, "saturation": 0}}),
    ("all", (10, 10, 3), NONE | {"flip": True, "cutout": 2, "cropScale": 0.35, "jitter": JITTER}),
]
MIXED = [("mixup", 0.5, 0), ("cutmix", 0, 1), ("both", 1, 0.5)]


def resize(image: Tensor, part: tuple[int, int, int, int], size: list[int]) -> Tensor:
    """With antialiasing, which changes nothing where nothing shrinks."""
    smooth, plain = (V.resized_crop(image, *part, size, antialias=antialias) for antialias in (True, False))
    torch.testing.assert_close(smooth, plain, rtol=0, atol=1e-6)
    return plain


def vary(image: Tensor, augmentation: dict[str, Any], number: int) -> Tensor:
    """What a network reads of an image [C, H, W] of values 0 to 1."""
    channels, height, width = image.shape
    drawn = draw_variation(augmentation, (SEED, EPOCH, number), height, width)
    top, left, rows, columns = drawn["part"]
    if augmentation.get("cropScale", 1) < 1:
        image = resize(image, drawn["part"], [height, width])
        image = V.hflip(image) if drawn["flip"] else image
    else:
        # The engine shifts what it mirrors: a crop of the padded image, then the mirror.
        padding = augmentation["cropPadding"]
        image = V.crop(V.pad(image, [padding] * 4), top + padding, left + padding, rows, columns)
        image = V.hflip(image) if drawn["flip"] else image
    if "jitter" in augmentation:
        brightness, contrast, saturation = drawn["factors"]
        image = V.adjust_contrast(V.adjust_brightness(image, brightness), contrast)
        image = V.adjust_saturation(image, saturation) if channels == 3 else image
    image = V.normalize(image, MEANS[:channels], DEVIATIONS[:channels])
    y, x, rows, columns = drawn["hole"]
    image[:, max(y, 0) : max(y + rows, 0), max(x, 0) : max(x + columns, 0)] = 0
    return image


def mix(images: Tensor, mixup: float, cutmix: float) -> tuple[Tensor, list[float]]:
    """Each image with the next one, the last with the first."""
    mixed, shares = [], []
    for i, image in enumerate(images):
        keep, part = draw_mix(mixup, cutmix, (SEED, EPOCH, i), *image.shape[1:])
        partner = images[(i + 1) % len(images)]
        if part is None:
            mixed.append(keep * image + (1 - keep) * partner)
        else:
            y, x, rows, columns = part
            patched = image.clone()
            patched[:, y : y + rows, x : x + columns] = partner[:, y : y + rows, x : x + columns]
            mixed.append(patched)
        shares.append(keep)
    return torch.stack(mixed), shares


def numbers(images: Tensor) -> list[float]:
    return [round(value, 7) for value in images.permute(0, 2, 3, 1).ravel().tolist()]


if __name__ == "__main__":
    random = np.random.default_rng(11)
    cases = []
    for name, (height, width, channels), augmentation in CASES:
        pixels = random.integers(0, 256, (COUNT, height, width, channels))
        images = torch.from_numpy(pixels / 255).permute(0, 3, 1, 2)
        varied = torch.stack([vary(image, augmentation, i) for i, image in enumerate(images)])
        case = {"name": name, "height": height, "width": width, "channels": channels, "augmentation": augmentation}
        cases.append(case | {"pixels": pixels.ravel().tolist(), "read": numbers(varied)})
    mixtures = []
    for name, mixup, cutmix in MIXED:
        mixed, shares = mix(varied, mixup, cutmix)
        mixtures.append({"name": name, "mixup": mixup, "cutmix": cutmix, "shares": shares, "read": numbers(mixed)})
    sizes = {"means": MEANS, "deviations": DEVIATIONS, "seed": SEED, "epoch": EPOCH, "count": COUNT}
    tools = versions() | {"torchvision": torchvision.__version__}
    fixture = {"versions": tools} | sizes | {"cases": cases, "mixtures": mixtures}
    (FIXTURES / "variation.json").write_text(format_json(fixture) + "\n")
    print([(mixture["name"], [round(share, 3) for share in mixture["shares"]]) for mixture in mixtures])
