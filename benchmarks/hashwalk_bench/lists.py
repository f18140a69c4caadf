"""How many records of a hash list are converted in a second, on one core.

``python -m hashwalk_bench.lists [--records N]`` writes random hashes as lists, converts each of
them, and prints thousands of records a second of processor time, in one run.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from hashwalk import Record, convert_list, write_list
from hashwalk.hashlists import MediaType
from hashwalk.results import Label
from hashwalk_bench.rows import heading, row

ROUNDS = 3
CONVERSIONS = (
    ("jsonl", "jsonl", ">= 50"),
    ("csv", "csv", ">= 50"),
    ("jsonl", "csv", ">= 50"),
    ("ncmec", "jsonl", ">= 20"),
    ("ncmec", "ncmec", ">= 20"),
)
"""What is read, what is written, and thousands of records a second to reach."""


def random_records(count: int) -> Iterator[Record]:
    """Yield records with a label: two of an entry, an MD5 and a PDQ, as an exchange has them."""
    values = np.random.default_rng(0).integers(0, 256, (count, 32), dtype=np.uint8)
    for number, value in enumerate(values):
        text = value.tobytes().hex()
        yield Record(
            media_uid=f"ncmec:42/{number // 2}",
            media_type=MediaType.PICTURE,
            algorithm="pdq" if number % 2 else "md5",
            encoding="hex",
            value=text if number % 2 else text[:32],
            source="ncmec",
            member_id="42",
            entry_id=str(number // 2),
            labels=(Label("ncmec", "", "", "A1"),),
            updated="2026-01-01T00:00:00Z",
        )


def measure(folder: Path, read_as: str, written_as: str, count: int) -> float:
    """Return thousands of records a second, the best of a few rounds, reading and writing."""
    source, out = folder / f"source.{read_as}", folder / "out"
    if not source.exists():
        write_list(random_records(count), source, read_as)
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        done = convert_list(source, out, read_as=read_as, written_as=written_as)
        seconds.append(time.process_time() - start)
        if done.loss.written != count:
            raise SystemExit(f"{done.loss.written} of {count} records became {written_as}")
    return count / min(seconds) / 1e3


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure lists of as many records as the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m hashwalk_bench.lists", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="in each list")
    count = parser.parse_args(arguments).records
    heading(f"lists of {count:,} records, read and written", "")
    with tempfile.TemporaryDirectory() as scratch:
        for read_as, written_as, target in CONVERSIONS:
            rate = measure(Path(scratch), read_as, written_as, count)
            row(f"{read_as} to {written_as}, thousands a second", None, rate, target)


if __name__ == "__main__":
    main()
