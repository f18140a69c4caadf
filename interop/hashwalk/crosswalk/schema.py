"""The public schema of a cross-walk, version 1: its folders, columns and key-value notes."""

from __future__ import annotations

from enum import StrEnum

import pyarrow as pa

SCHEMA_VERSION = 1
MANIFEST_FILE = "crosswalk.json"


class Table(StrEnum):
    """The three tables; each is a folder of Parquet parts, one a batch."""

    MEDIA = "media"
    HASHES = "hashes"
    FAILURES = "failures"


LABEL = pa.struct([(name, pa.string()) for name in ("scheme", "version", "region", "code")])


def _required(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


SCHEMAS: dict[Table, pa.Schema] = {
    Table.MEDIA: pa.schema(
        [
            _required("uri", pa.string()),
            _required("sha256", pa.string()),
            _required("md5", pa.string()),
            _required("size", pa.int64()),
            _required("mtime_ns", pa.int64()),
            _required("type", pa.string()),
            ("container", pa.string()),
            ("codec", pa.string()),
            ("width", pa.int32()),
            ("height", pa.int32()),
            ("duration_s", pa.float64()),
            ("frames", pa.int64()),
            ("orientation", pa.int32()),
            ("rotation", pa.int32()),
            ("decoder", pa.string()),
            ("decoder_version", pa.string()),
            _required("labels", pa.list_(LABEL)),
            _required("batch", pa.int64()),
        ]
    ),
    Table.HASHES: pa.schema(
        [
            _required("sha256", pa.string()),
            _required("format", pa.string()),
            _required("part", pa.int32()),
            _required("value", pa.binary()),
            ("quality", pa.int32()),
            ("time_s", pa.float64()),
            ("frame_index", pa.int64()),
            _required("batch", pa.int64()),
        ]
    ),
    Table.FAILURES: pa.schema(
        [
            _required("uri", pa.string()),
            _required("format", pa.string()),
            _required("code", pa.string()),
            _required("message", pa.string()),
            ("sha256", pa.string()),
            _required("size", pa.int64()),
            _required("mtime_ns", pa.int64()),
            _required("batch", pa.int64()),
        ]
    ),
}

KEYS: dict[Table, tuple[str, ...]] = {
    Table.MEDIA: ("uri",),
    Table.HASHES: ("sha256", "format", "part"),
    Table.FAILURES: ("uri", "format"),
}
"""What no two rows of one batch share."""

BATCH_NOTE = b"hashwalk.batch.id"
"""The key, in the metadata of each part of a batch, of what they and no other parts share."""


def rows_note(table: Table) -> bytes:
    """Return the key, in a media part's Parquet metadata, of another table's row count."""
    return f"hashwalk.{table}.rows".encode()
