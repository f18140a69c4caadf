"""Memory is bounded by bytes, however large values are, and nothing is lost by that."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hashwalk.crosswalk import Crosswalk, CrosswalkWriter, compact_crosswalk, hash_stream, pieces
from hashwalk.errors import CrosswalkError
from hashwalk.format import Hash, Part
from hashwalk.results import HashedFile

SMALLER = """
import json, sys
from pathlib import Path
from hashwalk.crosswalk import (
    Crosswalk, CrosswalkWriter, FormatEntry, Manifest, compact_crosswalk, merge_crosswalks,
    pieces, session,
)
from hashwalk.format import Hash
from hashwalk.results import HashedFile, Media

pieces.PIECE_BYTES = 8 << 20
session._SETTINGS["memory_limit"] = "160MB"
SIZE, COUNT = 263_168, 1_000
root = Path(sys.argv[1])
entry = FormatEntry(version=1, kind="video", shape="whole", bits=SIZE * 8)
manifest = Manifest.new().with_formats({"large": entry}, "the test")

def peak():
    text = Path("/proc/self/status").read_text()
    return int(text.split("VmHWM:")[1].split()[0]) >> 10

with CrosswalkWriter.create(root / "walk", manifest) as writer:
    for number in range(COUNT):
        sha256 = f"{number * 7919 % 1_000_003:064x}"
        media = Media(
            uri=str(number), sha256=sha256, md5="0" * 32, size=1, mtime_ns=1, type="video"
        )
        value = number.to_bytes(8, "big") * (SIZE // 8)
        writer.add(HashedFile(media=media, hashes=(Hash.of("large", value),)))
        if writer.pending_bytes >= 8 << 20:
            writer.flush()
before, grown = peak(), {}
walk = Crosswalk.open(root / "walk")
for name, work in {
    "verify": lambda: walk.verify().problems,
    "coverage": lambda: walk.coverage().formats[0].distinct_values,
    "hashes": lambda: sum(1 for _ in walk.hashes()),
    "jsonl": lambda: walk.export(root / "t.jsonl", "jsonl"),
    "parquet": lambda: walk.export(root / "t.parquet", "parquet"),
    "merge": lambda: merge_crosswalks(root / "merged", [root / "walk"]).hashes,
    "compact": lambda: compact_crosswalk(root / "walk")[1],
}.items():
    grown[name] = [work(), peak() - before]
print(json.dumps(grown))
"""


def test_a_thousand_large_values_are_never_in_memory_together(tmp_path: Path) -> None:
    """263 MB of values, with pieces and the memory of sorts at an eighth of what they are."""
    done = subprocess.run(
        [sys.executable, "-c", SMALLER, tmp_path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    assert {name: result for name, (result, _) in results.items()} == {
        "verify": [],
        "coverage": 1000,
        "hashes": 1000,
        "jsonl": 1000,
        "parquet": 1000,
        "merge": 1000,
        "compact": 3,
    }
    assert {name: grown for name, (_, grown) in results.items() if grown > 450} == {}


sizes = st.sampled_from([1, 4096, 4097, 70_000])
large_or_not = st.lists(
    st.lists(st.tuples(sizes, st.integers(0, 255)), min_size=1, max_size=3), max_size=5
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(batches=st.lists(large_or_not, min_size=1, max_size=3))
def test_large_and_small_values_come_back_together(
    batches: list[list[list[tuple[int, int]]]],
    make_media: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Hashes of several parts, some large, in the order of their keys; newer ones hide older."""
    root = tmp_path_factory.mktemp("walks") / "walk"
    newest = {}
    with CrosswalkWriter.open(root, formats=()) as writer:
        for batch in batches:
            for number, drawn in enumerate(batch):
                media = make_media(str(number))
                parts = tuple(
                    Part(bytes([fill]) * size, fill, None, at)
                    for at, (size, fill) in enumerate(drawn)
                )
                newest[media.sha256] = Hash("gone", parts)
                writer.add(HashedFile(media=media, hashes=(newest[media.sha256],)))
            writer.flush()
    read = Crosswalk.open(root)
    assert list(read.hashes()) == sorted(newest.items(), key=lambda item: item[0])
    for sha256, value in newest.items():
        assert read.lookup(sha256) == {"gone": value}
    compact_crosswalk(root)
    assert dict(read.hashes()) == newest


def test_a_disk_without_room_for_large_values_is_told(
    write_crosswalk: Any, make_media: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The device that is always full stands for it."""
    value = Hash.of("gone", bytes(1 << 20))
    root = write_crosswalk([HashedFile(media=make_media("a"), hashes=(value,))])
    with Path("/dev/full").open("r+b", buffering=0) as full:
        monkeypatch.setattr(hash_stream, "TemporaryFile", lambda **_: full)
        with pytest.raises(CrosswalkError, match=r"\(No space left on device\).*set TMPDIR"):
            list(Crosswalk.open(root).hashes())


@given(
    rows=st.lists(st.integers(0, 100_000), max_size=50),
    most=st.integers(1_000, 300_000),
)
def test_pieces_hold_every_row_once_and_no_more_bytes_than_allowed(
    rows: list[int], most: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pieces, "PIECE_BYTES", most)
        cut = list(pieces.pieces(rows, int))
    assert [row for piece in cut for row in piece] == rows
    assert all(len(piece) == 1 or sum(piece) + 1_000 * len(piece) <= most for piece in cut)
    assert all(cut)
