"""From the parts of a finished run to its tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from hashwalk.crosswalk.rows import storable
from hashwalk.format import Hash, Part
from hashwalk.results import ALL_FORMATS
from hashwalk_bench.corpus import Half, Source
from hashwalk_bench.run.storage import table_of, write_table
from hashwalk_bench.run.tables import Table
from hashwalk_bench.running.journal import Journal
from hashwalk_bench.running.plan import Plan


def original_hashes(journal: Journal, plan: Plan) -> dict[int, list[Hash]]:
    """Return, by the number of the source, the hashes of the originals in the journal."""
    found: dict[int, list[Hash]] = {}
    numbers = [task.number for task in plan.originals]
    for task, part in zip(plan.originals, journal.read(numbers), strict=True):
        parts: dict[str, list[Part]] = defaultdict(list)
        for row in part[Table.HASHES].to_pylist():
            parts[row["format"]].append(Part(row["value"], row["quality"], row["time_s"]))
        found[task.source.number] = [Hash(name, tuple(listed)) for name, listed in parts.items()]
    return found


def write_sources(
    folder: Path,
    sources: Sequence[Source],
    cluster_of: Mapping[int, int],
    half_of: Mapping[int, Half],
) -> None:
    """Write the table of sources, with the cluster and the half of each."""
    rows = [
        (
            source.number,
            storable(source.name),
            source.sha256,
            str(source.medium),
            source.bytes,
            source.width,
            source.height,
            source.duration_s,
            source.licence,
            source.group,
            cluster_of[source.number],
            str(half_of[source.number]),
        )
        for source in sources
    ]
    write_table(folder, Table.SOURCES, [table_of(Table.SOURCES, rows)])


def write_results(folder: Path, journal: Journal, formats: Collection[str]) -> None:
    """Write items, hashes and failures from the journal, for the formats of the run alone."""
    held: dict[Table, list[pa.Table]] = defaultdict(list)
    for part in journal.read(sorted(journal.done)):
        for table, rows in part.items():
            held[table].append(rows)
    write_table(folder, Table.ITEMS, [pa.concat_tables(held[Table.ITEMS])])
    failures = pa.concat_tables(held[Table.FAILURES])
    wanted = pc.is_in(failures["format"], pa.array([ALL_FORMATS, *formats]))
    write_table(folder, Table.FAILURES, [failures.filter(wanted)])
    write_table(folder, Table.HASHES, _by_format(held[Table.HASHES], formats))


def _by_format(parts: Sequence[pa.Table], formats: Collection[str]) -> Iterator[pa.Table]:
    """Yield the rows of one format after the other: together they may not fit a column."""
    for format_id in sorted(formats):
        yield pa.concat_tables(part.filter(pc.field("format") == format_id) for part in parts)
