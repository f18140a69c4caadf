"""Hashes of one format in columns, which is much quicker than one by one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hashwalk.crosswalk.schema import SCHEMAS, Table
from hashwalk.crosswalk.session import Session

_ROWS_AT_ONCE = 65_536
_COLUMNS = ("sha256", "part", "value", "quality", "time_s", "batch")
_QUERY = f"""
    FROM cw0.hashes_rows SELECT {", ".join(_COLUMNS)}
    WHERE format = $1 ORDER BY sha256, batch DESC, part
"""


def stream_columns(session: Session, format_id: str) -> Iterator[pa.Table]:
    """Yield the newest hashes of a format, a row a part, by SHA-256; each is in one table whole.

    Memory is bounded for values of bounded length. Raises CrosswalkSchemaError for a damaged part.
    """
    schema = pa.schema([SCHEMAS[Table.HASHES].field(name) for name in _COLUMNS])
    waiting = schema.empty_table()
    for batch in session.batches(_QUERY, [format_id], _ROWS_AT_ONCE):
        added = pa.Table.from_batches([batch]).cast(schema)
        rows = pa.concat_tables([waiting, added]).combine_chunks()
        last = int(hash_starts(rows)[-1])
        yield _newest(rows.slice(0, last))
        waiting = rows.slice(last)
    yield _newest(waiting.combine_chunks())


def hash_starts(rows: pa.Table) -> NDArray[np.int64]:
    """Return the first row of each SHA-256."""
    names = rows.column("sha256")
    differs = pc.not_equal(names.slice(1), names.slice(0, max(len(names) - 1, 0)))
    return np.flatnonzero(np.concatenate([[True] * (len(names) > 0), differs.to_numpy()]))


def _newest(rows: pa.Table) -> pa.Table:
    """Return the rows of each SHA-256 that are in its first, which is its newest, batch."""
    batches, starts = rows.column("batch").to_numpy(), hash_starts(rows)
    newest = np.repeat(batches[starts], np.diff(starts, append=len(batches)))
    return rows.filter(pa.array(batches == newest))
