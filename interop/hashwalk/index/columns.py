"""Hashes of a cross-walk's rows, in the columns that an index keeps."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from hashwalk.crosswalk.hash_columns import hash_starts
from hashwalk.index.store import Columns


def columns_of(rows: pa.Table) -> Columns:
    """Return the hashes of whole rows by SHA-256, as `Crosswalk.hash_columns` yields them."""
    starts = hash_starts(rows)
    values = rows.column("value").combine_chunks()
    return Columns(
        keys=rows.column("sha256").take(pa.array(starts)).to_pylist(),
        counts=np.diff(starts, append=rows.num_rows),
        values=b"".join(values.to_pylist()),
        lengths=pc.binary_length(values).to_numpy(zero_copy_only=False).astype(np.int64),
        qualities=_known(rows.column("quality")),
        times=_known(rows.column("time_s")),
    )


def _known(column: pa.ChunkedArray) -> NDArray[np.float64]:
    """Return numbers, NaN for those that are not known."""
    return np.asarray(column.cast(pa.float64()).fill_null(np.nan).to_numpy(), np.float64)
