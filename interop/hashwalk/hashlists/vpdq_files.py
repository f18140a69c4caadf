"""Files of vPDQ: the frames of one video, in each of the three text forms in the wild."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import BinaryIO, ClassVar

from hashwalk.hashlists.container import Head, Told
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.record import MediaType, Record
from hashwalk.hashlists.single_hash import SingleHash
from hashwalk.hashlists.values import check_value, hash_of, settle
from hashwalk.registry import get_format

MOST_BYTES = 64 << 20
"""Longer texts are refused: every frame of six hours of video takes about as much."""
_HASH = r"[0-9A-Fa-f]{64}"
_NUMBER = r"[-+.0-9eE]*"


class VpdqFile(SingleHash):
    """One vPDQ hash; its text says neither whose it is nor how frames were sampled."""

    algorithms: ClassVar[Mapping[str, str]] = {"vpdq": "vpdq", "vpdq-all": "vpdq-all"}
    start: ClassVar[re.Pattern[str]]
    """How a file of the form begins."""
    has_numbers: ClassVar[bool] = True

    def recognises(self, head: Head) -> bool:
        """Tell by the first frame."""
        return self.start.match(head.text) is not None

    def read_hash(self, file: BinaryIO, told: Told) -> Record:
        """Return the record of all frames.

        Raises AmbiguousAlgorithmError unless `told` says how the frames were sampled.
        """
        text = _text_of(file)
        check_value("vpdq", text, self.name)
        algorithm = settle([text], told.algorithm, told.name)
        check_value(algorithm, text, self.name)
        return Record(
            media_type=MediaType.VIDEO, algorithm=algorithm, encoding=self.name, value=text
        )

    def content_of(self, record: Record, loss: Loss) -> bytes:
        """Return the frames in this form; raises UsageError for one that lacks what it needs."""
        found = hash_of(record)
        if found is None:
            return b""
        if not self.has_numbers:
            loss.fields["frame numbers"] += any(part.index is not None for part in found.parts)
        return f"{get_format(found.format).render(found, self.name)}\n".encode()


class VpdqLines(VpdqFile):
    """``frame,quality,hash,time`` a line."""

    name = "vpdq-text"
    summary = "one vPDQ hash, a line frame,quality,hash,time each, of ThreatExchange's C++ programs"
    start = re.compile(rf"[0-9]*,[0-9]*,{_HASH},{_NUMBER}\s")


class VpdqArray(VpdqFile):
    """A JSON array of ``"hash,quality,time"``."""

    name = "vpdq-json"
    summary = "one vPDQ hash, a JSON array of hash,quality,time, of python-threatexchange"
    start = re.compile(rf'\[\s*"{_HASH},[0-9]*,{_NUMBER}"\s*[,\]]')
    has_numbers = False


class VpdqByFrame(VpdqFile):
    """A JSON object with the frame numbers as keys."""

    name = "vpdq-json-frames"
    summary = "one vPDQ hash, a JSON object by frame number, of python-threatexchange before that"
    start = re.compile(r'\{\s*"[0-9]+"\s*:\s*\{\s*"(?:quality|hash|timestamp)"\s*:')


def _text_of(file: BinaryIO) -> str:
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(f"over {MOST_BYTES >> 20} MiB are no vPDQ hash")
    try:
        return content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
