"""The small networks that the kernel fixtures consist of: one layer under test each, in awkward sizes.

Most follow one pattern: image, stem, layers under test, then `_tail`, whose ReLU makes the upstream gradient uneven.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator

from layer_program import Sketch


@dataclass
class Case:
    """A network with its input sizes."""

    name: str
    sketch: Sketch
    count: int
    height: int
    width: int
    channels: int
    classes: int = 10
    sgd: dict[str, Any] | None = None
    has_ties: bool = False


def list_cases() -> list[Case]:
    """All cases; names are unique."""
    families = [_stems, _convolutions, _pointwise, _reductions, _depthwise, _separable, _pools, _norms, _combines]
    cases = [case for family in [*families, _classifiers, _mixed, _partial, _optimizer] for case in family()]
    names = [case.name for case in cases]
    assert len(set(names)) == len(names), "two cases have one name"
    return cases


def _start(name: str, size: tuple[int, int, int, int], stem: int, norm=True, **options: Any) -> tuple[Case, Sketch, str]:
    """A case whose network holds a 3x3 stem; `size`: images, rows, columns, channels."""
    count, height, width, channels = size
    sketch = Sketch(channels)
    x = sketch.convolution("image", stem)
    if norm:
        sketch.normalise(x, affine=True)
    return Case(name, sketch, count, height, width, channels, **options), sketch, x


def _tail(case: Case, *xs: str, out=10) -> Case:
    y = case.sketch.pointwise(list(xs), out)
    case.sketch.classify([y], case.classes)
    return case


def _stems() -> Iterator[Case]:
    sizes = [
        ("grey_norm", (2, 8, 8, 1), 12, True),
        ("colour_norm", (5, 7, 7, 3), 18, True),
        ("colour_plain", (1, 9, 11, 3), 6, False),
        ("grey_plain", (17, 5, 13, 1), 20, False),
        ("colour_wide", (2, 4, 10, 3), 30, True),
    ]
    for name, size, out, norm in sizes:
        case, _, x = _start(f"stem_{name}", size, out, norm)
        yield _tail(case, x)
    case, sketch, x = _start("stem_straight_to_classifier", (5, 6, 5, 1), 12)
    sketch.classify([x], 10)
    yield case


def _convolutions() -> Iterator[Case]:
    shapes = [
        ("3x3_stride2_even", (2, 8, 8, 3), 6, 10, (3, 2, 1, True)),
        ("3x3_stride2_odd", (5, 7, 9, 1), 10, 12, (3, 2, 1, False)),
        ("2x2_relu", (2, 6, 7, 3), 12, 20, (2, 1, 0, True)),
        ("2x2_to_one_pixel", (17, 4, 4, 1), 8, 12, (2, 1, 0, True)),
        ("3x3_stride2_of_3_channels", (3, 9, 8, 3), 3, 10, (3, 2, 1, True)),
    ]
    for name, size, stem, out, (kernel, stride, padding, relu) in shapes:
        case, sketch, x = _start(f"convolution_{name}", size, stem)
        if name == "2x2_to_one_pixel":
            x = sketch.pool(x, "average", kernel=3, stride=1, padding=0)
        y = sketch.convolution(x, out, kernel, stride, padding, relu)
        yield _tail(case, sketch.normalise(y, affine=True))


def _pointwise() -> Iterator[Case]:
    for relu in (True, False):
        name = "relu" if relu else "linear"
        case, sketch, x = _start(f"pointwise_{name}", (2, 7, 7, 3), 10)
        yield _tail(case, sketch.normalise(sketch.pointwise([x], 6, relu)))
    case, sketch, x = _start("pointwise_batch1_plain", (1, 9, 5, 1), 20, norm=False)
    yield _tail(case, sketch.pointwise([x], 12))
    case, sketch, x = _start("pointwise_many_pixels", (5, 20, 19, 1), 12)
    yield _tail(case, sketch.normalise(sketch.pointwise([x], 24)))
    for name, widths in (("concat_6_10", (6, 10)), ("concat_8_20_12", (8, 20, 12)), ("concat_10_6_6_10", (10, 6, 6, 10))):
        case, sketch, x = _start(f"pointwise_{name}", (5, 6, 5, 3), 8)
        parts = [sketch.normalise(sketch.pointwise([x], width)) for width in widths]
        yield _tail(case, sketch.normalise(sketch.pointwise(parts, 12)))


def _reductions() -> Iterator[Case]:
    shapes = [
        ("even", (2, 8, 8, 3), 10, 12),
        ("odd", (5, 7, 7, 1), 6, 20),
        ("odd_rows", (1, 9, 6, 3), 12, 6),
        ("odd_columns", (2, 6, 11, 1), 8, 10),
        ("two_pixels", (17, 4, 4, 3), 10, 8),
    ]
    for name, size, stem, out in shapes:
        case, sketch, x = _start(f"factorized_reduce_{name}", size, stem)
        if name == "two_pixels":
            x = sketch.normalise(sketch.factorized_reduce([x], 12))
        yield _tail(case, sketch.normalise(sketch.factorized_reduce([x], out)))
    case, sketch, x = _start("factorized_reduce_concat", (2, 7, 10, 3), 6)
    parts = [x, sketch.normalise(sketch.pointwise([x], 10)), sketch.normalise(sketch.pointwise([x], 12))]
    yield _tail(case, sketch.normalise(sketch.factorized_reduce(parts, 20)))


def _depthwise() -> Iterator[Case]:
    sizes = [(2, 8, 8, 3), (5, 7, 7, 1), (1, 9, 11, 3), (2, 5, 12, 1)]
    channels = [(8, 8), (6, 6), (10, 12), (20, 10), (12, 12)]
    number = 0
    for kernel in (3, 5):
        for dilation in (1, 2):
            for stride in (1, 2):
                for size in (sizes[number % 4], sizes[(number + 1) % 4]):
                    inputs, outputs = channels[number % 5]
                    name = f"depthwise_{kernel}x{kernel}_d{dilation}_s{stride}_{size[1]}x{size[2]}_c{inputs}"
                    case, sketch, x = _start(name, size, inputs)
                    yield _tail(case, sketch.normalise(sketch.depthwise_pointwise(x, outputs, kernel, dilation, stride)))
                    number += 1
    for kernel, dilation, side in ((5, 2, 2), (5, 1, 1), (3, 2, 2)):
        case, sketch, x = _start(f"depthwise_{kernel}x{kernel}_d{dilation}_on_{side}x{side}", (17, 4, 4, 3), 6)
        while side * 2 <= case.height:
            x = sketch.normalise(sketch.factorized_reduce([x], 10))
            side *= 2
        yield _tail(case, sketch.normalise(sketch.depthwise_pointwise(x, 10, kernel, dilation)))
    case, sketch, x = _start("depthwise_uniform_gradient", (2, 9, 7, 1), 12, norm=False)
    sketch.classify([sketch.depthwise_pointwise(x, 12, 5, 1, 2)], 10)
    yield case


def _separable() -> Iterator[Case]:
    for kernel, stride, size, channels in ((3, 1, (2, 7, 9, 3), 6), (5, 2, (5, 9, 8, 1), 10), (3, 2, (1, 14, 13, 3), 12)):
        case, sketch, x = _start(f"separable_{kernel}x{kernel}_s{stride}", size, channels)
        half = sketch.normalise(sketch.depthwise_pointwise(x, channels, kernel, 1, stride))
        yield _tail(case, sketch.normalise(sketch.depthwise_pointwise(half, channels, kernel)))


def _pools() -> Iterator[Case]:
    for kind in ("max", "average"):
        for stride, size, channels in ((1, (2, 8, 8, 3), 6), (1, (5, 7, 9, 1), 10), (2, (1, 9, 11, 3), 12), (2, (2, 8, 6, 1), 20)):
            case, sketch, x = _start(f"pool_{kind}_s{stride}_{size[1]}x{size[2]}", size, channels)
            # Pooled and normalised at once, the stem's scale and shift would have no gradient.
            x = sketch.pointwise([x], channels)
            yield _tail(case, sketch.normalise(sketch.pool(x, kind, 3, stride)))
        case, sketch, x = _start(f"pool_{kind}_plain", (2, 5, 7, 3), 6, norm=False)
        yield _tail(case, sketch.pool(x, kind, 3, 2))
    for stride, size in ((1, (2, 8, 8, 1)), (2, (5, 9, 7, 1))):
        case, sketch, x = _start(f"pool_max_ties_s{stride}", size, 6, norm=False, has_ties=True)
        yield _tail(case, sketch.normalise(sketch.pool(x, "max", 3, stride)))
    for kernel, stride, side in ((5, 3, 8), (5, 2, 7), (3, 1, 4)):
        case, sketch, x = _start(f"pool_average_{kernel}x{kernel}_s{stride}_unpadded", (2, side, side, 3), 12)
        yield _tail(case, sketch.pool(x, "average", kernel, stride, padding=0, relu=True))
    case, sketch, x = _start("pool_one_pixel_relu", (2, 5, 6, 3), 10)
    sketch.classify([sketch.pool(x, "average", 1, 1, padding=0, relu=True)], 10)
    yield case


def _norms() -> Iterator[Case]:
    for affine in (True, False):
        name = "affine" if affine else "plain"
        case, sketch, x = _start(f"norm_{name}_batch17", (17, 6, 7, 1), 10, norm=False)
        yield _tail(case, sketch.normalise(x, affine=affine))
    case, sketch, x = _start("norm_affine_after_linear", (5, 5, 5, 3), 6)
    y = sketch.normalise(sketch.pointwise([x], 20, relu=False), affine=True)
    yield _tail(case, sketch.normalise(sketch.pointwise([y], 12), affine=True))
    case, sketch, x = _start("norm_shared_by_names", (2, 6, 6, 3), 8)
    x = sketch.pointwise([x], 8)
    y = sketch.normalise(sketch.pool(x, "average"), names=["edge0.norm", "edge1.norm", "edge2.norm"])
    yield _tail(case, y)


def _combines() -> Iterator[Case]:
    case, sketch, x = _start("combine_unweighted", (2, 6, 7, 3), 10)
    y = sketch.normalise(sketch.pointwise([x], 10))
    yield _tail(case, sketch.combine(x, y))
    case, sketch, x = _start("combine_weighted_skip", (5, 7, 5, 1), 6)
    y = sketch.normalise(sketch.depthwise_pointwise(x, 6, 3))
    yield _tail(case, sketch.combine((x, 0), (y, 1)))
    case, sketch, x = _start("combine_pool_in_two_nodes", (2, 8, 8, 3), 12)
    pools = [sketch.normalise(sketch.pool(x, kind)) for kind in ("max", "average")]
    first = sketch.combine((pools[0], 0), (pools[1], 1), (x, 2))
    second = sketch.combine((pools[0], 3), (pools[1], 4), (first, 5))
    yield _tail(case, first, second)
    case, sketch, x = _start("combine_one_weight_twice", (5, 6, 6, 1), 8)
    first = sketch.combine((sketch.normalise(sketch.pointwise([x], 8)), 0), (x, 1))
    second = sketch.combine((sketch.normalise(sketch.pointwise([first], 8)), 0), (first, 1), (x, 1))
    yield _tail(case, second)
    case, sketch, x = _start("combine_without_norm", (1, 7, 7, 3), 10, norm=False)
    y = sketch.pointwise([x], 10)
    yield _tail(case, sketch.combine((x, 1), (y, 0), y))
    case, sketch, x = _start("combine_one_term", (2, 5, 9, 1), 6)
    yield _tail(case, sketch.combine((x, 2)))


def _classifiers() -> Iterator[Case]:
    case, sketch, x = _start("classifier_37_classes_concat", (5, 6, 6, 3), 10, classes=37)
    y = sketch.normalise(sketch.pointwise([x], 6))
    sketch.classify([x, y, sketch.pointwise([y], 20)], 37)
    yield case
    case, sketch, x = _start("classifier_2_classes_batch1", (1, 8, 5, 1), 12, classes=2)
    yield _tail(case, x, out=20)
    # The second has several images a group of the engine's, which takes them at once where there are few pixels.
    for name, batch in (("auxiliary_head", 5), ("auxiliary_head_batch37", 37)):
        case, sketch, x = _start(name, (batch, 8, 8, 3), 6)
        pooled = sketch.pool(x, "average", 5, 3, padding=0, relu=True)
        narrow = sketch.normalise(sketch.pointwise([pooled], 20, relu=False), affine=True)
        wide = sketch.normalise(sketch.convolution(narrow, 28, 2, 1, 0, relu=True), affine=True)
        sketch.classify([sketch.pool(wide, "average", 1, 1, padding=0, relu=True)], 10, auxiliary_weight=0.4)
        yield _tail(case, sketch.normalise(sketch.depthwise_pointwise(x, 12, 3)))
    # More images a group than are taken at once.
    case, sketch, x = _start("few_pixels_batch300", (300, 3, 3, 1), 6)
    narrow = sketch.normalise(sketch.pointwise([sketch.pool(x, "average", 2, 1, padding=0)], 10, relu=False), affine=True)
    yield _tail(case, sketch.convolution(narrow, 12, 2, 1, 0, relu=False))
    # An auxiliary one without weight changes nothing.
    case, sketch, x = _start("two_heads", (2, 6, 6, 1), 10, classes=7)
    y = sketch.normalise(sketch.pointwise([x], 12))
    sketch.classify([y], 10, auxiliary_weight=0.0)
    sketch.classify([y], 7)
    yield case


def _mixed_edge(sketch: Sketch, x: str, channels: int, stride: int, first: int) -> list[tuple[str, int]]:
    """All candidate operations of an edge but `none`; mixing weights `first` and up."""
    terms = [sketch.normalise(sketch.pool(x, kind, 3, stride)) for kind in ("max", "average")]
    terms.append(x if stride == 1 else sketch.normalise(sketch.factorized_reduce([x], channels)))
    for kernel in (3, 5):
        half = sketch.normalise(sketch.depthwise_pointwise(x, channels, kernel, 1, stride))
        terms.append(sketch.normalise(sketch.depthwise_pointwise(half, channels, kernel)))
    terms += [sketch.normalise(sketch.depthwise_pointwise(x, channels, kernel, 2, stride)) for kernel in (3, 5)]
    return [(term, first + i) for i, term in enumerate(terms)]


def _mixed() -> Iterator[Case]:
    for stride, size, channels in ((1, (2, 8, 8, 3), 6), (2, (5, 9, 7, 1), 10), (2, (2, 8, 10, 3), 12), (1, (17, 5, 5, 1), 8)):
        case, sketch, x = _start(f"mixed_edge_s{stride}_c{channels}", size, channels)
        yield _tail(case, sketch.combine(*_mixed_edge(sketch, x, channels, stride, 0)))
    case, sketch, x = _start("mixed_two_segments", (5, 9, 10, 3), 6)
    sketch.segment()
    first = sketch.combine(*_mixed_edge(sketch, x, 6, 1, 0))
    sketch.segment()
    y = sketch.normalise(sketch.factorized_reduce([x, first], 10))
    second = sketch.combine(*_mixed_edge(sketch, y, 10, 1, 0))
    yield _tail(case, y, second)


def _partial() -> Iterator[Case]:
    """Edges of PC-DARTS: a quarter of the channels goes through operations, the others pass by."""
    for size, channels in (((2, 8, 8, 3), 12), ((5, 7, 6, 1), 20), ((17, 5, 5, 1), 32)):
        case, sketch, x = _start(f"partial_edge_c{channels}", size, channels)
        narrow, count = sketch.channels((x, 0, channels // 4)), channels // 4
        mixed = sketch.combine((sketch.normalise(sketch.depthwise_pointwise(narrow, count, 3)), 0), (narrow, 1))
        passed = sketch.combine((x, 0, 2))
        yield _tail(case, sketch.channels((mixed, 0, count), (passed, count, channels - count), groups=4))
    # A slice of the middle, one tensor in two slices, and three groups.
    case, sketch, x = _start("channels_of_two", (5, 6, 7, 3), 10)
    y = sketch.normalise(sketch.pointwise([x], 12))
    joined = sketch.channels((x, 3, 5), (y, 9, 3), (x, 0, 4), (y, 0, 9), groups=3)
    yield _tail(case, sketch.normalise(sketch.pointwise([joined], 10)), x)


def _optimizer() -> Iterator[Case]:
    settings = [
        ("plain", {"learningRate": 0.1, "momentum": 0.0, "weightDecay": 0.0, "clip": 0.0}),
        ("momentum_decay", {"learningRate": 0.05, "momentum": 0.9, "weightDecay": 0.01, "clip": 5.0}),
        ("clipped", {"learningRate": 0.2, "momentum": 0.9, "weightDecay": 3e-4, "clip": 0.25}),
    ]
    for name, sgd in settings:
        case, sketch, x = _start(f"sgd_{name}", (5, 6, 7, 3), 10, sgd={"steps": 3, **sgd})
        y = sketch.normalise(sketch.depthwise_pointwise(x, 10, 3), affine=True)
        yield _tail(case, sketch.combine((x, 0), (y, 1)))
