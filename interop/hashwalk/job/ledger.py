"""What is done already: a job's view of the cross-walk, kept on disk so that memory stays flat.

The ledger is a scratch database, rebuilt from the cross-walk at each start and never trusted
beyond the job: its file has no name, so that it is gone however the job ends.
"""

from __future__ import annotations

import json
import os
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any, Self

from hashwalk.crosswalk.disk_errors import disk_errors
from hashwalk.errors import CrosswalkError, FailureCode
from hashwalk.job.labels import LabelLine
from hashwalk.results import ALL_FORMATS, Failure, Label, Media

_NAME = ".ledger.tmp"
_CACHE_KIB = 4_096
_BITS_A_WORD = 60
_SETTINGS = f"""
PRAGMA journal_mode = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -{_CACHE_KIB};
"""
_TABLES = """
CREATE TABLE media (uri TEXT PRIMARY KEY, sha256 TEXT, size INTEGER, row TEXT) WITHOUT ROWID;
CREATE INDEX media_by_sha256 ON media (sha256);
CREATE INDEX media_by_size ON media (size);
CREATE TABLE hashed (sha256 TEXT, word INTEGER, formats INTEGER, PRIMARY KEY (sha256, word))
    WITHOUT ROWID;
CREATE TABLE failures (uri TEXT, format TEXT, code TEXT, message TEXT, size INTEGER,
    mtime_ns INTEGER, sha256 TEXT, fresh INTEGER, PRIMARY KEY (uri, format)) WITHOUT ROWID;
CREATE INDEX failures_by_sha256 ON failures (sha256);
CREATE TABLE labels (id INTEGER PRIMARY KEY, scheme TEXT, version TEXT, region TEXT, code TEXT,
    line INTEGER, matched INTEGER DEFAULT 0);
CREATE TABLE label_keys (key TEXT, label INTEGER, PRIMARY KEY (key, label)) WITHOUT ROWID;
"""
_LABEL_FIELDS = tuple(field.name for field in fields(Label))
_MEDIA_FIELDS = tuple(field.name for field in fields(Media) if field.name != "labels")


@dataclass(frozen=True, slots=True)
class Standing:
    """A failure that stands; `fresh` if this very job met it."""

    failure: Failure
    fresh: bool


