"""``hashwalk formats``: the table and the cards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hashwalk.cli.formats import card
from hashwalk.format import FormatSpec
from hashwalk.registry import registry

if TYPE_CHECKING:
    from conftest import Run


def test_the_table_has_a_line_for_every_format_in_80_columns(run_hashwalk: Run) -> None:
    done = run_hashwalk("formats")
    lines = done.stdout.splitlines()
    rows = lines[1 : lines.index("")]
    listed = [row.split()[0] for row in rows if not row.startswith(" ")]
    assert (done.returncode, done.stderr) == (0, "")
    assert listed == list(registry())
    assert max(map(len, lines)) <= 80


def test_what_is_not_computed_here_is_named_with_what_it_takes(run_hashwalk: Run) -> None:
    printed = " ".join(run_hashwalk("formats").stdout.split())
    card = run_hashwalk("formats", "photodna").stdout
    assert "not computed here, but carried and compared" in printed.lower()
    assert "videntifier: a licensee plugs its own program in" in printed
    assert "to compute" in card
    assert "to compute" not in run_hashwalk("formats", "pdq").stdout


def test_what_is_not_computed_here_has_one_heading(run_hashwalk: Run) -> None:
    assert run_hashwalk("formats").stdout.count("Not computed here") == 1


def test_words_of_the_table_and_the_notes_are_whole(run_hashwalk: Run) -> None:
    words = run_hashwalk("formats").stdout.split()
    assert set(run_hashwalk("formats", env={"COLUMNS": "1000"}).stdout.split()) <= set(words)


@pytest.mark.parametrize(
    ("format_id", "by_default"),
    [
        ("pdq", True),
        ("vpdq-all", False),
        ("photodna", False),
        ("framewise:phash@1", True),
        ("framewise:pdq@2", False),
        ("keyframes:pdq", True),
    ],
)
def test_a_format_is_by_default_if_a_re_hash_computes_it_unasked(
    format_id: str, by_default: bool
) -> None:
    assert card(registry()[format_id])["by_default"] is by_default


def test_the_table_shows_families_as_patterns(run_hashwalk: Run) -> None:
    printed = run_hashwalk("formats").stdout
    assert "\nframewise:<picture format>@<seconds>\n" in printed
    assert "\nkeyframes:<picture format>\n" in printed


def test_the_json_has_a_card_for_every_format(run_hashwalk: Run) -> None:
    printed = json.loads(run_hashwalk("formats", "--json").stdout)
    assert [card["id"] for card in printed["formats"]] == list(registry())
    assert len(printed["families"]) == len(registry().families())
    assert printed["problems"] == {}


@pytest.mark.parametrize("format_id", ["pdq", "md5", "cv-color-moment", "framewise:phash@1"])
def test_a_card_says_all_that_is_known_in_80_columns(run_hashwalk: Run, format_id: str) -> None:
    done = run_hashwalk("formats", format_id)
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    said = " ".join(done.stdout.split())
    spec = registry()[format_id].spec
    wanted = [spec.id, spec.summary, spec.licence, spec.source, spec.fidelity]
    wanted += [spec.strong, spec.weak, spec.used_by]
    wanted += [spec.threshold.source] if spec.threshold else []
    wanted += [*spec.interchangeable_with, *(encoding.name for encoding in spec.encodings)]
    assert [text for text in wanted if " ".join(text.split()) not in said] == []


def test_a_card_as_json_has_a_key_for_every_field_of_the_specification(run_hashwalk: Run) -> None:
    card = json.loads(run_hashwalk("formats", "pdq", "--json").stdout)
    renamed = {"default": "by_default"}
    fields = {renamed.get(name, name) for name in FormatSpec.__dataclass_fields__}
    assert fields <= card.keys()
    assert (card["bits"], card["threshold"], card["quality_floor"]) == (256, 31, 50)


def test_a_broken_plug_in_is_listed_with_its_reason_and_breaks_nothing_else(
    run_hashwalk: Run, tmp_path: Path
) -> None:
    _install(tmp_path, "broken", "wobble = no_such_module:WOBBLE")
    done = run_hashwalk("formats", env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 0
    assert "\nwobble cannot be used\n" in done.stdout
    assert "no_such_module" in done.stdout
    assert "\npdq " in done.stdout


def test_an_id_that_two_packages_claim_is_listed_with_both(
    run_hashwalk: Run, tmp_path: Path
) -> None:
    _install(tmp_path, "rival", "pdq = rival:PDQ")
    done = run_hashwalk("formats", env={"PYTHONPATH": str(tmp_path)})
    assert "\npdq cannot be used\n" in done.stdout
    assert "hashwalk" in done.stdout
    assert "rival" in done.stdout


def _install(folder: Path, name: str, entry_point: str) -> None:
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[hashwalk.formats]\n{entry_point}\n")
