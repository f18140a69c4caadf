"""What is not a rate: cost, places in a clip, the corpus, the versions and the seed of a run."""

from __future__ import annotations

from hashwalk.cli.console import counted
from hashwalk_bench.measure.model import Corpus, Cost, Measures
from hashwalk_bench.report.scope import MEDIA, Scope
from hashwalk_bench.report.table import Cell, Column, Table, cell, columns, share

_SECRET = ("path", "folder", "media", "host", "node", "user", "output", "argv", "command", "file")
"""Words in the name of a fact that a report does not repeat: it might be a path."""
_SAID = {
    "pooled_members": "Members pooled",
    "seed": "Seed",
    "suite": "Suite",
    "suite.name": "Suite",
    "suite.sha256": "SHA-256 of the suite",
    "parameters.max_pixels": "Pixels of a picture, at most",
    "machine.processor": "Processor",
    "machine.cpus": "Processor cores",
    "machine.system": "System",
    "machine.python": "Python",
    "machine.workers": "Worker processes",
    "date": "Date",
}
_TOGETHER = {"versions": "Libraries", "formats": "Formats, with the version of each"}
"""Parts of a manifest whose facts are one line."""


def cost(scope: Scope) -> Table:
    """Return what each format costs."""
    video = scope.medium == "video"
    heads = columns(
        "Format",
        "ms an item, beyond decoding",
        "Decoding, ms, once for all formats",
        *(["Times real time, with decoding"] if video else []),
        "Bytes",
        "Items",
    )
    rows = tuple(
        (
            Cell(m.format),
            milliseconds(m.cost),
            cell(m.cost.decode_milliseconds),
            *([cell(m.cost.times_real_time)] if video else []),
            cell(m.cost.bytes),
            cell(m.cost.items, f"{m.cost.items:,}"),
        )
        for m in scope.formats
    )
    return Table(f"cost-{scope.medium}", f"Cost of hashing {scope.things}", heads, rows)


def milliseconds(cost: Cost) -> Cell:
    """Return the cell of what a format costs; one that needs less than decoding is never free."""
    return cell(cost.milliseconds, "not more than decoding" if cost.milliseconds == 0 else "")


def localisation(scope: Scope, said: dict[str, str]) -> Table | None:
    """Return how well formats say which seconds of a clip match; None where none does."""
    rows = tuple(
        (
            Cell(m.format),
            Cell(said.get(each.transform) or each.transform),
            share(each.found),
            cell(each.median_error_s),
            cell(each.p90_error_s),
        )
        for m in scope.formats
        for each in m.localised
    )
    heads = columns("Format", "Edit", "Range told", "Median error, s", "90 % within, s")
    heads = (heads[0], Column("Edit", numeric=False), *heads[2:])
    caption = "Localisation: the seconds that match, against those that were cut"
    return Table(f"localised-{scope.medium}", caption, heads, rows) if rows else None


def corpus_lines(corpus: Corpus) -> list[tuple[str, str]]:
    """Return the corpus in words and numbers."""
    duplicates = sum(corpus.near_duplicates) - len(corpus.near_duplicates)
    said = [
        (
            "Kind",
            "synthetic: drawn by a program" if corpus.synthetic else "media of whoever ran it",
        ),
        ("Pictures", f"{corpus.pictures:,}, {corpus.picture_megapixels:,.1f} megapixels in all"),
        ("Videos", f"{corpus.videos:,}, {corpus.video_seconds:,.0f} seconds in all"),
        ("Independent sources", f"{corpus.clusters:,}"),
        (
            "Near-duplicates",
            f"{counted(len(corpus.near_duplicates), 'group')}, each counted as one source, which "
            f"takes {duplicates:,} away"
            if corpus.near_duplicates
            else "none found",
        ),
        ("Source groups", f"{corpus.groups:,}"),
    ]
    if corpus.left_out:
        files = counted(corpus.left_out, "file")
        said.append(("Left out", f"{files}: no media, damaged, or the same bytes as another"))
    licences = ", ".join(f"{name} ({count:,})" for name, count in corpus.licences.items())
    return [*said, ("Licences", licences or "not stated")]


def made_lines(made: dict[str, object]) -> list[tuple[str, str]]:
    """Return the versions, the seed and the machine, without anything that may be a path."""
    lines: dict[str, list[str]] = {}
    for names, text in _flat(made, ()):
        if any(s in name.lower() for name in names for s in _SECRET) or _may_be_path(text):
            continue
        name, said = _in_words(names, text)
        if names != ("versions", "hashwalk") or "hashwalk" not in made:
            lines.setdefault(name, []).append(said)
    return [(name, ", ".join(several)) for name, several in lines.items()]


def _in_words(names: tuple[str, ...], text: str) -> tuple[str, str]:
    """Return the name of a line and what is in it, of a fact of a manifest."""
    key = ".".join(names)
    if names[-1] == "hashwalk":
        return "hashwalk", text
    if len(names) > 1 and names[0] in _TOGETHER:
        return _TOGETHER[names[0]], f"{'.'.join(names[1:])} {text}"
    return _SAID.get(key, key.replace(".", ", ").replace("_", " ")), text


def origin(measures: Measures) -> str:
    """Return what the run was made of, in one line."""
    corpus = measures.corpus
    counts = {"picture": corpus.pictures, "video": corpus.videos}
    parts = [
        counted(counts[medium], MEDIA[medium][0])
        for medium in counts
        if any(m.medium == medium for m in measures.formats)
    ]
    edits = len({e.transform for m in measures.formats for e in m.edited})
    parts = [" and ".join(parts) or "no media", *([counted(edits, "edit")] * bool(edits))]
    formats = len({m.format for m in measures.formats})
    return ", ".join([*parts, *([counted(formats, "format")] * bool(formats))])


def _flat(value: object, names: tuple[str, ...]) -> list[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict):
        return [line for name, inner in value.items() for line in _flat(inner, (*names, str(name)))]
    if isinstance(value, list | tuple):
        return [(names, ", ".join(map(str, value)))] if value else []
    return [] if value is None else [(names, str(value))]


def _may_be_path(text: str) -> bool:
    return text.startswith(("/", "~", "\\", ".")) or ("/" in text and " " not in text)
