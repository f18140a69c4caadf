"""What readers see: the newest row of each key and the failures that stand, as SQL views.

docs/crosswalk.md gives the same rules to readers without this software.
"""

from __future__ import annotations

from pathlib import Path

from hashwalk.crosswalk.parts import Batches
from hashwalk.crosswalk.schema import SCHEMAS, Table

_SQL_TYPES = {
    "string": "VARCHAR",
    "binary": "BLOB",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "double": "DOUBLE",
}
_LABELS = "STRUCT(scheme VARCHAR, version VARCHAR, region VARCHAR, code VARCHAR)[]"

# A hash of several parts is folded into one value: the digests of (part number, value) by
# exclusive or, which needs no order and hence no sort. Aggregates and joins with a small side
# spill to disk; a join of two large sides under a sort does not fit bounded memory. Hence no
# view of the newest hashes: `stream_hashes` takes them from sorted rows.
_VIEWS = """
CREATE VIEW {s}.current AS
    SELECT uri, max(batch) AS batch, arg_max(sha256, batch) AS sha256, arg_max(type, batch) AS type
    FROM {s}.media_rows GROUP BY uri;
CREATE VIEW {s}.newest_media AS
    SELECT m.* FROM {s}.media_rows m JOIN {s}.current USING (uri, batch);
CREATE VIEW {s}.folded_hashes AS
    SELECT sha256, format, arg_max(folded, batch) AS folded FROM (
        SELECT sha256, format, batch,
               bit_xor(md5_number(part || ':' || md5(value))) AS folded
        FROM {s}.hashes_rows GROUP BY sha256, format, batch
    ) GROUP BY sha256, format;
CREATE VIEW {s}.newest_failures AS
    SELECT f.* FROM {s}.failures_rows f
    JOIN (SELECT uri, format, max(batch) AS batch FROM {s}.failures_rows GROUP BY uri, format)
    USING (uri, format, batch);
CREATE VIEW {s}.standing_failures AS
    SELECT f.* FROM {s}.newest_failures f LEFT JOIN {s}.current m USING (uri)
    WHERE f.format = '*' AND (m.uri IS NULL OR f.batch >= m.batch)
    UNION ALL
    SELECT f.* FROM {s}.newest_failures f JOIN {s}.current m USING (uri, sha256)
    ANTI JOIN (
        SELECT sha256, format FROM {s}.hashes_rows
        SEMI JOIN {s}.newest_failures USING (sha256, format)
    ) USING (sha256, format) WHERE f.format <> '*';
"""


def view_statements(schema: str, batches: Batches, linked: Path) -> str:
    """Return the SQL that makes the views of one cross-walk in the SQL schema `schema`.

    `linked` is a path to the cross-walk without characters that mean something in a glob.
    """
    parts = [
        f"CREATE VIEW {schema}.{table}_rows AS {_scan(table, batches, linked)};" for table in Table
    ]
    return f"CREATE SCHEMA {schema};" + "".join(parts) + _VIEWS.format(s=schema)


def _scan(table: Table, batches: Batches, linked: Path) -> str:
    paths = [linked / path.relative_to(batches.root) for path in batches.paths(table)]
    if not paths:
        columns = (f"NULL::{_sql_type(field.type)} AS {field.name}" for field in SCHEMAS[table])
        return f"SELECT {', '.join(columns)} WHERE false"
    listed = ", ".join(f"{_quoted(str(path))}" for path in paths)
    names = ", ".join(SCHEMAS[table].names)
    return f"FROM read_parquet([{listed}], hive_partitioning = false) SELECT {names}"


def _sql_type(kind: object) -> str:
    return _SQL_TYPES.get(str(kind), _LABELS)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
