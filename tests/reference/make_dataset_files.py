"""Writes one dataset through every door that Rootstock has, with the programs that people use: Pillow, zipfile, tarfile,
pyarrow, Hugging Face's `datasets` and numpy. Pictures are sorted by part, class and name, so that all files list them alike.

    python make_dataset_files.py FOLDER_OF_IDX_FILES OUT     every door of a real dataset below OUT
    python make_dataset_files.py CLASS_FOLDERS.tar OUT       the same with its pictures as they are
    python make_dataset_files.py                             fixtures/datasets: tiny ones for the tests
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Iterator, NamedTuple

import datasets
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image


class Part(NamedTuple):
    name: str
    images: np.ndarray
    labels: np.ndarray


class Picture(NamedTuple):
    part: str
    label: int
    path: str
    content: bytes


class PhotoSource(NamedTuple):
    """Pictures as somebody has encoded them."""

    info: dict
    listed: list[Picture]

    @property
    def classes(self) -> list[str]:
        return self.info["classes"]

    @property
    def part_names(self) -> list[str]:
        return [name for name in ("train", "val", "test") if any(picture.part == name for picture in self.listed)]

    def pictures(self, part: str | None = None) -> Iterator[Picture]:
        return (picture for picture in self.listed if part in (None, picture.part))


class Source(NamedTuple):
    """Images of one size, to be encoded as PNG."""

    info: dict
    parts: list[Part]

    @property
    def classes(self) -> list[str]:
        return self.info["classes"]

    @property
    def part_names(self) -> list[str]:
        return [part.name for part in self.parts]

    def pictures(self, part: str | None = None) -> Iterator[Picture]:
        for name, images, labels in self.parts:
            if part not in (None, name):
                continue
            for i, (image, label) in enumerate(zip(images, labels)):
                out = io.BytesIO()
                Image.fromarray(image).save(out, "PNG")
                yield Picture(name, int(label), f"{name}/{self.classes[label]}/{i:05d}.png", out.getvalue())


def read_idx(path: Path) -> np.ndarray:
    bytes_ = gzip.open(path).read()
    shape = [int.from_bytes(bytes_[4 + 4 * i : 8 + 4 * i], "big") for i in range(bytes_[3])]
    return np.frombuffer(bytes_, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def sort_part(name: str, images: np.ndarray, labels: np.ndarray) -> Part:
    order = np.argsort(labels, kind="stable")
    return Part(name, np.ascontiguousarray(images[order]), labels[order])


def read_source(folder: Path) -> Source:
    info = json.loads((folder / "info.json").read_text())
    parts = [sort_part(p, read_idx(folder / f"{p}-images.idx.gz"), read_idx(folder / f"{p}-labels.idx.gz")) for p in ("train", "test")]
    return Source(kept(info), parts)


def kept(info: dict) -> dict:
    return {key: info[key] for key in ("name", "description", "classes", "source", "licence") if key in info}


def read_photos(path: Path) -> PhotoSource:
    with tarfile.open(path) as archive:
        files = {member.name: archive.extractfile(member).read() for member in archive if member.isfile()}
    info = kept(json.loads(files.pop("info.json")))
    listed = [(name.split("/"), name, content) for name, content in files.items()]
    pictures = [Picture(parts[0], info["classes"].index(parts[1]), name, content) for parts, name, content in listed]
    order = {"train": 0, "val": 1, "test": 2}
    return PhotoSource(info, sorted(pictures, key=lambda picture: (order[picture.part], picture.label, picture.path)))


def tiny_source(channels: int) -> Source:
    """Nine training and three test pictures of 8x8 pixels; the classes are not in the order of their names."""
    random = np.random.default_rng(0)
    shape = (8, 8) if channels == 1 else (8, 8, channels)
    make = lambda name, count: sort_part(name, random.integers(0, 256, (count, *shape), np.uint8), np.arange(count, dtype=np.uint8) % 3)
    return Source({"name": "tiny", "classes": ["pear", "apple", "f\u00eate"], "licence": "CC0"}, [make("train", 9), make("test", 3)])


def info_bytes(source: Source | PhotoSource) -> bytes:
    return json.dumps(source.info, ensure_ascii=False).encode()


def write_idx(source: Source, out: Path) -> None:
    out.mkdir(parents=True)
    for name, images, labels in source.parts:
        for kind, array in (("images", images), ("labels", labels)):
            header = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
            (out / f"{name}-{kind}.idx.gz").write_bytes(gzip.compress(header + array.tobytes(), 6, mtime=0))
    (out / "info.json").write_bytes(info_bytes(source))


def write_folder(source: Source | PhotoSource, out: Path) -> None:
    for picture in source.pictures():
        path = out / picture.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture.content)
    (out / "info.json").write_bytes(info_bytes(source))


def write_zip(source: Source | PhotoSource, out: Path) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        stamp = lambda name: zipfile.ZipInfo(name)
        for picture in source.pictures():
            archive.writestr(stamp(f"{out.stem}/{picture.path}"), picture.content, zipfile.ZIP_DEFLATED)
        archive.writestr(stamp(f"{out.stem}/info.json"), info_bytes(source))


def add_member(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


def write_tar(source: Source | PhotoSource, out: Path, mode: str, tar_format: int) -> None:
    with tarfile.open(out, mode, format=tar_format) as archive:
        add_member(archive, "info.json", info_bytes(source))
        for picture in source.pictures():
            add_member(archive, picture.path, picture.content)


def write_webdataset(source: Source | PhotoSource, out: Path) -> None:
    out.mkdir()
    for part in source.part_names:
        with tarfile.open(out / f"{part}-000000.tar", "w", format=tarfile.USTAR_FORMAT) as archive:
            if part == "train":
                add_member(archive, "classes.txt", "\n".join(source.classes).encode())
            for i, picture in enumerate(source.pictures(part)):
                add_member(archive, f"{i:06d}{Path(picture.path).suffix}", picture.content)
                add_member(archive, f"{i:06d}.cls", str(picture.label).encode())
    (out / "info.json").write_bytes(info_bytes(source))


def write_hugging_face(source: Source | PhotoSource, out: Path) -> None:
    (out / "data").mkdir(parents=True)
    features = datasets.Features({"image": datasets.Image(), "label": datasets.ClassLabel(names=source.classes)})
    for part in source.part_names:
        pictures = list(source.pictures(part))
        columns = {
            "image": [{"bytes": picture.content, "path": Path(picture.path).name} for picture in pictures],
            "label": [picture.label for picture in pictures],
        }
        datasets.Dataset.from_dict(columns, features).to_parquet(out / "data" / f"{part}-00000-of-00001.parquet")
    (out / "info.json").write_bytes(info_bytes(source))


def write_pyarrow(source: Source | PhotoSource, out: Path, compression: str) -> None:
    """Plain columns: bytes and a text, without anyone's metadata."""
    out.mkdir()
    for part in source.part_names:
        pictures = list(source.pictures(part))
        labels = pa.array([source.classes[picture.label] for picture in pictures]).dictionary_encode()
        table = pa.table({"img": pa.array([p.content for p in pictures], pa.binary()), "label": labels})
        pq.write_table(table, out / f"{part}.parquet", compression=compression, row_group_size=1000)
    (out / "info.json").write_bytes(info_bytes(source))


