"""A corpus hashed by hashwalk and by other implementations, compared call by call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import fmean, median
from typing import NamedTuple

from msgspec import Struct

from hashwalk.errors import UsageError
from hashwalk.format import Format, Hash
from hashwalk.hashing import hash_file
from hashwalk.job.discover import walk
from hashwalk.registry import get_format
from hashwalk.results import HashedFile
from hashwalk.suggestion import did_you_mean
from hashwalk_bench.conformance.asking import SECONDS_A_FILE, Answer, Asked
from hashwalk_bench.conformance.drift import Verdict, drift, verdict
from hashwalk_bench.conformance.implementations import IMPLEMENTATIONS, Claim, Implementation

SCHEMA = 1


class Compared(Struct, frozen=True, kw_only=True):
    """How one call of an implementation compares with hashwalk's format, in bits a value.

    `files` have a hash by both, of which `equal` have the same; the other three count the files
    of the format's medium without. `missing` says why the call could not be made at all.
    """

    implementation: str
    version: str
    call: str
    format: str
    bits: int
    tolerance: float
    tolerance_reason: str
    files: int
    equal: int
    only_ours: int
    only_theirs: int
    neither: int
    mean: float | None
    median: float | None
    max: int | None
    verdict: Verdict
    missing: str = ""


class Differing(Struct, frozen=True, kw_only=True):
    """A file of which two implementations have different hashes, by how many bits."""

    path: str
    implementation: str
    call: str
    format: str
    drift: int


class Peer(Struct, frozen=True, kw_only=True):
    """What an implementation ran as, and what its users should know."""

    name: str
    distribution: str
    version: str
    python: str
    libraries: dict[str, str]
    remark: str


class Conformance(Struct, frozen=True, kw_only=True):
    """The outcome; without `differing` it has no path, and never a hash."""

    schema: int
    hashwalk: str
    files: int
    peers: tuple[Peer, ...]
    compared: tuple[Compared, ...]
    differing: tuple[Differing, ...] | None = None

    @property
    def conforms(self) -> bool:
        """Whether every call that could be made was compared, and is within its tolerance."""
        return all(row.verdict.conforms for row in self.compared if not row.missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is to be compared: implementations by name, and how.

    `formats` keeps the claims of these ids, all if it is empty. `tolerance`, in bits, stands for
    every declared one; `python` is the interpreter in which the implementations are installed,
    our own if it is None.
    """

    against: Sequence[str]
    formats: Sequence[str] = ()
    tolerance: float | None = None
    python: str | None = None
    seconds_a_file: float = SECONDS_A_FILE


class _Asking(NamedTuple):
    implementation: Implementation
    asked: Asked
    tallies: tuple[_Tally, ...]


@dataclass(slots=True)
class _Tally:
    """One claim with what was found of it so far."""

    claim: Claim
    offered: Format
    bits: int
    drifts: list[int] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    only_ours: int = 0
    only_theirs: int = 0
    neither: int = 0

    def add(self, path: str, ours: Hash | None, theirs: tuple[bytes, ...] | None) -> None:
        if ours is not None and theirs is not None:
            values = [part.value for part in ours.parts]
            self.drifts.append(drift(values, theirs, self.bits))
            self.paths.append(path)
        elif ours is not None:
            self.only_ours += 1
        elif theirs is not None:
            self.only_theirs += 1
        else:
            self.neither += 1


def check_conformance(
    question: Question,
    media: Path,
    *,
    complain: Callable[[str], None],
    name_files: bool = False,
) -> Conformance:
    """Return how the hashes of the files in the folder `media` compare.

    Each file is handed to the calls whose format is of its medium; every implementation opens
    it by itself, as its users have it do. `complain` is told of folders that cannot be read.
    Raises UsageError for names that are not known, PeerError where one cannot be run.
    """
    implementations = [_known(name) for name in question.against]
    _check_claimed(question.formats, implementations)
    with ExitStack() as stack:
        asking = [_start(each, question, stack) for each in implementations]
        files = 0
        for path in _files(media, complain):
            files += 1
            _compare(path, asking)
    return Conformance(
        schema=SCHEMA,
        hashwalk=version("hashwalk"),
        files=files,
        peers=tuple(map(_peer, asking)),
        compared=tuple(_row(each, t, question) for each in asking for t in each.tallies),
        differing=tuple(_differing(asking)) if name_files else None,
    )


