"""Checks of what a format declares, and of its values, whatever they were computed from."""

from __future__ import annotations

import itertools
import math
import pickle
from collections.abc import Callable, Sequence
from typing import TypeVar

from hashwalk.errors import FormatMismatchError
from hashwalk.format import (
    FORMAT_ID,
    FileHasher,
    Format,
    Hash,
    Kind,
    Part,
    PathHasher,
    PictureHasher,
    Shape,
    VideoHasher,
)
from hashwalk.testing.check import expect, guarded
from hashwalk.testing.samples import Example, sample_hashes, sample_jobs

CAPABILITIES = {
    Kind.FILE: FileHasher,
    Kind.PICTURE: PictureHasher,
    Kind.VIDEO: VideoHasher,
}
ROUNDING = 1 + 1e-9
T = TypeVar("T")


@guarded
def check_spec(candidate: Format) -> None:
    """Check that the spec says what users rely on: id, summary, licence, sources, encodings."""
    spec = candidate.spec
    expect(bool(FORMAT_ID.fullmatch(spec.id)), "the id is not lower-case words joined by - _ . : @")
    for name in ("summary", "licence", "source"):
        text = getattr(spec, name)
        expect(bool(text.strip()) and "\n" not in text, f"spec.{name} is not one line of text")
    expect(spec.version >= 1, "spec.version is not 1 or more")
    expect(spec.bits is None or spec.bits >= 1, "spec.bits is neither None nor 1 or more")
    names = [*(e.name for e in spec.encodings), *spec.text_forms]
    expect(bool(spec.encodings), "spec.encodings has no canonical encoding")
    expect(len(set(names)) == len(names), "two encodings or text forms have the same name")
    for published in (spec.threshold, spec.quality_floor):
        if published is not None:
            expect(published.value >= 0, f"the {type(published).__name__} is negative")
            expect(bool(published.source.strip()), f"the {type(published).__name__} has no source")


@guarded
def check_capability(candidate: Format) -> None:
    """Check that a format computes from what its kind says, and from nothing else."""
    kind = candidate.spec.kind
    able = {k for k, capability in CAPABILITIES.items() if isinstance(candidate, capability)}
    expect(able <= {kind}, f"it is of kind {kind} but computes from {', '.join(sorted(able))}")
    twice = bool(able) and isinstance(candidate, PathHasher)
    expect(not twice, f"it computes from a path and from a {kind}, which is twice")


@guarded
def check_sizes(candidate: Format, examples: Sequence[Example]) -> None:
    """Check that every hash has the format's id, shape and size, in plain Python types."""
    for value in sample_hashes(candidate, examples):
        check_well_formed(candidate, value)
    for job in sample_jobs(candidate):
        check_shape(candidate, job())


@guarded
def check_distance(candidate: Format, examples: Sequence[Example]) -> None:
    """Check that distances of values and of hashes keep the axioms that the spec claims."""
    hashes = sample_hashes(candidate, examples)
    values = sorted({part.value for value in hashes for part in value.parts[:3]})[:12]
    distance = candidate.spec.distance
    _check_axioms(distance, values)
    _check_axioms(candidate.distance, hashes)
    if distance.metric:
        for a, b, c in itertools.permutations(values, 3):
            detour = distance(a, b) + distance(b, c)
            expect(distance(a, c) <= detour * ROUNDING, "the triangle inequality does not hold")


@guarded
def check_self_match(candidate: Format, examples: Sequence[Example]) -> None:
    """Check that a hash compared with itself matches, or the verdict is withheld with a reason."""
    for value in sample_hashes(candidate, examples):
        comparison = candidate.compare(value, value)
        expect(comparison.match is not False, f"{value!r} does not match itself")
        withheld = comparison.match is None
        expect(not withheld or bool(comparison.reason), "a verdict is withheld without a reason")


@guarded
def check_refusal(candidate: Format, examples: Sequence[Example]) -> None:
    """Check that hashes of other formats, and values of another size, are refused."""
    own = next(value for value in sample_hashes(candidate, examples) if value.parts)
    foreign = [Hash(f"not-{candidate.spec.id}", own.parts)]
    if candidate.spec.bits is not None:
        foreign.append(Hash.of(candidate.spec.id, own.parts[0].value + b"\0"))
    for other in foreign:
        _expect_refused("render", candidate.render, other)
        for pair in ((own, other), (other, own)):
            _expect_refused("distance", candidate.distance, *pair)
            _expect_refused("compare", candidate.compare, *pair)


@guarded
def check_pickling(candidate: Format, examples: Sequence[Example]) -> None:
    """Check that the format and its hashes reach worker processes unchanged."""
    copy = pickle.loads(pickle.dumps(candidate))  # noqa: S301
    expect(copy.spec == candidate.spec, "the pickled format has another spec")
    for value in sample_hashes(candidate, examples):
        same = pickle.loads(pickle.dumps(value))  # noqa: S301
        expect(same == value and hash(same) == hash(value), f"{value!r} changes when pickled")
    here = [job() for job in sample_jobs(candidate)]
    there = [job() for job in sample_jobs(copy)]
    expect(here == there, "the pickled format computes other hashes")


def check_well_formed(candidate: Format, value: Hash) -> None:
    """Raise AssertionError unless `value` has the format's id and size, in plain types."""
    spec = candidate.spec
    expect(type(value) is Hash, f"a {type(value).__name__} is given where a Hash is due")
    expect(value.format == spec.id, f"its hash calls itself {value.format!r}")
    expect(type(value.parts) is tuple, "the parts of a hash are not a tuple")
    for part in value.parts:
        _check_part(part, spec.bits)


def check_shape(candidate: Format, value: Hash) -> None:
    """Raise AssertionError unless a computed `value` has as many parts as the shape says."""
    shape = candidate.spec.shape
    if shape is Shape.WHOLE:
        expect(len(value.parts) == 1, f"a whole hash has {len(value.parts)} parts")
    if candidate.spec.quality_floor is not None:
        known = all(part.quality is not None for part in value.parts)
        expect(known, "there is a quality floor, but a computed hash has no quality")
    timed = [part.time_s is not None and part.index is not None for part in value.parts]
    expect(all(t is (shape is Shape.FRAMES) for t in timed), f"times do not fit shape {shape}")


def _check_part(part: Part, bits: int | None) -> None:
    expect(type(part.value) is bytes, f"a value is a {type(part.value).__name__}, not bytes")
    expect(type(part.quality) in {int, type(None)}, "a quality is not a Python int")
    expect(type(part.index) in {int, type(None)}, "an index is not a Python int")
    expect(type(part.time_s) in {float, type(None)}, "a time is not a Python float")
    if bits is not None:
        size = len(part.value)
        expect(size == (bits + 7) // 8, f"a value of {bits} bits has {size} bytes")
        spare = part.value[-1] & ((1 << (-bits % 8)) - 1)
        expect(spare == 0, f"a value of {bits} bits has bits set beyond them")


def _check_axioms(distance: Callable[[T, T], float], values: Sequence[T]) -> None:
    for value in values:
        expect(distance(value, value) == 0, "the distance of a value to itself is not 0")
    for a, b in itertools.combinations(values, 2):
        there, back = distance(a, b), distance(b, a)
        expect(math.isfinite(there) and there >= 0, f"a distance is {there}")
        expect(math.isclose(there, back), f"a distance is {there} there and {back} back")


def _expect_refused(name: str, use: Callable[..., object], *hashes: Hash) -> None:
    try:
        use(*hashes)
    except FormatMismatchError:
        return
    raise AssertionError(f"{name} takes a hash that is not the format's own")
