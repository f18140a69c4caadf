"""Cryptographic digests of a file's bytes: equal for the same file, and for nothing else."""

from __future__ import annotations

import hashlib
from typing import Protocol

from hashwalk.distances import Equality
from hashwalk.encodings import Base64, Hex
from hashwalk.format import ByteSink, FileHasher, Format, FormatSpec, Hash, Kind, Threshold


class _Algorithm(Protocol):
    """What hashlib's objects can do."""

    def update(self, data: bytes | memoryview, /) -> None: ...

    def digest(self) -> bytes: ...


class Digest(Format, FileHasher):
    """The digest of a file's bytes by an algorithm of hashlib."""

    def __init__(
        self, algorithm: str, bits: int, source: str, *, collisions: str, used_by: str
    ) -> None:
        """Take hashlib's name of the algorithm, which is the format's id, and what is known of it.

        `collisions` says in a clause whether different files with equal digests can be made.
        """
        self.spec = FormatSpec(
            id=algorithm,
            summary=f"{algorithm.upper()} of the file's bytes",
            kind=Kind.FILE,
            bits=bits,
            distance=Equality(),
            threshold=Threshold(0, "a digest matches the same bytes only"),
            licence="public domain algorithm",
            encodings=(Hex(bits), Base64(bits)),
            interchangeable_with=(f"hashlib.{algorithm}", f"{algorithm}sum"),
            source=source,
            fidelity="computed by Python's hashlib",
            strong="finds the same bytes, whatever kind of file they are, and confuses no two by "
            "accident; nothing is decoded",
            weak="any change of the file, such as saving it again or changing its metadata, is "
            f"another value; {collisions}",
            used_by=used_by,
        )

    def start_file(self) -> ByteSink:
        """Return a fresh digest."""
        return _DigestSink(self.spec.id)


class _DigestSink:
    def __init__(self, algorithm: str) -> None:
        self._format = algorithm
        self._state: _Algorithm = hashlib.new(algorithm, usedforsecurity=False)

    def update(self, data: bytes | memoryview) -> None:
        self._state.update(data)

    def finish(self) -> Hash:
        return Hash.of(self._format, self._state.digest())


_ON_PURPOSE = "different files with an equal digest can be made on purpose"

MD5 = Digest(
    "md5",
    128,
    "RFC 1321",
    collisions=_ON_PURPOSE,
    used_by="IWF, NCMEC, Thorn Safer, StopNCII (of videos), Tech Against Terrorism, GIFCT, Project "
    "VIC, INTERPOL ICSE",
)
SHA1 = Digest(
    "sha1",
    160,
    "FIPS 180-4",
    collisions=_ON_PURPOSE,
    used_by="IWF, NCMEC, Project VIC, INTERPOL ICSE",
)
SHA256 = Digest(
    "sha256",
    256,
    "FIPS 180-4",
    collisions="no two files with an equal digest are known",
    used_by="IWF, GIFCT, ThreatExchange",
)
