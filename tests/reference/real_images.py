"""Small crops of the embedded photographs, so that whole networks are compared on real data.

Photographs have no large equal patches: equal values would make the maximum of a pooling depend on rounding.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parents[2] / "data" / "sign-language-digits"


def read_idx(path: Path) -> np.ndarray:
    """Reads an IDX file of bytes."""
    content = gzip.decompress(path.read_bytes())
    shape = [int.from_bytes(content[4 + 4 * i : 8 + 4 * i], "big") for i in range(content[3])]
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def crop_mosaics(count: int, size: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """As `crop_photographs`, for larger crops: the middle of four photographs, two by two, with the label of the first."""
    height, width, channels = size
    images, labels = crop_photographs(0, 4 * count, (32, 32, channels))
    rows = [np.concatenate(images.reshape(count, 4, 32, 32, channels)[:, i : i + 2].swapaxes(0, 1), axis=2) for i in (0, 2)]
    whole = np.concatenate(rows, axis=1)
    top, left = (64 - height) // 2, (64 - width) // 2
    return whole[:, top : top + height, left : left + width].copy(), labels[::4].copy()


def crop_photographs(first: int, count: int, size: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Images [count, height, width, channels] and labels of the test part, from image `first` on.

    The crop is the middle one; grey is ITU-R BT.601 luma rounded to bytes, as in the engine.
    """
    height, width, channels = size
    images = read_idx(FOLDER / "test-images.idx.gz")[first : first + count]
    labels = read_idx(FOLDER / "test-labels.idx.gz")[first : first + count]
    top, left = (images.shape[1] - height) // 2, (images.shape[2] - width) // 2
    images = images[:, top : top + height, left : left + width]
    if channels == 1:
        images = ((images.astype(np.uint32) @ np.array([299, 587, 114], np.uint32) + 500) // 1000)[..., None]
    return images.astype(np.uint8), labels.copy()
