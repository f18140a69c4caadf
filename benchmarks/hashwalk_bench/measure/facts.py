"""What is known of the sources and items of one medium of a run, whatever the format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hashwalk.format import Hash
from hashwalk_bench.measure.cost import Costs
from hashwalk_bench.measure.edits import Step
from hashwalk_bench.moving.copies import Copies
from hashwalk_bench.pairs.units import Units, read_units
from hashwalk_bench.run.storage import read_table
from hashwalk_bench.run.tables import ORIGINAL, Table
from hashwalk_bench.statistics.node_draws import Draws
from hashwalk_bench.transforms.contract import Span

_SPAN = ("source_start_s", "source_end_s", "variant_start_s", "variant_end_s")


@dataclass(frozen=True, slots=True)
class Facts:
    """The units of a medium, what its transforms are, and what is drawn for all formats."""

    units: Units
    steps: Mapping[str, Step]
    spans: Mapping[int, Span]
    costs: Costs
    copies: Copies
    draws: Draws
    seed: int

    def hashes_of_copies(self, hashes: Mapping[int, Hash]) -> list[Hash | None]:
        """Return the hash of each copy, None if it has none."""
        return [hashes.get(item) for item in self.units.items[self.units.is_variant()].tolist()]

    def hashes_of_references(self, hashes: Mapping[int, Hash]) -> dict[int, Hash]:
        """Return the hashes of the originals that have one, by the index of the source."""
        items, originals = self.units.items.tolist(), self.units.originals.tolist()
        held = {source: items[at] for source, at in enumerate(originals) if at >= 0}
        return {source: hashes[item] for source, item in held.items() if item in hashes}


def read_facts(folder: Path, medium: str, costs: Costs, seed: int) -> Facts:
    """Return the facts of ``picture`` or ``video`` of a run; raises RunError."""
    units = read_units(folder, medium)
    wanted = ["item", "transform", "family", "strength", *_SPAN]
    rows = read_table(folder, Table.ITEMS, columns=wanted).to_pylist()
    own = set(units.items.tolist())
    rows = [row for row in rows if row["item"] in own]
    steps = {row["transform"]: Step(row["family"], row["strength"]) for row in rows}
    steps.pop(ORIGINAL, None)
    spans = {
        row["item"]: Span(*(row[name] for name in _SPAN))
        for row in rows
        if row[_SPAN[0]] is not None
    }
    copies = _copies(folder, units, steps)
    return Facts(units, steps, spans, costs, copies, Draws.of(len(units.halves), seed), seed)


def _copies(folder: Path, units: Units, steps: Mapping[str, Step]) -> Copies:
    sources = read_table(folder, Table.SOURCES, columns=["source", "sha256"]).to_pydict()
    keys = dict(zip(sources["source"], sources["sha256"], strict=True))
    numbers = {name: number for number, name in enumerate(steps)}
    variants = units.is_variant()
    return Copies(
        node=units.clusters.astype(np.int64),
        keys=[keys[source] for source in units.sources.tolist()],
        own=units.source_of[variants].astype(np.int64),
        transform=np.array([numbers[name] for name in units.transforms[variants]], np.int64),
        transforms=[(name, step.family) for name, step in steps.items()],
    )
