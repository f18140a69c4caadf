"""PDQ of a picture in all eight orientations, which finds turned and mirrored copies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashwalk.distances import Distance, Hamming
from hashwalk.errors import FormatMismatchError, HashParseError
from hashwalk.format import Format, FormatSpec, Hash, Kind, Part, PictureHasher, Shape, Threshold
from hashwalk.picture import Picture
from hashwalk.searchable import LeastOverParts
from hashwalk_formats.pdq import LICENCE, MATCH_DISTANCE, PDQ_ENCODINGS, PDQ_QUALITY_FLOOR
from hashwalk_formats.pdq_core import BITS, DIHEDRAL, dihedral_hashes


@dataclass(frozen=True, slots=True)
class LeastHamming(Distance):
    """The least number of differing bits over all pairs; of two single values, their own."""

    name: str = "least hamming"
    metric: bool = False

    def __call__(self, a: bytes, b: bytes) -> float:
        """Return the number of bits in which two orientations differ."""
        return Hamming()(a, b)


class PdqDihedral(Format, PictureHasher, LeastOverParts):
    """The eight PDQ values of a picture, its parts in the order of ``pdq_core.DIHEDRAL``."""

    spec = FormatSpec(
        id="pdq-dihedral",
        summary="PDQ in the eight orientations: original, three turns, four mirrorings",
        kind=Kind.PICTURE,
        bits=BITS,
        distance=LeastHamming(),
        threshold=Threshold(MATCH_DISTANCE, "facebook/ThreatExchange, pdq: as for one PDQ"),
        quality_floor=PDQ_QUALITY_FLOOR,
        licence=LICENCE,
        encodings=PDQ_ENCODINGS,
        interchangeable_with=("PyPI pdqhash, compute_dihedral",),
        shape=Shape.SEGMENTS,
        source="facebook/ThreatExchange, pdq/cpp/hashing (2019)",
        fidelity=(
            "bits and quality equal PyPI pdqhash 0.2.8 on x86-64, given the same RGB pixels; "
            f"in the order {', '.join(DIHEDRAL)}, joined by commas as text"
        ),
        strong=(
            "finds turned and mirrored copies; measured on 88 photographs: mirrored 97 %, turned "
            "97 %, JPEG 100 % within the threshold"
        ),
        weak=(
            "misses crops (0 %) and some copies with text (81 % found); eight times the size of "
            "pdq, and more comparisons"
        ),
        used_by=(
            "users of ThreatExchange's programs, which compute it; nobody is known to exchange all "
            "eight publicly"
        ),
        libraries=("Pillow",),
    )

    def hash_picture(self, picture: Picture) -> Hash:
        """Return the eight hashes; zeros and quality 0 if a side is under 5 pixels."""
        parts = tuple(Part(h.value, h.quality) for h in dihedral_hashes(picture))
        return Hash(self.spec.id, parts)

    def parse(self, text: str, encoding: str | None = None) -> Hash:
        """Return the hash of eight comma-joined values; raises HashParseError."""
        texts = text.split(",")
        if len(texts) != len(DIHEDRAL):
            raise HashParseError(
                f"not a {self.spec.id} hash (expected {len(DIHEDRAL)} values joined by commas)"
            )
        parts = tuple(Part(self.parse_part(one, encoding)) for one in texts)
        return Hash(self.spec.id, parts)

    def render(self, value: Hash, encoding: str | None = None) -> str:
        """Return the eight values joined by commas."""
        self.check_own(value)
        return ",".join(self.render_part(part.value, encoding) for part in value.parts)

    def distance_of_own(self, a: Hash, b: Hash) -> float:
        """Return the least Hamming distance of any orientation of `a` to any of `b`."""
        different = _bits(a)[:, None, :] ^ _bits(b)[None, :, :]
        return float(different.sum(axis=2, dtype=np.int64).min())

    def check_own(self, value: Hash) -> None:
        """Raise FormatMismatchError unless `value` is this format's and has eight parts."""
        super().check_own(value)
        if len(value.parts) != len(DIHEDRAL):
            raise FormatMismatchError(
                f"a {self.spec.id} hash has {len(DIHEDRAL)} parts, not {len(value.parts)}"
            )


def _bits(value: Hash) -> NDArray[np.uint8]:
    """Return the (8, 256) bits of the eight values."""
    packed = np.frombuffer(b"".join(part.value for part in value.parts), np.uint8)
    return np.unpackbits(packed.reshape(len(value.parts), -1), axis=1)


PDQ_DIHEDRAL = PdqDihedral()
