"""How far an implementation's hashes are from hashwalk's, in bits, and what that means."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import zip_longest
from statistics import fmean

from hashwalk.distances import Hamming

STRANGER_SHARE = 0.4
"""From this mean share of differing bits on, two hashes are as far apart as any two."""
TURNED_SHARE = 0.7
"""From this mean share of differing bits on, the one has 0 where the other has 1."""


class Verdict(StrEnum):
    """What the drifts over a corpus say of an implementation."""

    SAME = "the same"
    WITHIN = "within tolerance"
    DIFFERS = "differs"
    TURNED = "not this format: ones for zeros"
    STRANGER = "not this format: as far as a stranger"
    NOTHING = "nothing to compare"

    @property
    def conforms(self) -> bool:
        """Whether the implementation keeps what it claims."""
        return self in {Verdict.SAME, Verdict.WITHIN}


def drift(ours: Sequence[bytes], theirs: Sequence[bytes], bits: int) -> int:
    """Return the most bits in which two values in the same place differ.

    A value that is missing or of another length counts as all of its `bits`.
    """
    pairs = zip_longest(ours, theirs, fillvalue=b"")
    return max((int(Hamming()(a, b)) if len(a) == len(b) else bits for a, b in pairs), default=0)


def verdict(drifts: Sequence[int], tolerance: float, bits: int) -> Verdict:
    """Return what is to be said of the drifts of a corpus, where no file may pass `tolerance`."""
    if not drifts:
        return Verdict.NOTHING
    if max(drifts) <= tolerance:
        return Verdict.WITHIN if any(drifts) else Verdict.SAME
    share = fmean(drifts) / bits
    if share >= TURNED_SHARE:
        return Verdict.TURNED
    return Verdict.STRANGER if share >= STRANGER_SHARE else Verdict.DIFFERS
