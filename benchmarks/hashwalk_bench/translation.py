"""How well and how fast a list is translated through a cross-walk, on random hashes.

``python -m hashwalk_bench.translation [--media N] [--records N]`` writes a cross-walk and a list
whose media are known, runs ``hashwalk translate``, counts what it got wrong, and compares the
look-ups with faiss comparing with all hashes, in the same run.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import faiss
import numpy as np

from hashwalk import Crosswalk, Hash, Index
from hashwalk.hashlists import Method, Record, read_list
from hashwalk_bench.load import most_bytes
from hashwalk_bench.rows import heading, row
from hashwalk_bench.synthetic import (
    THRESHOLD,
    Codes,
    Lookups,
    draw_lookups,
    sha256_of,
    write_crosswalk,
    write_lookups,
)

TARGETS = ("phash", "vpdq")


def measure_command(crosswalk: Path, lookups: Lookups, folder: Path) -> None:
    """Print how long ``hashwalk translate`` takes, what it holds, and what it got wrong."""
    source, out = folder / "list.jsonl", folder / "out.jsonl"
    write_lookups(source, lookups)
    command = [sys.executable, "-m", "hashwalk", "translate", str(source), "-o", str(out)]
    options = ["--crosswalk", str(crosswalk), "--to", ",".join(TARGETS), "--json"]
    peaks: list[int] = []
    seconds = _seconds(lambda: peaks.append(_most_bytes_of([*command, *options])))
    wrong, missed = count_errors(out, lookups)
    heading(f"hashwalk translate of {len(lookups.codes):,} records into {' and '.join(TARGETS)}")
    row("wall time", seconds)
    row("most memory, in MiB", peaks[0] / 2**20)
    row("records of a wrong medium, distance or method", wrong, wrong, "<= 0")
    row("records within the threshold that were missed", missed, missed, "<= 0")


def measure_lookups(crosswalk: Path, codes: Codes, lookups: Lookups) -> None:
    """Print equal and near look-ups of an index, and the near ones of faiss."""
    held: list[Index] = []
    built = _seconds(lambda: held.append(Index.of_crosswalk(Crosswalk.open(crosswalk), "pdq")))
    heading(f"look-ups in {len(codes):,} PDQs")
    row("the index read from the cross-walk", built)
    rows = lookups.codes[lookups.distances > 0]
    equal, near = _hashes(lookups.codes[lookups.distances == 0]), _hashes(rows)
    held[0].exact(equal[0])
    exact = _seconds(lambda: list(held[0].exact_many(equal)))
    row(f"{len(equal):,} equal ones; thousands a second", exact, len(equal) / exact / 1e3, ">= 100")
    flat = faiss.IndexBinaryFlat(8 * codes.shape[1])
    flat.add(codes)
    prepared = _seconds(lambda: held[0].within(near[0], THRESHOLD))
    ours = _seconds(lambda: list(held[0].within_many(near, THRESHOLD)))
    theirs = _seconds(lambda: flat.range_search(rows, THRESHOLD + 1))
    row("the first near one, which prepares the index", prepared)
    row(f"{len(near):,} near ones in faiss IndexBinaryFlat", theirs, 1.0)
    row(f"{len(near):,} near ones in the index", ours, ours / theirs, "<= 1.0")


def count_errors(out: Path, lookups: Lookups) -> tuple[int, int]:
    """Return how many records of a translated list are wrong, and how many are not there."""
    wrong, found = 0, set()
    for record in read_list(out):
        number = int(record.entry_id or "")
        right = _is_right(record, int(lookups.media[number]), int(lookups.distances[number]))
        wrong += not right
        found.add((number, record.algorithm))
    return wrong, int((lookups.distances >= 0).sum()) * len(TARGETS) - len(found)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure at the size that the arguments ask for."""
    parser = argparse.ArgumentParser(
        prog="python -m hashwalk_bench.translation", description=__doc__
    )
    parser.add_argument("--media", type=int, default=1_000_000, help="in the cross-walk")
    parser.add_argument("--records", type=int, default=100_000, help="in the list")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        crosswalk = Path(scratch) / "crosswalk"
        codes = write_crosswalk(crosswalk, asked.media)
        lookups = draw_lookups(codes, asked.records)
        measure_command(crosswalk, lookups, Path(scratch))
        measure_lookups(crosswalk, codes, lookups)


def _is_right(record: Record, media: int, distance: int) -> bool:
    how = record.translation
    method = Method.NEAR if distance else Method.EXACT
    return (
        how is not None
        and media >= 0
        and (how.media_sha256, how.distance, how.method) == (sha256_of(media), distance, method)
        and not how.ambiguous
    )


def _hashes(codes: Codes) -> list[Hash]:
    return [Hash.of("pdq", code.tobytes()) for code in np.ascontiguousarray(codes)]


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _most_bytes_of(command: list[str]) -> int:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:  # noqa: S603
        peak = most_bytes(process)
    if process.returncode != 0:
        raise SystemExit(f"the translation ended with {process.returncode}")
    return peak


if __name__ == "__main__":
    main()
