"""The tables of a benchmark run: files, columns, order of rows. The same seed gives equal files."""

from __future__ import annotations

from enum import StrEnum

import pyarrow as pa

MANIFEST_FILE = "run.json"
MEASURES_FILE = "measures.json"
ORIGINAL = "original"
"""The transform of a source itself, as it was found; the references are these items."""


class Table(StrEnum):
    """The tables, each one Parquet file of the run's folder."""

    SOURCES = "sources"
    """One row a source, by number."""
    ITEMS = "items"
    """One row a file that was hashed, or should have been: originals and variants, by number."""
    HASHES = "hashes"
    """One row a value, by format, item, part."""
    FAILURES = "failures"
    """One row a (item, format or ``*``) without hash, by item and format."""
    COSTS = "costs"
    """Seconds of a processor, by format and item; the one table that is not reproducible."""

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"{self}.parquet"


def _required(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


SCHEMAS: dict[Table, pa.Schema] = {
    Table.SOURCES: pa.schema(
        [
            _required("source", pa.int32()),
            _required("path", pa.string()),
            _required("sha256", pa.string()),
            _required("medium", pa.string()),
            _required("bytes", pa.int64()),
            ("width", pa.int32()),
            ("height", pa.int32()),
            ("duration_s", pa.float64()),
            ("licence", pa.string()),
            ("group", pa.string()),
            # The lowest number of the sources that are near-duplicates of one another.
            _required("cluster", pa.int32()),
            # "choose" or "report": which half of the corpus the cluster belongs to.
            _required("half", pa.string()),
        ]
    ),
    Table.ITEMS: pa.schema(
        [
            _required("item", pa.int32()),
            _required("source", pa.int32()),
            # The id of the transform's call, or "original".
            _required("transform", pa.string()),
            _required("family", pa.string()),
            ("strength", pa.float64()),
            ("sha256", pa.string()),
            ("bytes", pa.int64()),
            ("width", pa.int32()),
            ("height", pa.int32()),
            ("duration_s", pa.float64()),
            ("source_start_s", pa.float64()),
            ("source_end_s", pa.float64()),
            ("variant_start_s", pa.float64()),
            ("variant_end_s", pa.float64()),
        ]
    ),
    Table.HASHES: pa.schema(
        [
            _required("format", pa.string()),
            _required("item", pa.int32()),
            _required("part", pa.int32()),
            _required("value", pa.binary()),
            ("quality", pa.int32()),
            ("time_s", pa.float64()),
        ]
    ),
    Table.FAILURES: pa.schema(
        [
            _required("item", pa.int32()),
            _required("format", pa.string()),
            _required("code", pa.string()),
            _required("message", pa.string()),
        ]
    ),
    Table.COSTS: pa.schema(
        [
            # "decode" for opening and decoding alone, or a format's id for what hashing in it
            # alone takes beyond that; for digests, which need no decoding, all they take.
            _required("format", pa.string()),
            _required("item", pa.int32()),
            _required("seconds", pa.float64()),
        ]
    ),
}

ORDER: dict[Table, tuple[str, ...]] = {
    Table.SOURCES: ("source",),
    Table.ITEMS: ("item",),
    Table.HASHES: ("format", "item", "part"),
    Table.FAILURES: ("item", "format"),
    Table.COSTS: ("format", "item"),
}
"""The columns that the rows of a table are ordered by, which name a row."""
