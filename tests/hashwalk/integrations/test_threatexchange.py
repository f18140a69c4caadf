"""python-threatexchange's own program hashes and matches with hashwalk's formats."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hashwalk import Hash, Part, get_format, hash_file

pytestmark = pytest.mark.oracle

MODULE = "hashwalk.integrations.threatexchange"
Tx = Callable[..., str]


@pytest.fixture(scope="module")
def extension() -> Any:
    pytest.importorskip("threatexchange", reason="python-threatexchange is not installed")
    return pytest.importorskip(MODULE)


@pytest.fixture(scope="module")
def tx(extension: Any, tmp_path_factory: pytest.TempPathFactory) -> Tx:
    """Run ``tx`` with a state of its own, which has the extension."""
    assert extension.TX_MANIFEST
    folder = tmp_path_factory.mktemp("state")
    program = Path(sys.executable).with_name("tx")
    environment = os.environ | {"HOME": str(folder), "TX_STATEDIR": str(folder)}

    def run(*arguments: str | Path) -> str:
        command = [str(program), *map(str, arguments)]
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "\n  phash - PhashSignal\n" in run("config", "extensions", "add", MODULE)
    return run


def test_tx_hashes_and_matches_pictures_and_videos(tx: Tx, samples: Path, tmp_path: Path) -> None:
    signals = tmp_path / "signals.txt"
    kinds = {
        ("photo", "meadow.jpg"): ("phash",),
        ("video", "drift.mp4"): ("tmk_pdqf", "hashwalk_vpdq"),
    }
    for (kind, name), types in kinds.items():
        for each in types:
            hashed = tx("hash", "-S", each, kind, samples / name)
            assert hashed.startswith(f"{each} ")
            signals.write_text((signals.read_text() if signals.exists() else "") + hashed)
    tx("config", "collab", "edit", "local_file", "--create", "mine", "--filename", signals)
    tx("fetch")
    assert matched(tx("match", "photo", samples / "meadow-half.jpg")) == ["phash"]
    assert matched(tx("match", "photo", samples / "reef.jpg")) == []
    found = matched(tx("match", "video", samples / "drift-small.webm"))
    assert found == ["hashwalk_vpdq", "tmk_pdqf"]


def matched(printed: str) -> list[str]:
    return sorted(line.split()[0] for line in printed.splitlines())


def test_names_are_words_and_none_is_python_threatexchange_s(extension: Any) -> None:
    main = pytest.importorskip("threatexchange.cli.main")
    taken = {each.get_name() for each in main._DEFAULT_SIGNAL_TYPES} | {"vpdq"}
    names = [each.get_name() for each in extension.TX_MANIFEST.signal_types]
    assert not taken & set(names)
    assert len(set(names)) == len(names)
    assert all(name.replace("_", "").isalnum() for name in names)


def test_a_signal_is_one_line_that_says_the_hash(extension: Any, samples: Path) -> None:
    for each in extension.TX_MANIFEST.signal_types:
        known = get_format(each.format_id)
        name = "drift.mp4" if known.spec.kind.value == "video" else "meadow.jpg"
        signal = each.hash_from_file(samples / name)
        (value,) = hash_file(samples / name, [each.format_id]).hashes
        values = [part.value for part in known.parse(signal).parts]
        assert values == [part.value for part in value.parts]
        assert len(signal.splitlines()) == 1
        assert each.validate_signal_str(signal) == signal
        assert each.compare_hash(signal, signal).match


@pytest.mark.parametrize("format_id", ["phash", "pdq", "vpdq", "colorhash", "pdq-dihedral"])
def test_an_index_finds_what_comparing_with_every_signal_finds(
    extension: Any, format_id: str
) -> None:
    made, searched = extension.signal_type(format_id), get_format(format_id)
    size = searched.spec.value_bytes
    assert size is not None
    values = [bytes(size - 1) + bytes([n]) for n in (0, 1, 3, 1)] + [b"\xff" * size]
    parts = 8 if format_id == "pdq-dihedral" else 1
    hashes = [Hash(format_id, (Part(value, 100, 0.0, 0),) * parts) for value in values]
    form = "vpdq-json" if format_id == "vpdq" else None
    signals = [searched.render(value, form) for value in hashes]
    index = made.get_index_cls().build(zip(signals, "abcde", strict=True))
    for query in signals:
        compared = {n: made.compare_hash(query, s) for n, s in zip("abcde", signals, strict=True)}
        expected = {n: each.distance.distance for n, each in compared.items() if each.match}
        found = index.query(query)
        assert {each.metadata: each.similarity_info.distance for each in found} == expected
    assert index.query("") == []


def test_what_is_under_the_quality_floor_matches_nothing(extension: Any, tmp_path: Path) -> None:
    made = extension.signal_type("vpdq")
    poor, good = (f'["{"00" * 32},{quality},0.000"]' for quality in (10, 90))
    index = made.get_index_cls().build([(poor, "poor"), (good, "good")])
    assert [each.metadata for each in index.query(good)] == ["good"]
    assert index.query(poor) == []
    assert not made.compare_hash(poor, good).match
    (tmp_path / "no media").write_bytes(b"text")
    assert made.hash_from_file(tmp_path / "no media") == ""


def test_an_entry_that_is_no_hash_is_left_out_with_a_warning_that_does_not_repeat_it(
    extension: Any, caplog: pytest.LogCaptureFixture
) -> None:
    made = extension.signal_type("phash")
    index = made.get_index_cls().build([("secret!", "x"), ("00" * 8, "y")])
    assert [each.metadata for each in index.query("00" * 8)] == ["y"]
    assert "left out" in caplog.text
    assert "secret" not in caplog.text
    with pytest.raises(ValueError, match="not a phash hash") as caught:
        made.validate_signal_str("secret!")
    assert "secret" not in str(caught.value)


def test_an_index_can_be_added_to_and_stored(extension: Any) -> None:
    index = extension.PhashIndex()
    index.add("00" * 8, "zero")
    assert [each.metadata for each in index.query("00" * 8)] == ["zero"]
    index.add("00" * 7 + "01", "one")
    stored = io.BytesIO()
    index.serialize(stored)
    copy = extension.PhashIndex.deserialize(io.BytesIO(stored.getvalue()))
    assert type(copy) is extension.PhashSignal.get_index_cls()
    assert [each.metadata for each in copy.query("00" * 8)] == ["zero", "one"]
