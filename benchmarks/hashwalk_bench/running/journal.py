"""The parts of an unfinished run: the rows of each finished task, in a file of their own."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hashwalk.durable import make_private_folder, written_whole
from hashwalk_bench.errors import RunError
from hashwalk_bench.run.storage import table_of
from hashwalk_bench.run.tables import SCHEMAS, Table
from hashwalk_bench.running.rows import Rows

PARTS_FOLDER = "parts"
_TABLES = (Table.ITEMS, Table.HASHES, Table.FAILURES)


class Journal:
    """The finished tasks of the run in `folder`, by number.

    A part is one row with a list of rows for each table, and appears whole or not at all, so that
    a run may be killed at any moment.
    """

    def __init__(self, folder: Path) -> None:
        """Take the folder of the run; that of the parts is made if it is not there."""
        self._folder = folder / PARTS_FOLDER
        make_private_folder(self._folder)
        self.done = {int(p.stem) for p in self._folder.glob("[0-9]*.parquet")}

    def write(self, number: int, rows: Rows) -> None:
        """Record that a task is finished, with its rows."""
        columns = {
            str(table): _one_list(table_of(table, listed))
            for table, listed in rows.by_table().items()
        }
        with written_whole(self._path(number)) as file:
            pq.write_table(pa.table(columns), file, compression="zstd")
        self.done.add(number)

    def read(self, numbers: Iterable[int]) -> Iterator[dict[Table, pa.Table]]:
        """Yield the rows of tasks by table; raises RunError for a damaged part."""
        for number in numbers:
            path = self._path(number)
            try:
                part = pq.read_table(path)
                yield {table: _rows(part[str(table)], table) for table in _TABLES}
            except (OSError, pa.ArrowException, KeyError) as error:
                raise RunError(f"{path} is damaged: delete it, and run again") from error

    def remove(self) -> None:
        """Delete all parts, once their rows are in the tables."""
        shutil.rmtree(self._folder)

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:08d}.parquet"


def _one_list(rows: pa.Table) -> pa.Array:
    kind = pa.struct(list(rows.schema))
    values = pa.StructArray.from_arrays(
        [column.combine_chunks() for column in rows.columns], fields=list(rows.schema)
    )
    return pa.ListArray.from_arrays(pa.array([0, len(values)], pa.int32()), values.cast(kind))


def _rows(column: pa.ChunkedArray, table: Table) -> pa.Table:
    structs = column.combine_chunks().flatten()
    return pa.table(structs.flatten(), schema=SCHEMAS[table])
