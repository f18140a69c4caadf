"""An extension of python-threatexchange: hashwalk's formats as signal types.

``tx config extensions add hashwalk.integrations.threatexchange`` adds every format that can be
computed here and whose hash is one line of text. A type is called like the format, with ``_`` for
``-``; the names that python-threatexchange and its known extensions use are left to them, and get
the prefix ``hashwalk_``. Needs ``pip install threatexchange``.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any, ClassVar

from threatexchange.content_type.photo import PhotoContent
from threatexchange.content_type.video import VideoContent
from threatexchange.extensions.manifest import ThreatExchangeExtensionManifest
from threatexchange.signal_type.index import (
    IndexMatchUntyped,
    SignalSimilarityInfoWithSingleDistance,
    SignalTypeIndex,
)
from threatexchange.signal_type.signal_base import FileHasher, SignalComparisonResult, SignalType

from hashwalk.errors import HashParseError
from hashwalk.format import Format, Hash, Kind, Shape
from hashwalk.hashing import hash_file
from hashwalk.index import Found, Index
from hashwalk.registry import can_compute, formats, get_format

_TAKEN = {"clip", "pdq", "pdq_ocr", "photodna", "text_tlsh", "vpdq"}
_ONE_LINE = "vpdq-json"
"""The form of frame lists that is one line: python-threatexchange's own."""
_CONTENT = {
    Kind.FILE: [PhotoContent, VideoContent],
    Kind.PICTURE: [PhotoContent],
    Kind.VIDEO: [VideoContent],
}
_log = logging.getLogger(__name__)


class HashwalkIndex(SignalTypeIndex):
    """The signals of one format with what is known of each, searched by `hashwalk.Index`.

    Matches are those of comparing with every signal, nearest first. What is no hash of the format
    is left out with a warning, and what is under its quality floor without one.
    """

    format_id: ClassVar[str]

    def __init__(self) -> None:
        """Start without signals."""
        self._entries: list[tuple[str, Any]] = []
        self._index: Index | None = None

    def add(self, signal_str: str, entry: Any) -> None:  # noqa: ANN401 - the contract is tx's
        """Append a signal."""
        self._entries.append((signal_str, entry))
        self._index = None

    def query(self, query: str) -> list[IndexMatchUntyped]:
        """Return the entries whose signals match, none for an empty signal: a file without one."""
        searched = get_format(self.format_id)
        value = searched.parse(query) if query else None
        if value is None or searched.below_floor(value):
            return []
        return [
            IndexMatchUntyped(
                SignalSimilarityInfoWithSingleDistance(found.distance),
                self._entries[int(found.key)][1],
            )
            for found in _matches(self._searched(searched), value)
        ]

    def _searched(self, searched: Format) -> Index:
        if self._index is None:
            self._index = Index(self.format_id)
            for number, (signal, _) in enumerate(self._entries):
                try:
                    value = searched.parse(signal)
                except HashParseError as error:
                    _log.warning("left out an entry of the index: %s", error)
                else:
                    if not searched.below_floor(value):
                        self._index.add([(str(number), value)])
        return self._index

    def __getstate__(self) -> list[tuple[str, Any]]:
        """Keep the entries alone: tx stores an index by pickling it."""
        return self._entries

    def __setstate__(self, entries: list[tuple[str, Any]]) -> None:
        """Take the entries back."""
        self._entries, self._index = entries, None


class HashwalkSignal(SignalType, FileHasher):
    """A format as a signal type: hashes files, and compares by the published threshold.

    Where there is none, equal hashes match.
    """

    format_id: ClassVar[str]
    index: ClassVar[type[HashwalkIndex]]

    @classmethod
    def get_name(cls) -> str:
        """Return the name of the type, a word."""
        return _name(cls.format_id)

    @classmethod
    def get_content_types(cls) -> list[type]:
        """Return what the format hashes."""
        return _CONTENT[get_format(cls.format_id).spec.kind]

    @classmethod
    def get_index_cls(cls) -> type[HashwalkIndex]:
        """Return the index of this very type."""
        return cls.index

    @classmethod
    def validate_signal_str(cls, signal_str: str) -> str:
        """Return the signal in its canonical text; raises ValueError for what is none."""
        known = get_format(cls.format_id)
        try:
            return known.render(known.parse(signal_str), _encoding(known))
        except HashParseError as error:
            raise ValueError(str(error)) from None

    @classmethod
    def compare_hash(cls, hash1: str, hash2: str) -> SignalComparisonResult:
        """Return the distance and the verdict."""
        known = get_format(cls.format_id)
        compared = known.compare(known.parse(hash1), known.parse(hash2))
        equal = compared.threshold is None and compared.distance == 0
        distance = SignalSimilarityInfoWithSingleDistance(compared.distance)
        return SignalComparisonResult(bool(compared.match) or equal, distance)

    @classmethod
    def hash_from_file(cls, file: Path) -> str:
        """Return the signal of a file, "" where it has none or its quality is too low."""
        known = get_format(cls.format_id)
        hashed = hash_file(file, [cls.format_id])
        for failure in hashed.failures:
            _log.warning("%s: %s", failure.uri, failure.message)
        usable = [value for value in hashed.hashes if not known.below_floor(value)]
        return known.render(usable[0], _encoding(known)) if usable else ""

    @staticmethod
    def get_examples() -> list[str]:
        """Return no examples."""
        return []


def signal_type(format_id: str) -> type[HashwalkSignal]:
    """Return the signal type of a format; its index class is in its attribute ``index``."""
    stem = "".join(word.capitalize() for word in _name(format_id).split("_"))
    known = {"format_id": format_id, "__module__": __name__}
    index = type(f"{stem}Index", (HashwalkIndex,), known)
    return type(f"{stem}Signal", (HashwalkSignal,), known | {"index": index})


def _matches(index: Index, value: Hash) -> list[Found]:
    if index.format.spec.threshold is not None:
        return index.within(value)
    return [Found(key, 0.0) for key in index.exact(value)]


def _name(format_id: str) -> str:
    name = re.sub(r"[^a-z0-9]", "_", format_id)
    return f"hashwalk_{name}" if name in _TAKEN else name


def _encoding(known: Format) -> str | None:
    return _ONE_LINE if known.spec.shape is Shape.FRAMES else None


def _fits(candidate: Format) -> bool:
    one_line = candidate.spec.shape is not Shape.FRAMES or _ONE_LINE in candidate.spec.text_forms
    return can_compute(candidate) and one_line


_TYPES = tuple(signal_type(format_id) for format_id, known in formats().items() if _fits(known))
globals().update({made.__name__: made for each in _TYPES for made in (each, each.index)})
"""Pickle finds the classes by their names in this module."""

TX_MANIFEST = ThreatExchangeExtensionManifest(signal_types=_TYPES)
