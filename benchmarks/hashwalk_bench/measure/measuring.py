"""A whole run, measured: every format alone, formats against each other, lists moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from hashwalk.durable import written_whole
from hashwalk.format import Kind
from hashwalk.registry import get_format
from hashwalk_bench.between.best import best_sets
from hashwalk_bench.between.equivalents import equivalents
from hashwalk_bench.between.ground import Ground
from hashwalk_bench.between.lookups import lookups
from hashwalk_bench.between.two import between
from hashwalk_bench.errors import RunError
from hashwalk_bench.measure.corpus import corpus_of
from hashwalk_bench.measure.cost import Costs
from hashwalk_bench.measure.facts import Facts, read_facts
from hashwalk_bench.measure.format import Found, measure_format
from hashwalk_bench.measure.model import (
    BestSet,
    Between,
    Coverage,
    Equivalent,
    Measured,
    Measures,
    Moved,
    MovedRecall,
)
from hashwalk_bench.measure.targets import TARGETS
from hashwalk_bench.measure.words import made, transform_words
from hashwalk_bench.moving.lists import moved, moved_recall
from hashwalk_bench.run.manifest import Manifest, read_manifest
from hashwalk_bench.run.storage import absence, read_table
from hashwalk_bench.run.tables import MEASURES_FILE, Table

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class _Medium:
    """What was measured of one medium."""

    measured: tuple[Measured, ...]
    between: tuple[Between, ...]
    equivalents: tuple[Equivalent, ...]
    best_sets: tuple[BestSet, ...]
    moved: tuple[Moved, ...]
    moved_recall: tuple[MovedRecall, ...]


def measure_run(folder: Path) -> Measures:
    """Return everything that the run in `folder` says, and write it there as ``measures.json``.

    Nothing in it is a path or a hash. Equal runs give equal measures, but for cost. Raises
    RunError for what is no finished run, and UnknownFormatError for a format not installed.
    """
    manifest = read_manifest(folder)
    if not manifest.is_finished:
        raise RunError(
            f"the run in {folder} is not finished: the same `hashwalk bench run` goes on"
        )
    costs = Costs(folder)
    media = [
        _measure_medium(folder, manifest, read_facts(folder, medium, costs, manifest.seed))
        for medium in _media(folder)
    ]
    measured = [each for medium in media for each in medium.measured]
    measures = Measures(
        schema=SCHEMA,
        made=made(manifest),
        corpus=corpus_of(folder, manifest),
        transforms=transform_words(manifest),
        formats=tuple(measured),
        between=tuple(row for medium in media for row in medium.between),
        equivalents=tuple(row for medium in media for row in medium.equivalents),
        best_sets=tuple(row for medium in media for row in medium.best_sets),
        lookups=tuple(lookups(measured)),
        coverage=tuple(map(_coverage, measured)),
        moved=tuple(row for medium in media for row in medium.moved),
        moved_recall=tuple(row for medium in media for row in medium.moved_recall),
    )
    write_measures(folder, measures)
    return measures


def write_measures(folder: Path, measures: Measures) -> None:
    """Write ``measures.json`` into a folder, with mode 0600, whole or not at all."""
    with written_whole(folder / MEASURES_FILE) as file:
        file.write(msgspec.json.encode(measures))


def read_measures(folder: Path) -> Measures:
    """Return the measures in a run's folder; raises RunError where there are none that fit."""
    path = folder / MEASURES_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Measures)
    except (FileNotFoundError, NotADirectoryError):
        raise RunError(_why_unmeasured(folder)) from None
    except (OSError, msgspec.MsgspecError) as error:
        raise RunError(
            f"{path} cannot be read as measures of a run ({error}): "
            f"`hashwalk bench measure {folder}` makes them anew"
        ) from error


def _why_unmeasured(folder: Path) -> str:
    """Return why there are no measures in `folder`; raises RunError for what is no run."""
    if read_manifest(folder).is_finished:
        return (
            f"the run in {folder} was not measured yet: `hashwalk bench measure {folder}` does it"
        )
    return absence(folder, MEASURES_FILE)


def _measure_medium(folder: Path, manifest: Manifest, facts: Facts) -> _Medium:
    wanted = [name for name in manifest.formats if _applies(name, facts.units.medium)]
    found = [measure_format(folder, name, facts) for name in wanted]
    seen = [each.seen for each in found if each.seen is not None]
    searched = [each.searched for each in found if each.searched is not None]
    ground = Ground.of(facts.units, seen)
    levels = [ground.levels(each) for each in seen]
    return _Medium(
        measured=tuple(each.measured for each in found),
        between=tuple(between(levels, ground, TARGETS, facts.seed)),
        equivalents=_equivalents(found),
        best_sets=tuple(best_sets(facts.units.medium, levels, ground, TARGETS)),
        moved=tuple(moved(facts.copies, searched)),
        moved_recall=tuple(moved_recall(facts.copies, searched, facts.seed)),
    )


def _media(folder: Path) -> list[str]:
    """Return what there are sources of, pictures first."""
    held = read_table(folder, Table.SOURCES, columns=["medium"]).column("medium").to_pylist()
    return sorted(set(held))


def _applies(format_id: str, medium: str) -> bool:
    return get_format(format_id).spec.kind in {Kind.FILE, medium}


def _equivalents(found: Sequence[Found]) -> tuple[Equivalent, ...]:
    return tuple(equivalents([each.curve for each in found if each.curve is not None]))


def _coverage(measured: Measured) -> Coverage:
    return Coverage(
        format=measured.format,
        medium=measured.medium,
        references=measured.references,
        usable=measured.references - measured.unusable_references,
        reasons=measured.unusable_reasons,
    )
