"""The tables of a run on the disk: Parquet files, written whole, equal for equal rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from hashwalk.durable import written_whole
from hashwalk_bench.errors import RunError
from hashwalk_bench.run.tables import MANIFEST_FILE, ORDER, SCHEMAS, Table

_VALUES_A_PAGE = 64


def table_of(table: Table, rows: Sequence[Sequence[Any]]) -> pa.Table:
    """Return rows, each with a value for every column, as a table of the schema."""
    schema = SCHEMAS[table]
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
    return pa.table(arrays, schema=schema)


def write_table(folder: Path, table: Table, pieces: Iterable[pa.Table]) -> None:
    """Write a table into a run's folder, with mode 0600, whole or not at all.

    `pieces` follow each other in the table's order; each is ordered here, and becomes a row
    group. Equal pieces give equal files with one version of pyarrow.
    """
    keys = [(name, "ascending") for name in ORDER[table]]
    with (
        written_whole(folder / table.file) as file,
        pq.ParquetWriter(
            file,
            SCHEMAS[table],
            compression="zstd",
            version="2.6",
            use_dictionary=[name for name in SCHEMAS[table].names if name != "value"],
            write_batch_size=_VALUES_A_PAGE,
        ) as writer,
    ):
        for piece in pieces:
            writer.write_table(piece.sort_by(keys))


def read_table(
    folder: Path, table: Table, *, columns: Sequence[str] | None = None, format_id: str = ""
) -> pa.Table:
    """Return a table of the run in `folder`, in its order; raises RunError when it cannot be read.

    `columns` are those wanted, by default all; `format_id` leaves the rows of that format alone,
    in a table that has formats.
    """
    path = folder / table.file
    chosen = [("format", "=", format_id)] if format_id else None
    schema = SCHEMAS[table]
    try:
        found: pa.Table = pq.read_table(path, columns=columns, filters=chosen, schema=schema)
    except FileNotFoundError:
        raise RunError(absence(folder, table.file)) from None
    except (OSError, pa.ArrowException) as error:
        raise RunError(f"{path} is damaged or not a table of a run: run it again") from error
    return found


def absence(folder: Path, file: str) -> str:
    """Return why a file of the run in `folder` is not there, and what to do."""
    if not folder.exists():
        return (
            f"there is no folder {folder}: `hashwalk bench run --media DIR -o {folder}` makes a run"
        )
    if not folder.is_dir():
        return f"{folder} is not a run: it is a file, where a run is a folder"
    if (folder / MANIFEST_FILE).is_file():
        return f"the run in {folder} is not finished: the same `hashwalk bench run` goes on"
    return f"{folder} is not a run: it has no {file}"