def write_npz(source: Source, out: Path) -> None:
    """As MedMNIST: labels N x 1."""
    arrays = {}
    for name, images, labels in source.parts:
        arrays[f"{name}_images"] = images
        arrays[f"{name}_labels"] = labels.astype(np.int64)[:, None]
    np.savez_compressed(out, **arrays)
    out.with_suffix(".info.json").write_bytes(info_bytes(source))


def write_tables(source: Source | PhotoSource, folder: Path) -> None:
    """CSV and JSON lines beside the folder's pictures."""
    with open(folder / "labels.csv", "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file_name", "label", "split"])
        rows.writerows([picture.path, source.classes[picture.label], picture.part] for picture in source.pictures())
    with open(folder / "labels.jsonl", "w") as file:
        for picture in source.pictures():
            row = {"path": picture.path, "class": source.classes[picture.label], "split": picture.part}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_cifar(source: Source, out: Path) -> None:
    """As the binary version of CIFAR-10, also packed."""
    out.mkdir()
    records = lambda images, labels: np.concatenate([labels[:, None], images.transpose(0, 3, 1, 2).reshape(len(labels), -1)], 1).tobytes()
    (_, images, labels), (_, test_images, test_labels) = source.parts
    for i, rows in enumerate(np.array_split(np.arange(len(labels)), 5)):
        (out / f"data_batch_{i + 1}.bin").write_bytes(records(images[rows], labels[rows]))
    (out / "test_batch.bin").write_bytes(records(test_images, test_labels))
    (out / "batches.meta.txt").write_text("\n".join(source.classes) + "\n\n")
    with tarfile.open(out.with_suffix(".tar.gz"), "w:gz") as archive:
        archive.add(out, "cifar-10-batches-bin")
    (out / "info.json").write_bytes(info_bytes(source))
    out.with_suffix(".info.json").write_bytes(info_bytes(source))


def write_all(source: Source | PhotoSource, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    write_folder(source, out / "folder")
    write_tables(source, out / "folder")
    write_zip(source, out / "set.zip")
    write_tar(source, out / "set.tar", "w", tarfile.GNU_FORMAT)
    write_tar(source, out / "set.tar.gz", "w:gz", tarfile.PAX_FORMAT)
    write_webdataset(source, out / "shards")
    write_hugging_face(source, out / "hub")
    write_pyarrow(source, out / "arrow", "zstd")
    if isinstance(source, PhotoSource):
        return
    write_idx(source, out / "idx")
    write_npz(source, out / "set.npz")
    if source.parts[0].images.shape[1:] == (32, 32, 3):
        write_cifar(source, out / "cifar")


def write_fixtures(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    source = tiny_source(1)
    write_idx(source, out / "idx")
    write_zip(source, out / "set.zip")
    write_tar(source, out / "set.tar.gz", "w:gz", tarfile.PAX_FORMAT)
    write_webdataset(source, out / "shards")
    write_hugging_face(source, out / "hub")
    for compression in ("gzip", "brotli", "lz4", "zstd"):
        write_pyarrow(source, out / compression, compression)
    write_npz(source, out / "set.npz")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        source = Path(sys.argv[1])
        write_all(read_source(source) if source.is_dir() else read_photos(source), Path(sys.argv[2]))
    else:
        write_fixtures(Path(__file__).parent / "fixtures" / "datasets")
