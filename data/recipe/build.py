#!/usr/bin/env python3
"""Rebuilds the embedded datasets from their sources and compares them with CONTENT.

    pip install -r requirements.txt
    apt-get download dataset-fashion-mnist && dpkg-deb -x dataset-fashion-mnist_*.deb DEB
    python3 build.py --fashion DEB/usr/share/datasets/fashion-mnist --out OUT

What is compared is the decompressed content, since the bytes of a gzip file depend on the zlib version
that wrote it. sign-language-digits has no package to rebuild it from; README.md beside this folder says
where it comes from.
"""
import argparse
import gzip
import hashlib
import pathlib
import struct
import sys

import numpy

CLASSES = 10
HERE = pathlib.Path(__file__).resolve().parent


def read_idx(path):
    """Reads a gzip-compressed uint8 IDX file into an array of its shape."""
    raw = gzip.decompress(pathlib.Path(path).read_bytes())
    shape = struct.unpack(f">{raw[3]}I", raw[4 : 4 + 4 * raw[3]])
    return numpy.frombuffer(raw, numpy.uint8, offset=4 + 4 * raw[3]).reshape(shape)


def encode_idx(array):
    """Encodes a uint8 array as IDX bytes: 0x00000800 + dimensions, big-endian sizes, row-major values."""
    return struct.pack(f">{array.ndim + 1}I", 0x800 + array.ndim, *array.shape) + array.tobytes()


def fashion_mnist_12k(folder):
    """1,000 training and 200 test images of each class of Fashion-MNIST's official parts."""
    # One generator for both parts, in this order: the training part is drawn first.
    random = numpy.random.RandomState(0)
    for part, stem, per_class in (("train", "train", 1000), ("test", "t10k", 200)):
        images = read_idx(folder / f"{stem}-images-idx3-ubyte.gz")
        labels = read_idx(folder / f"{stem}-labels-idx1-ubyte.gz")
        chosen = [random.permutation(numpy.where(labels == c)[0])[:per_class] for c in range(CLASSES)]
        order = random.permutation(numpy.concatenate(chosen))
        yield part, images[order], labels[order]


def uci_digits():
    """scikit-learn's 1,797 digits: 8x8 in 17 levels to uint8, enlarged to 28x28, 80/20 within each class."""
    from PIL import Image
    from sklearn.datasets import load_digits

    digits = load_digits()
    levels = numpy.minimum(digits.images * 16, 255).astype(numpy.uint8)
    images = numpy.stack([numpy.asarray(Image.fromarray(i).resize((28, 28), Image.BILINEAR)) for i in levels])
    random = numpy.random.RandomState(0)
    train, test = [], []
    for label in range(CLASSES):
        shuffled = random.permutation(numpy.where(digits.target == label)[0])
        held_out = round(0.2 * len(shuffled))
        test.append(shuffled[:held_out])
        train.append(shuffled[held_out:])
    random = numpy.random.RandomState(0)  # the order starts from the seed again
    for part, chosen in (("train", train), ("test", test)):
        order = random.permutation(numpy.concatenate(chosen))
        yield part, images[order], digits.target[order].astype(numpy.uint8)


def expected_content():
    """Reads CONTENT: SHA-256 of each file's decompressed bytes, in the format of sha256sum."""
    lines = (HERE / "CONTENT").read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fashion", type=pathlib.Path, required=True, help="folder of the four official files")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder to write the datasets to")
    options = parser.parse_args()
    expected = expected_content()
    differing = []
    for name, parts in (("fashion-mnist-12k", fashion_mnist_12k(options.fashion)), ("uci-digits", uci_digits())):
        folder = options.out / name
        folder.mkdir(parents=True, exist_ok=True)
        for part, images, labels in parts:
            for kind, array in (("images", images), ("labels", labels)):
                file = f"{name}/{part}-{kind}.idx.gz"
                content = encode_idx(array)
                (options.out / file).write_bytes(gzip.compress(content, compresslevel=9, mtime=0))
                same = hashlib.sha256(content).hexdigest() == expected[file]
                print(f"{'same' if same else 'DIFFERS'}  {file}")
                if not same:
                    differing.append(file)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
