"""What a cross-walk covers: media by format, distinct and shared values, failures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

from hashwalk.crosswalk.manifest import Manifest
from hashwalk.crosswalk.session import Session
from hashwalk.format import Kind

_MASK_BITS = 62
_APPLICABLE_TYPE = {Kind.PICTURE: "picture", Kind.VIDEO: "video"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatCoverage:
    """What a cross-walk has of one format.

    `media` counts the media items with a hash, `applicable` those of the type the format
    hashes. `distinct_values` counts different hashes, a hash of several parts being one value;
    `shared_values` those that two or more media items share (exact collisions), and
    `sharing_media` the media items that do.
    """

    format: str
    media: int
    applicable: int
    distinct_values: int
    shared_values: int
    sharing_media: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureCount:
    """How many files have a standing failure of this format and code."""

    format: str
    code: str
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a cross-walk covers.

    Everything but `files` and `failures` counts media items, that is distinct SHA-256: the
    same bytes under two names are one media item and two files. Media items whose files have
    changed since are not counted. ``both[i][j]`` is the number of media items that have a hash
    in ``formats[i]`` and in ``formats[j]``.
    """

    files: int
    media: dict[str, int]
    formats: tuple[FormatCoverage, ...]
    both: tuple[tuple[int, ...], ...]
    failures: tuple[FailureCount, ...]


_ITEMS = """
SELECT type, count(*) FROM (
    SELECT sha256, arg_max(type, batch) AS type FROM cw0.current GROUP BY sha256
) GROUP BY type ORDER BY type
"""

_VALUES = """
WITH valued AS (
    SELECT format, folded, count(*) AS media
    FROM cw0.folded_hashes SEMI JOIN cw0.current USING (sha256) GROUP BY format, folded
)
SELECT format, sum(media)::BIGINT, count(*), count(*) FILTER (media > 1),
       coalesce(sum(media) FILTER (media > 1), 0)::BIGINT
FROM valued GROUP BY format
"""

_FAILURES = """
SELECT format, code, count(*) FROM cw0.standing_failures GROUP BY format, code ORDER BY format, code
"""


def measure_coverage(session: Session, manifest: Manifest) -> Coverage:
    """Count what the first cross-walk of a session covers."""
    media: dict[str, int] = dict(session.fetch(_ITEMS))
    values = {format_id: counts for format_id, *counts in session.fetch(_VALUES)}
    ids = sorted(manifest.formats)
    failures = session.fetch(_FAILURES)
    return Coverage(
        files=session.fetch("SELECT count(*) FROM cw0.current")[0][0],
        media=media,
        formats=tuple(
            _format_coverage(
                i, values.get(i, [0] * 4), _applicable(manifest.formats[i].kind, media)
            )
            for i in ids
        ),
        both=_both(session, ids),
        failures=tuple(FailureCount(format=f, code=c, files=n) for f, c, n in failures),
    )


def _format_coverage(format_id: str, counts: Sequence[int], applicable: int) -> FormatCoverage:
    media, distinct, shared, sharing = counts
    return FormatCoverage(
        format=format_id,
        media=media,
        applicable=applicable,
        distinct_values=distinct,
        shared_values=shared,
        sharing_media=sharing,
    )


def _applicable(kind: str, media: dict[str, int]) -> int:
    if kind == Kind.FILE:
        return sum(media.values())
    return media.get(_APPLICABLE_TYPE[Kind(kind)], 0)


def _both(session: Session, ids: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """Count pairs through the sets of formats that media items have, which are few."""
    matrix = [[0] * len(ids) for _ in ids]
    for present, media in _format_sets(session, ids):
        for i, j in combinations_with_replacement(present, 2):
            matrix[i][j] += media
            if i != j:
                matrix[j][i] += media
    return tuple(map(tuple, matrix))


def _format_sets(session: Session, ids: Sequence[str]) -> Iterator[tuple[list[int], int]]:
    """Yield each set of formats, as positions in `ids`, and how many media items have it."""
    masks = ", ".join(
        f"bit_or(CASE WHEN place // {_MASK_BITS} = {k} THEN 1::BIGINT << (place % {_MASK_BITS}) "
        f"ELSE 0 END) AS mask{k}"
        for k in range(len(ids) // _MASK_BITS + 1)
    )
    query = f"""
        FROM (
            FROM cw0.hashes_rows
            SEMI JOIN cw0.current USING (sha256)
            JOIN (SELECT unnest($1) AS format, unnest(range(len($1))) AS place) USING (format)
            SELECT sha256, {masks} GROUP BY sha256
        ) SELECT count(*), COLUMNS('mask.*') GROUP BY ALL
    """
    for media, *words in session.fetch(query, [list(ids)]):
        yield [p for p in range(len(ids)) if words[p // _MASK_BITS] >> p % _MASK_BITS & 1], media
