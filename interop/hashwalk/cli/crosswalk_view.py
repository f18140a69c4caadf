"""How a cross-walk is shown on a terminal: tables that fit its width, values abbreviated."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from urllib.parse import unquote_to_bytes, urlsplit

from hashwalk.cli.console import print_fields, print_table
from hashwalk.crosswalk import Coverage, Crosswalk
from hashwalk.format import Hash
from hashwalk.results import Media

_GAP = 2
_SHORT = 9


@dataclass(frozen=True, slots=True)
class Shown:
    """A media file that is shown, with its abbreviated hashes by format."""

    media: Media
    values: Mapping[str, str]


def first_media(crosswalk: Crosswalk, limit: int, formats: Sequence[str]) -> list[Shown]:
    """Return the first files, by URI, with their hashes in `formats`."""
    media = list(islice(crosswalk.media(), limit))
    values: dict[str, dict[str, str]] = {item.sha256: {} for item in media}
    for sha256, value in crosswalk.lookup_many(list(values), formats):
        values[sha256][value.format] = abbreviated(value)
    return [Shown(item, values[item.sha256]) for item in media]


def abbreviated(value: Hash) -> str:
    """Return a few digits of the first value, and how many values there are if several."""
    first = value.parts[0].value
    ends = f"{first[:2].hex()}…{first[-2:].hex()}" if len(first) >= 8 else f"{first[:1].hex()}…"
    return ends if len(value.parts) == 1 else f"{first[:1].hex()}… x{len(value.parts)}"


def print_manifest(crosswalk: Crosswalk, files: int) -> None:
    """Print what the manifest says, and how many files there are."""
    manifest = crosswalk.manifest
    libraries = (f"{name} {', '.join(v)}" for name, v in sorted(manifest.libraries.items()))
    fields = [
        ("cross-walk", str(crosswalk.path)),
        ("made", f"{manifest.created}, hashwalk {manifest.hashwalk}, schema {manifest.schema}"),
        ("with", ", ".join(libraries) or "-"),
        ("files", f"{files:,}"),
        ("formats", f"{len(manifest.formats)}"),
    ]
    fields += [
        ("member", f"{member.name}, {member.media:,} media, made {member.created}")
        for member in manifest.members
    ]
    print_fields(fields)


def print_media(shown: Sequence[Shown], formats: Sequence[str], *, keep_empty: bool) -> None:
    """Print numbered files, then formats x files in as many bands as the width asks for.

    A band leaves out the formats that none of its files has, unless `keep_empty` says not to.
    """
    print()
    facts = [(str(n), item.media.type, _size(item.media)) for n, item in enumerate(shown, 1)]
    taken = sum(max((len(fact[i]) for fact in facts), default=0) + _GAP for i in range(3))
    names = [shortened(name_of(item.media.uri), max(_width() - taken - 4, 20)) for item in shown]
    print_table(
        ("", "file", "type", "size"),
        [(fact[0], name, *fact[1:]) for fact, name in zip(facts, names, strict=True)],
    )
    for start, stop in _bands(len(shown), _SHORT, max(map(len, formats), default=0)):
        band = shown[start:stop]
        rows = [
            (format_id, *(item.values.get(format_id, "-") for item in band))
            for format_id in formats
            if keep_empty or any(format_id in item.values for item in band)
        ]
        if rows:
            print()
            print_table(("format", *(str(n + 1) for n in range(start, stop))), rows)


def print_coverage(coverage: Coverage) -> None:
    """Print what a cross-walk covers."""
    types = ", ".join(f"{count:,} {kind}" for kind, count in coverage.media.items())
    media = sum(coverage.media.values())
    print_fields([("files", f"{coverage.files:,}"), ("media", f"{media:,} ({types or 'none'})")])
    print()
    print_table(
        ("", "format", "media", "of", "values", "shared", "by media"),
        [
            (str(n), f.format, *(f"{count:,}" for count in _counts(f)))
            for n, f in enumerate(coverage.formats, 1)
        ],
    )
    if media:
        print("\nMedia that have both formats, by the numbers above:")
        _print_both(coverage)
    if coverage.failures:
        print()
        rows = [(f.format, f.code, f"{f.files:,}") for f in coverage.failures]
        print_table(("failed", "why", "files"), rows)


_counts = attrgetter("media", "applicable", "distinct_values", "shared_values", "sharing_media")


def _print_both(coverage: Coverage) -> None:
    """Print the lower half of the table, which is symmetric, in bands of columns.

    Formats that no media has are left out: each of their counts would be 0.
    """
    there = [n for n, row in enumerate(coverage.both) if row[n]]
    digits = max((len(f"{count:,}") for row in coverage.both for count in row), default=1)
    widest = len(str(len(coverage.both)))
    for start, stop in _bands(len(there), max(digits, widest), widest):
        band = there[start:stop]
        print()
        print_table(
            ("", *(str(n + 1) for n in band)),
            [
                (str(n + 1), *(f"{coverage.both[n][m]:,}" if m <= n else "" for m in band))
                for n in there[start:]
            ],
        )


def name_of(uri: str) -> str:
    """Return the path of a ``file:`` URI for people, below the current folder if it is there."""
    split = urlsplit(uri)
    if split.scheme != "file":
        return uri
    path = os.fsdecode(unquote_to_bytes(split.path))
    below = os.path.relpath(path)
    shown = path if below.startswith("..") else below
    return f"{shown}#{split.fragment}" if split.fragment else shown


def shortened(text: str, width: int) -> str:
    """Return `text` with its middle left out where it is longer than `width`."""
    if len(text) <= width:
        return text
    kept = width - 1
    return f"{text[: kept // 2]}…{text[len(text) - (kept - kept // 2) :]}"


def _bands(count: int, cell: int, head: int) -> Iterator[tuple[int, int]]:
    """Divide columns of `cell` characters into bands that fit beside a head of `head`."""
    each = max((_width() - head) // (cell + _GAP), 1)
    for start in range(0, count, each):
        yield start, min(start + each, count)


def _size(media: Media) -> str:
    if media.width is None or media.height is None:
        return "-"
    length = "" if media.duration_s is None else f" {media.duration_s:.1f}s"
    return f"{media.width}x{media.height}{length}"


def _width() -> int:
    return shutil.get_terminal_size().columns