def _known(name: str) -> Implementation:
    if name not in IMPLEMENTATIONS:
        meant = did_you_mean(name, IMPLEMENTATIONS)
        known = ", ".join(IMPLEMENTATIONS)
        raise UsageError(f"no implementation {name!r} is known{meant or ';'} known are {known}")
    return IMPLEMENTATIONS[name]


def _check_claimed(formats: Sequence[str], implementations: Sequence[Implementation]) -> None:
    """Raise UsageError for a format that none of the implementations computes."""
    claimed = {claim.format: None for each in implementations for claim in each.claims}
    for name in formats:
        if name not in claimed:
            meant = did_you_mean(name, claimed) or f"; there are {', '.join(claimed)}"
            who = " or ".join(each.name for each in implementations)
            raise UsageError(f"no {name} is computed by {who}{meant}")


def _start(implementation: Implementation, question: Question, stack: ExitStack) -> _Asking:
    claims = [
        c for c in implementation.claims if not question.formats or c.format in question.formats
    ]
    if not claims:
        claimed = ", ".join(dict.fromkeys(claim.format for claim in implementation.claims))
        raise UsageError(f"{implementation.name} computes none of these formats; it has {claimed}")
    calls = [claim.call for claim in claims]
    asked = Asked(implementation, calls, question.python, question.seconds_a_file)
    return _Asking(implementation, stack.enter_context(asked), tuple(map(_tally, claims)))


def _tally(claim: Claim) -> _Tally:
    offered = get_format(claim.format)
    bits = offered.spec.bits
    assert bits is not None  # noqa: S101 - claims are of formats of bits
    return _Tally(claim, offered, bits)


def _files(media: Path, complain: Callable[[str], None]) -> Iterator[str]:
    if not media.is_dir():
        raise UsageError(f"{media} is not a folder of pictures and videos")
    return walk(str(media), None, lambda folder, _: complain(f"{folder} is left out"))


def _compare(path: str, asking: Sequence[_Asking]) -> None:
    formats = dict.fromkeys(t.claim.format for each in asking for t in each.tallies)
    hashed = hash_file(path, formats)
    ours = {found.format: found for found in hashed.hashes}
    for each in asking:
        wanted = [t for t in each.tallies if _applies(t, hashed)]
        calls = [tally.claim.call for tally in wanted]
        answer = each.asked.hashes(path, calls) if calls else Answer({}, {})
        for tally in wanted:
            tally.add(path, ours.get(tally.claim.format), answer.values.get(tally.claim.call))


def _applies(tally: _Tally, hashed: HashedFile) -> bool:
    return hashed.media is not None and hashed.media.type == tally.offered.spec.kind


def _peer(each: _Asking) -> Peer:
    implementation, installed = each.implementation, each.asked.installed
    return Peer(
        name=implementation.name,
        distribution=implementation.distribution,
        version=installed.version,
        python=installed.python,
        libraries=installed.libraries,
        remark=implementation.remark,
    )


def _row(each: _Asking, tally: _Tally, question: Question) -> Compared:
    claim, drifts, asked_for = tally.claim, tally.drifts, question.tolerance
    tolerance = claim.tolerance if asked_for is None else asked_for
    return Compared(
        implementation=each.implementation.name,
        version=each.asked.installed.version,
        call=claim.call,
        format=claim.format,
        bits=tally.bits,
        tolerance=tolerance,
        tolerance_reason=claim.reason if asked_for is None else "as asked for",
        files=len(drifts),
        equal=drifts.count(0),
        only_ours=tally.only_ours,
        only_theirs=tally.only_theirs,
        neither=tally.neither,
        mean=fmean(drifts) if drifts else None,
        median=median(drifts) if drifts else None,
        max=max(drifts, default=None),
        verdict=verdict(drifts, tolerance, tally.bits),
        missing=each.asked.installed.missing.get(claim.call, ""),
    )


def _differing(asking: Sequence[_Asking]) -> Iterator[Differing]:
    for each in asking:
        for tally in each.tallies:
            for path, found in zip(tally.paths, tally.drifts, strict=True):
                if found:
                    yield Differing(
                        path=path,
                        implementation=each.implementation.name,
                        call=tally.claim.call,
                        format=tally.claim.format,
                        drift=found,
                    )
