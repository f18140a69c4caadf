"""Every image hasher of the package perception as a format, where the package is installed."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hashwalk.distances import Distance, Hamming
from hashwalk.encodings import Base64, Hex
from hashwalk.errors import UnknownFormatError, UnsupportedError
from hashwalk.format import (
    Format,
    FormatFamily,
    FormatSpec,
    Hash,
    Kind,
    Part,
    PictureHasher,
    Shape,
)
from hashwalk.picture import Picture
from hashwalk.suggestion import did_you_mean

_BITS = {"bool": 1, "uint8": 8, "float32": 32}
_PACKED = {"uint8": "u1", "float32": "<f4"}


@dataclass(frozen=True, slots=True)
class VectorDistance(Distance):
    """A distance of two vectors of numbers of one kind, computed in float64.

    `name` is euclidean, sqeuclidean or cosine, of which only the first is a metric.
    """

    name: str
    number: str
    metric: bool

    def __call__(self, a: bytes, b: bytes) -> float:
        """Return the distance of two vectors of equal length."""
        one, two = (np.frombuffer(v, self.number).astype(np.float64) for v in (a, b))
        if self.name == "cosine":
            return _cosine(one, two)
        squared = float(np.square(one - two).sum())
        return squared if self.name == "sqeuclidean" else squared**0.5


class PerceptionFormat(Format, PictureHasher):
    """The hash that an image hasher of perception computes with its default parameters."""

    def __init__(self, format_id: str, hasher: type[Any]) -> None:
        """Take the class; a fresh object hashes each picture, as they are not thread-safe."""
        self._hasher = hasher
        self.spec = _spec(format_id, hasher())

    def hash_picture(self, picture: Picture) -> Hash:
        """Return the packed vector; raises UnsupportedError where the hasher gives none."""
        hasher = self._hasher()
        found = hasher.compute(picture.rgb, hash_format="vector")
        vectors = found if hasher.returns_multiple else [found]
        if any(vector is None for vector in vectors):
            raise UnsupportedError(f"{self._hasher.__name__} finds nothing to hash in the picture")
        parts = (Part(_packed(np.asarray(vector), hasher.dtype)) for vector in vectors)
        return Hash(self.spec.id, tuple(parts))


class PerceptionFamily(FormatFamily):
    """``perception:phash`` is the class PHash of the package, and so on."""

    prefix = "perception"
    pattern = "perception:<hasher>"
    summary = (
        "a picture hasher of the package perception, such as perception:phashu8, with its default "
        "parameters; needs `pip install perception`"
    )

    def make(self, rest: str, formats: Mapping[str, Format]) -> Format:
        """Return the format of the class whose name in lower case is `rest`.

        Raises UnknownFormatError when the package is not installed or has no such class.
        """
        hashers = _hashers()
        if rest not in hashers:
            meant = did_you_mean(rest, hashers, before=f"{self.prefix}:")
            raise UnknownFormatError(
                f"perception has no picture hasher {rest!r}{meant or ';'} "
                f"it has {', '.join(sorted(hashers))}"
            )
        return PerceptionFormat(f"{self.prefix}:{rest}", hashers[rest])


FAMILY = PerceptionFamily()


def _hashers() -> dict[str, type[Any]]:
    """Return the image hashers whose values and distances can be told, by lower-case name."""
    try:
        package: Any = import_module("perception.hashers")
    except ModuleNotFoundError as error:
        raise UnknownFormatError(
            f"perception:… needs the module {error.name}: `pip install perception`"
        ) from error
    found = {name.lower(): value for name, value in vars(package).items()}
    return {name: value for name, value in found.items() if _is_offered(value, package.ImageHasher)}


def _is_offered(found: Any, base: type[Any]) -> bool:  # noqa: ANN401
    hashes = isinstance(found, type) and issubclass(found, base) and not inspect.isabstract(found)
    return hashes and _distance(found.distance_metric, found.dtype) is not None


def _distance(metric: str, dtype: str) -> Distance | None:
    if metric == "hamming" and dtype == "bool":
        return Hamming()
    if metric in {"euclidean", "sqeuclidean", "cosine"} and dtype in _PACKED:
        return VectorDistance(metric, _PACKED[dtype], metric=metric == "euclidean")
    return None


def _spec(format_id: str, hasher: Any) -> FormatSpec:  # noqa: ANN401
    distance = _distance(hasher.distance_metric, hasher.dtype)
    assert distance is not None  # noqa: S101 - others are not offered
    name = type(hasher).__name__
    bits = hasher.hash_length * _BITS[hasher.dtype]
    return FormatSpec(
        id=format_id,
        summary=f"what {name} of the package perception computes with its default parameters",
        kind=Kind.PICTURE,
        bits=bits,
        distance=distance,
        threshold=None,
        licence="Apache-2.0",
        encodings=(Base64(bits), Hex(bits)),
        interchangeable_with=(f"perception.hashers.{name}()",),
        shape=Shape.SEGMENTS if hasher.returns_multiple else Shape.WHOLE,
        source="https://github.com/thorn-oss/perception",
        fidelity=(
            "computed by perception itself, from the RGB pixels as stored (perception turns them "
            "by the EXIF tag); its Hamming distance is the share of the bits, here it is their "
            "number"
        ),
        strong="not measured here; its values are those that users of perception hold already",
        weak="not measured here; nobody has published a threshold for its default parameters",
        used_by="users of Thorn's package perception; no list of it is known publicly",
        libraries=("Perception", "opencv-contrib-python-headless", "Pillow"),
    )


def _packed(vector: NDArray[Any], dtype: str) -> bytes:
    if dtype == "bool":
        return np.packbits(vector.astype(bool)).tobytes()
    return vector.astype(_PACKED[dtype]).tobytes()


def _cosine(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    if np.array_equal(one, two):
        return 0.0
    lengths = float(np.linalg.norm(one) * np.linalg.norm(two))
    return max(0.0, 1.0 - float(one @ two) / lengths) if lengths else 1.0
