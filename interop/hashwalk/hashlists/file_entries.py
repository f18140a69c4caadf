"""Entries of a list as exchanges of files see them: some hashes have a standard name, others not.

STIX and MISP alike describe a file by its cryptographic and fuzzy hashes, and know nothing of
perceptual ones, of members and of entries. What this makes of records is what both write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from hashwalk.errors import HashParseError
from hashwalk.hashlists.entries import entries_of
from hashwalk.hashlists.record import Record, Status
from hashwalk.hashlists.values import rendered

ENTRY_FIELDS = (
    "source",
    "member_id",
    "entry_id",
    "media_uid",
    "media_type",
    "status",
    "feedback",
    "created",
    "updated",
)
"""What is said of an entry once, beside its labels."""
HASH_FIELDS = (
    "implementation",
    "version",
    "encoding",
    "bit_order",
    "quality",
    "frame_time_s",
    "translation",
)
"""What may be said of each hash, beside algorithm and value."""
_TEXTS = {
    "md5": r"[0-9A-Fa-f]{32}",
    "sha1": r"[0-9A-Fa-f]{40}",
    "sha256": r"[0-9A-Fa-f]{64}",
    "sha512": r"[0-9A-Fa-f]{128}",
    "sha3-256": r"[0-9A-Fa-f]{64}",
    "sha3-512": r"[0-9A-Fa-f]{128}",
    "ssdeep": r"(?=.{1,128}$)[0-9]+:[0-9A-Za-z+/]*:[0-9A-Za-z+/]*",
    "tlsh": r"[0-9A-Fa-f]{70}",
}
_PATTERNS = {algorithm: re.compile(pattern) for algorithm, pattern in _TEXTS.items()}
_MOST_CHARACTERS = 1 << 20
"""Of values in one file, so that readers that bound their memory can take it."""
_MOST_HASHES = 1000
"""In one entry, for the same reason: it names all its files."""


@dataclass(slots=True, repr=False)
class FileHashes:
    """The hashes of one file: a standard one of each kind, with its text, and all others."""

    standard: dict[str, tuple[str, Record]] = field(default_factory=dict)
    others: list[Record] = field(default_factory=list)
    _characters: int = 0
    _algorithms: set[str] = field(default_factory=set)

    def has_room_for(self, record: Record) -> bool:
        """Tell whether the file can have one more hash."""
        characters = self._characters + len(record.value or "")
        taken = record.algorithm in _PATTERNS and record.algorithm in self._algorithms
        return not self._algorithms or (characters <= _MOST_CHARACTERS and not taken)

    def add(self, record: Record) -> None:
        """Take one more hash."""
        text = _standard_text(record)
        if text is None:
            self.others.append(record)
        else:
            self.standard[record.algorithm] = (text, record)
        self._characters += len(record.value or "")
        self._algorithms.add(record.algorithm)


@dataclass(frozen=True, slots=True, repr=False)
class FileEntry:
    """One entry in one state.

    `name` is the same whenever the entry is written, whatever its state, so that ids made of it
    let a later list revoke what an earlier one had.
    """

    name: str
    files: list[FileHashes]
    first: Record

    @property
    def is_live(self) -> bool:
        """Whether its hashes are to be matched."""
        return self.first.status is Status.ACTIVE

    @property
    def fields(self) -> dict[str, Any]:
        """What is known of it, in JSON's types."""
        return _known(self.first, ENTRY_FIELDS)


def file_entries(records: Iterable[Record]) -> Iterator[FileEntry]:
    """Yield the entries of records; hashes of one entry that differ in state make several."""
    before, number = "", 0
    for entry in entries_of(records):
        for state in _states(entry):
            identity = _identity(state[0])
            number = number + 1 if identity == before else 0
            before = identity
            yield FileEntry(f"{identity}{number}", _files(state), state[0])


def details_of(record: Record, text: str | None) -> dict[str, Any]:
    """Return what is known of a hash beside its algorithm, and its value unless it is `text`."""
    value = {} if record.value in {None, text} else {"value": record.value}
    return value | _known(record, HASH_FIELDS)


def _states(entry: list[Record]) -> Iterator[list[Record]]:
    """Yield the records by what an entry can say but once, the live ones first."""
    found: dict[tuple[object, ...], list[Record]] = {}
    for record in entry:
        state = (record.status, record.labels, record.feedback, record.created)
        found.setdefault(state, []).append(record)
    for alike in sorted(found.values(), key=lambda some: some[0].status is not Status.ACTIVE):
        for start in range(0, len(alike), _MOST_HASHES):
            yield alike[start : start + _MOST_HASHES]


def _identity(record: Record) -> str:
    """Return what stays the same of an entry, or of a hash alone."""
    if record.entry_id is not None:
        named = [*record.entry]
    elif record.media_uid is not None:
        named = [record.source, record.member_id, None, record.media_uid]
    else:
        named = [record.source, record.member_id, None, record.algorithm, record.value]
    return msgspec.json.encode(named).decode()


def _files(records: list[Record]) -> list[FileHashes]:
    """Share hashes out to files, of which none has two hashes of one standard algorithm."""
    files = [FileHashes()]
    for record in records:
        if not files[-1].has_room_for(record):
            files.append(FileHashes())
        files[-1].add(record)
    return files


def _standard_text(record: Record) -> str | None:
    """Return the text of a hash that has a standard one, None for all others."""
    pattern, value = _PATTERNS.get(record.algorithm), record.value
    if pattern is None or value is None:
        return None
    if not pattern.fullmatch(value):
        value = _rewritten(record) or ""
    return value if pattern.fullmatch(value) else None


def _rewritten(record: Record) -> str | None:
    if record.algorithm == "tlsh":
        return (record.value or "").removeprefix("T1")
    try:
        return rendered(record)
    except HashParseError:
        return None


def _known(record: Record, names: Iterable[str]) -> dict[str, Any]:
    held = ((name, getattr(record, name)) for name in names)
    return {
        name: _plain(msgspec.to_builtins(value))
        for name, value in held
        if value is not None and value != ()
    }


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Return a value of JSON's types with whole numbers as such, as canonical JSON has them.

    What is null is left out, as STIX takes none.
    """
    if isinstance(value, dict):
        return {name: _plain(held) for name, held in value.items() if held is not None}
    if isinstance(value, list):
        return [_plain(held) for held in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def hash_fields(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return those fields of a mapping that say something of a hash."""
    names = ("algorithm", "value", *HASH_FIELDS)
    return {name: known[name] for name in names if known.get(name) is not None}


def entry_fields(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return those fields of a mapping that say something of an entry."""
    return {name: known[name] for name in ENTRY_FIELDS if known.get(name) is not None}
