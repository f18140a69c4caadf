"""SQL over cross-walks, out of core: DuckDB in memory, offline, with bounded memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import duckdb
import pyarrow as pa

from hashwalk.crosswalk.parts import Batches
from hashwalk.crosswalk.rows import Row
from hashwalk.crosswalk.scratch import scratch_folder
from hashwalk.crosswalk.views import view_statements
from hashwalk.errors import CrosswalkError, CrosswalkSchemaError

_MEMORY = "1GB"
_ROWS_AT_ONCE = 10_000
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "threads": "2",
    "memory_limit": _MEMORY,
    "preserve_insertion_order": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}


class Session:
    """SQL queries over the views of the cross-walks it was opened on.

    The views of cross-walk number n are in the SQL schema ``cw<n>``: ``newest_media``,
    ``standing_failures``, and ``media_rows``, ``hashes_rows``,
    ``failures_rows`` with every committed row. Queries raise CrosswalkSchemaError when a part
    cannot be read; the text of the error below is left out, since it may quote cells.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, links: dict[Path, Path], folder: Path
    ) -> None:
        """Take a connection that has the views; `links` maps what it reads to real folders.

        `folder` is private, for what has to be on disk, and removed with the session.
        """
        self.folder = folder
        self._connection = connection
        self._links = links

    def define(self, statements: str) -> None:
        """Run statements that make more views."""
        with self._readable():
            self._connection.execute(statements)

    def stream(self, query: str, parameters: Sequence[Any] = ()) -> Iterator[Row]:
        """Run a query and yield its rows, a bounded number of them in memory.

        Several streams may be open at a time.
        """
        with self._readable():
            for batch in self.batches(query, parameters, _ROWS_AT_ONCE):
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)

    def batches(self, query: str, parameters: Sequence[Any], rows: int) -> Iterator[pa.RecordBatch]:
        """Run a query and yield its answer in batches of at most so many rows."""
        with self._readable(), closing(self._connection.cursor()) as cursor:
            yield from cursor.sql(query, params=list(parameters)).to_arrow_reader(rows)

    def fetch(self, query: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run a query with a small answer and return its rows."""
        with self._readable(), closing(self._connection.cursor()) as cursor:
            return cursor.execute(query, list(parameters)).fetchall()

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except (duckdb.Error, pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise self._reading_error(error) from None

    def _reading_error(self, error: Exception) -> CrosswalkError:
        """Name the part and the kind of error.

        Arrow passes DuckDB's errors on as OSError; a text that quotes damage may not be UTF-8.
        """
        text = str(error)
        if text.startswith("Out of Memory"):
            return CrosswalkError(
                f"reading the cross-walk takes more than {_MEMORY} of memory or what is free in "
                f"{gettempdir()}: set TMPDIR to a larger disk, or read fewer at a time"
            )
        return CrosswalkSchemaError(
            f"{self._part_in(text) or 'the cross-walk'} cannot be read ({type(error).__name__}): "
            "`hashwalk crosswalk verify` says which parts are damaged"
        )

    def _part_in(self, text: str) -> str | None:
        for link, root in self._links.items():
            if found := re.search(re.escape(str(link)) + r"/([a-z]+/\d{12}\.parquet)", text):
                return str(root / found[1])
        return None


@contextmanager
def session(*crosswalks: Batches) -> Iterator[Session]:
    """Open a session on the committed batches of cross-walks; nothing of it stays behind."""
    with scratch_folder() as private:
        settings = _SETTINGS | {"temp_directory": f"{private}/spill"}
        links = {private / str(n): b.root for n, b in enumerate(crosswalks)}
        with closing(duckdb.connect(":memory:", config=settings)) as connection:
            opened = Session(connection, links, private)
            for number, (batches, link) in enumerate(zip(crosswalks, links, strict=True)):
                link.symlink_to(batches.root.resolve())
                opened.define(view_statements(f"cw{number}", batches, link))
            yield opened