class Ledger:
    """Media, hashes, failures and labels by key; the formats are those the job is asked for."""

    def __init__(self, folder: Path, formats: Iterable[str]) -> None:
        """Make an empty ledger for `formats` on the disk that `folder` is on.

        Here and later, CrosswalkError is raised when that disk is full or cannot be written to.
        """
        self._numbers = {format_id: number for number, format_id in enumerate(formats)}
        self._labelled = False
        self._path = folder / _NAME
        with disk_errors(folder), self._usable():
            self._database = _nameless_database(self._path)
        self._run("BEGIN")

    def __enter__(self) -> Self:
        """Return the ledger itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Forget everything."""
        self._database.close()

    def load(
        self,
        media: Iterable[Media],
        hashed: Iterable[tuple[str, str]],
        failures: Iterable[Failure],
    ) -> None:
        """Take over what a cross-walk holds: media, (sha256, format) pairs, standing failures."""
        for item in media:
            self._put_media(item)
        for sha256, pairs in groupby(hashed, key=itemgetter(0)):
            self._put_hashed(sha256, (format_id for _, format_id in pairs))
        for failure in failures:
            self._put_failure(failure, fresh=False)

    def load_labels(self, lines: Iterable[LabelLine]) -> None:
        """Take over labels; raises what reading them raises."""
        for number, line in enumerate(lines):
            self._labelled = True
            label = line.label
            self._run(
                "INSERT INTO labels VALUES (?, ?, ?, ?, ?, ?, 0)",
                number,
                *_label_values(label),
                line.number,
            )
            for key in line.keys:
                self._run("INSERT INTO label_keys VALUES (?, ?)", key, number)

    def record(
        self, uri: str, media: Media | None, formats: Iterable[str], failures: Iterable[Standing]
    ) -> None:
        """Take over what a file gave: formats hashed, and all failures that now stand for it."""
        if media is not None:
            self._put_media(media)
            self._put_hashed(media.sha256, formats)
        self._run("DELETE FROM failures WHERE uri = ?", uri)
        for standing in failures:
            self._put_failure(standing.failure, fresh=standing.fresh)

    def media(self, uri: str) -> Media | None:
        """Return the media row of a file."""
        return self._media("SELECT row FROM media WHERE uri = ?", uri)

    def media_of(self, sha256: str) -> Media | None:
        """Return the media row of any file with these bytes."""
        return self._media("SELECT row FROM media WHERE sha256 = ? LIMIT 1", sha256)

    def has_size(self, size: int) -> bool:
        """Tell whether a file of this size is known."""
        return bool(self._run("SELECT 1 FROM media WHERE size = ? LIMIT 1", size))

    def hashed(self, sha256: str) -> frozenset[str]:
        """Return which of the job's formats these bytes are hashed in."""
        words = dict(self._run("SELECT word, formats FROM hashed WHERE sha256 = ?", sha256))
        if not words:
            return frozenset()
        return frozenset(
            format_id
            for format_id, number in self._numbers.items()
            if words.get(number // _BITS_A_WORD, 0) >> number % _BITS_A_WORD & 1
        )

    def failures(self, uri: str) -> list[Standing]:
        """Return the failures of a file that concern the job's formats."""
        return self._standing("SELECT * FROM failures WHERE uri = ?", uri)

    def failures_of(self, sha256: str) -> list[Standing]:
        """Return the failures of all files with these bytes that concern the job's formats."""
        return self._standing("SELECT * FROM failures WHERE sha256 = ?", sha256)

    def labels(self, uri: str, sha256: str) -> tuple[Label, ...]:
        """Return the labels given to a file by name or content, and note that they matched."""
        if not self._labelled:
            return ()
        rows = self._run(
            "SELECT DISTINCT id, scheme, version, region, code FROM label_keys "
            "JOIN labels ON label = id WHERE key IN (?, ?) ORDER BY id",
            uri,
            sha256,
        )
        for row in rows:
            self._run("UPDATE labels SET matched = 1 WHERE id = ? AND matched = 0", row[0])
        return tuple(dict.fromkeys(Label(*row[1:]) for row in rows))

    def unmatched_labels(self) -> Sequence[int]:
        """Return the lines of the labels that no file took."""
        rows = self._run("SELECT line FROM labels WHERE matched = 0 ORDER BY id")
        return array("q", (line for (line,) in rows))

    def _run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._usable():
            return self._database.execute(statement, values).fetchall()

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise CrosswalkError(
                f"the job cannot keep its scratch file {self._path} ({error}): "
                "free some space there or make it writable, and run again"
            ) from error

    def _media(self, query: str, key: str) -> Media | None:
        rows = self._run(query, key)
        return _media_of(rows[0][0]) if rows else None

    def _standing(self, query: str, key: str) -> list[Standing]:
        return [
            _standing_of(row)
            for row in self._run(query, key)
            if row[1] == ALL_FORMATS or row[1] in self._numbers
        ]

    def _put_media(self, media: Media) -> None:
        self._run(
            "INSERT OR REPLACE INTO media VALUES (?, ?, ?, ?)",
            media.uri,
            media.sha256,
            media.size,
            json.dumps([*_media_values(media), [*map(_label_values, media.labels)]]),
        )

    def _put_hashed(self, sha256: str, formats: Iterable[str]) -> None:
        words: dict[int, int] = {}
        for number in (self._numbers[f] for f in formats if f in self._numbers):
            word, bit = divmod(number, _BITS_A_WORD)
            words[word] = words.get(word, 0) | 1 << bit
        for word, bits in words.items():
            self._run(
                "INSERT INTO hashed VALUES (?, ?, ?) "
                "ON CONFLICT DO UPDATE SET formats = formats | excluded.formats",
                sha256,
                word,
                bits,
            )

    def _put_failure(self, failure: Failure, *, fresh: bool) -> None:
        self._run(
            "INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            failure.uri,
            failure.format,
            failure.code.value,
            failure.message,
            failure.size,
            failure.mtime_ns,
            failure.sha256,
            fresh,
        )


def _nameless_database(path: Path) -> sqlite3.Connection:
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    database = sqlite3.connect(path, isolation_level=None)
    try:
        database.executescript(_SETTINGS + _TABLES)
    except BaseException:
        database.close()
        raise
    finally:
        path.unlink()
    return database


_label_values = attrgetter(*_LABEL_FIELDS)
_media_values = attrgetter(*_MEDIA_FIELDS)


def _media_of(row: str) -> Media:
    *values, labels = json.loads(row)
    named = zip(_MEDIA_FIELDS, values, strict=True)
    return Media(**dict(named), labels=tuple(Label(*label) for label in labels))


def _standing_of(row: tuple[Any, ...]) -> Standing:
    uri, format_id, code, message, size, mtime_ns, sha256, fresh = row
    failure = Failure(
        uri=uri,
        format=format_id,
        code=FailureCode(code),
        message=message,
        size=size,
        mtime_ns=mtime_ns,
        sha256=sha256,
    )
    return Standing(failure, bool(fresh))
