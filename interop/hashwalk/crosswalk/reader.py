"""Reads a cross-walk: the newest row of each key, streamed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from hashwalk.crosswalk.coverage import Coverage, measure_coverage
from hashwalk.crosswalk.export import export_wide
from hashwalk.crosswalk.hash_columns import stream_columns
from hashwalk.crosswalk.hash_stream import LARGE, stream_hashes
from hashwalk.crosswalk.manifest import Manifest
from hashwalk.crosswalk.parts import Batches
from hashwalk.crosswalk.rows import HashOf, Row, failure_of, media_of
from hashwalk.crosswalk.sample import Rehash
from hashwalk.crosswalk.session import session
from hashwalk.crosswalk.verify import Verification, verify_crosswalk
from hashwalk.format import Hash
from hashwalk.hashing import hash_file
from hashwalk.results import Failure, Media


class Crosswalk:
    """A cross-walk on disk, read only.

    Each call reads the batches committed at that moment. What is iterated over is streamed:
    memory does not grow with the size of the cross-walk. Reading raises CrosswalkSchemaError
    when a part is damaged.
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        """Take a folder and its manifest; `open` is the way to get here."""
        self.path = path
        self.manifest = manifest

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Self:
        """Open the cross-walk at `path`.

        Raises CrosswalkError when there is none, CrosswalkSchemaError when its manifest is
        damaged or newer than this software.
        """
        return cls(Path(path), Manifest.load(Path(path)))

    def count_files(self) -> int:
        """Return how many media files there are."""
        with session(Batches.of(self.path)) as opened:
            return int(opened.fetch("FROM cw0.current SELECT count(*)")[0][0])

    def media(self) -> Iterator[Media]:
        """Yield the newest row of each media file, by URI."""
        query = "SELECT * EXCLUDE (batch) FROM cw0.newest_media ORDER BY uri"
        return map(media_of, self._stream(query))

    def hashes(self, format_id: str | None = None) -> Iterator[HashOf]:
        """Yield (SHA-256, hash), of all formats or one, by SHA-256 and format."""
        if format_id is None:
            return self._hashes()
        return self._hashes("format = $1", format_id, short=self._is_short(format_id))

    def hash_columns(self, format_id: str) -> Iterator[pa.Table]:
        """Yield what `hashes` does for one format, in tables: a row a part, each hash in one.

        The columns are some of those of the public schema. Values have to be short: a table has
        tens of thousands of them.
        """
        with session(Batches.of(self.path)) as opened:
            yield from stream_columns(opened, format_id)

    def hashed(self) -> Iterator[tuple[str, str]]:
        """Yield each pair of SHA-256 and format that has a hash, in that order."""
        query = "SELECT DISTINCT sha256, format FROM cw0.hashes_rows WHERE part = 0 ORDER BY ALL"
        return ((sha256, format_id) for sha256, format_id in self._stream(query))

    def failures(self) -> Iterator[Failure]:
        """Yield the failures that stand, by URI and format.

        One for all formats stands until the file is hashed again; one for a single format
        until the file's bytes change or the format has a hash of them.
        """
        query = "SELECT * EXCLUDE (batch) FROM cw0.standing_failures ORDER BY uri, format"
        return map(failure_of, self._stream(query))

    def lookup(self, sha256: str) -> dict[str, Hash]:
        """Return the hashes of one media item by format; none for a SHA-256 that is not there."""
        found = self._hashes("sha256 = $1", sha256.lower())
        return {value.format: value for _, value in found}

    def lookup_many(
        self, sha256s: Sequence[str], format_ids: Sequence[str]
    ) -> Iterator[tuple[str, Hash]]:
        """Yield (SHA-256, hash) of some media in some formats, by SHA-256 and format."""
        return self._hashes(
            "sha256 IN (SELECT unnest($1::VARCHAR[])) AND format IN (SELECT unnest($2::VARCHAR[]))",
            list(sha256s),
            list(format_ids),
            short=all(map(self._is_short, format_ids)),
        )

    def types_of(self, sha256s: Sequence[str]) -> dict[str, str]:
        """Return whether some media are a picture, a video or other, by SHA-256."""
        query = (
            "SELECT DISTINCT sha256, type FROM cw0.current"
            " SEMI JOIN (SELECT unnest($1::VARCHAR[]) AS sha256) USING (sha256)"
        )
        return dict(self._stream(query, [list(sha256s)]))

    def failures_of(self, sha256s: Sequence[str]) -> Iterator[Failure]:
        """Yield the failures that stand of some media, by URI and format."""
        query = (
            "SELECT * EXCLUDE (batch) FROM cw0.standing_failures"
            " SEMI JOIN (SELECT unnest($1::VARCHAR[]) AS sha256) USING (sha256)"
            " ORDER BY uri, format"
        )
        return map(failure_of, self._stream(query, [list(sha256s)]))

    def coverage(self) -> Coverage:
        """Count what there is: media, hashes, values and failures, by format."""
        with session(Batches.of(self.path)) as opened:
            return measure_coverage(opened, self.manifest)

    def export(self, out: str | os.PathLike[str], kind: str) -> int:
        """Write the wide table, a row a media item and a column a format, and return its rows.

        `kind` is ``csv``, ``jsonl`` or ``parquet``. The file has mode 0600 and takes the name
        `out` once it is complete. Raises UsageError for another kind, and for a name inside
        a cross-walk or of what is not a regular file; CrosswalkError when it cannot be written.
        """
        with session(Batches.of(self.path)) as opened:
            return export_wide(opened, sorted(self.manifest.formats), Path(out), kind)

    def verify(self, *, sample: int = 0, seed: int = 0, rehash: Rehash = hash_file) -> Verification:
        """Re-read every part and check schema, keys, lengths and numbering.

        With `sample`, re-hash that many media files picked by `seed` through `rehash`, and
        compare. What is wrong is returned, not raised.
        """
        return verify_crosswalk(self.path, self.manifest, sample, seed, rehash)

    def _hashes(
        self, where: str = "true", *parameters: str | list[str], short: bool = False
    ) -> Iterator[HashOf]:
        with session(Batches.of(self.path)) as opened:
            yield from stream_hashes(opened, where=where, parameters=parameters, short=short)

    def _is_short(self, format_id: str) -> bool:
        """Tell whether the manifest says that no value of the format is large."""
        known = self.manifest.formats.get(format_id)
        return known is not None and known.value_bytes is not None and known.value_bytes <= LARGE

    def _stream(self, query: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
        with session(Batches.of(self.path)) as opened:
            yield from opened.stream(query, parameters)
