"""Verifies a cross-walk: every part, every key, and if wanted a sample against the media."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from hashwalk.crosswalk.lock import is_locked
from hashwalk.crosswalk.manifest import Manifest
from hashwalk.crosswalk.part_check import part_problems
from hashwalk.crosswalk.parts import Batches, part_path
from hashwalk.crosswalk.sample import Rehash, check_sample
from hashwalk.crosswalk.schema import KEYS, Table
from hashwalk.crosswalk.session import Session, session
from hashwalk.errors import CrosswalkSchemaError, FailureCode
from hashwalk.format import Shape

_NOT_SHA256 = "NOT regexp_full_match(sha256, '[0-9a-f]{64}')"
_NULL_LABEL = (
    "len(list_filter(labels, lambda x: x IS NULL OR x.scheme IS NULL OR x.version IS NULL "
    "OR x.region IS NULL OR x.code IS NULL)) > 0"
)
_CODES = ", ".join(f"'{code.value}'" for code in FailureCode)

_ROW_RULES: tuple[tuple[Table, str, str], ...] = (
    (Table.MEDIA, _NOT_SHA256, "a sha256 that is not 64 hexadecimal digits"),
    (Table.MEDIA, "NOT regexp_full_match(md5, '[0-9a-f]{32}')", "a malformed md5"),
    (Table.MEDIA, "type NOT IN ('picture', 'video', 'other')", "an unknown type"),
    (Table.MEDIA, "size < 0", "a negative size"),
    (Table.MEDIA, _NULL_LABEL, "a label that is null, or has a field that is"),
    (Table.HASHES, _NOT_SHA256, "a sha256 that is not 64 hexadecimal digits"),
    (Table.FAILURES, _NOT_SHA256, "a sha256 that is not 64 hexadecimal digits"),
    (Table.FAILURES, f"code NOT IN ({_CODES})", "an unknown failure code"),
)
"""Conditions that no row of a table fulfils, and what a row that does has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What verifying a cross-walk found: one line a problem, none if it is sound.

    `compared` counts the media files of the sample that were re-hashed, `unavailable` those
    that are gone or have changed since.
    """

    problems: tuple[str, ...]
    parts: int
    rows: dict[str, int]
    compared: int = 0
    unavailable: int = 0


def verify_crosswalk(
    root: Path, manifest: Manifest, sample: int, seed: int, rehash: Rehash
) -> Verification:
    """Re-read every committed part, check the rows, and re-hash a sample of the media."""
    batches = Batches.of(root)
    damaged = list(part_problems(batches))
    sound = replace(batches, damaged=frozenset(path for path, _ in damaged))
    try:
        found = _check_rows(sound, manifest, sample, seed, rehash)
    except CrosswalkSchemaError:
        strange = [(path, _STRANGE) for path in _unreadable(sound)]
        if not strange:
            raise
        damaged += strange
        sound = replace(sound, damaged=frozenset(path for path, _ in damaged))
        found = _check_rows(sound, manifest, sample, seed, rehash)
    problems = [*_no_folders(root), *_leftovers(batches)]
    problems += [f"{path.relative_to(root)}: {problem}" for path, problem in damaged]
    return replace(
        found,
        problems=tuple(map(_line, (*problems, *found.problems))),
        parts=sum(len(batches.paths(table)) for table in Table),
    )


_STRANGE = "cannot be read by SQL: restore it from a copy"


def _check_rows(
    sound: Batches, manifest: Manifest, sample: int, seed: int, rehash: Rehash
) -> Verification:
    root = sound.root
    with session(sound) as opened:
        problems = [*_rule_problems(opened, root), *_key_problems(opened, root)]
        problems += _format_problems(opened, root, manifest)
        problems += _padding_problems(opened, root, manifest)
        checked = check_sample(opened, manifest, sample, seed, rehash)
        rows = {t.value: opened.fetch(f"FROM cw0.{t}_rows SELECT count(*)")[0][0] for t in Table}
    return Verification(
        problems=(*problems, *checked.problems),
        parts=0,
        rows=rows,
        compared=checked.compared,
        unavailable=checked.unavailable,
    )


def _unreadable(batches: Batches) -> Iterator[Path]:
    """Find the parts that Arrow reads, but SQL does not, by reading each alone."""
    paths = {path: table for table in Table for path in batches.paths(table)}
    for path, table in paths.items():
        alone = replace(batches, damaged=batches.damaged | paths.keys() - {path})
        try:
            with session(alone) as opened:
                opened.fetch(f"FROM cw0.{table}_rows SELECT count(COLUMNS(*))")
        except CrosswalkSchemaError:
            yield path


def _line(problem: str) -> str:
    """Escape what would break a line: names of columns and formats are those of the damage."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in problem)


def _no_folders(root: Path) -> Iterator[str]:
    for table in Table:
        if (root / table).exists() and not (root / table).is_dir():
            yield f"{table}: is a file where a folder of parts should be"


def _leftovers(batches: Batches) -> Iterator[str]:
    """Name what killed writers left; while a job is writing, that may be what it is writing."""
    if not is_locked(batches.root):
        for path in batches.orphans:
            name = path.relative_to(batches.root)
            yield f"{name}: belongs to no committed batch; the next job that writes removes it"


def _rule_problems(opened: Session, root: Path) -> Iterator[str]:
    for table, condition, what in _ROW_RULES:
        query = f"FROM cw0.{table}_rows SELECT batch, count(*) WHERE {condition} GROUP BY batch"
        for number, count in opened.fetch(query + " ORDER BY batch"):
            yield f"{_part(root, table, number)}: {count} rows with {what}"


def _key_problems(opened: Session, root: Path) -> Iterator[str]:
    for table, columns in KEYS.items():
        key = ", ".join(columns)
        query = f"""
            FROM (FROM cw0.{table}_rows SELECT batch GROUP BY batch, {key} HAVING count(*) > 1)
            SELECT batch, count(*) GROUP BY batch ORDER BY batch
        """
        for number, count in opened.fetch(query):
            yield f"{_part(root, table, number)}: {count} keys ({key}) more than once"
    for number, count in opened.fetch(_GAPS_IN_PARTS):
        part = _part(root, Table.HASHES, number)
        yield f"{part}: {count} hashes whose parts are not numbered 0, 1, 2…"
    for number, count in opened.fetch(_STRAYS):
        yield f"{_part(root, Table.HASHES, number)}: {count} rows whose sha256 has no media row"


_GAPS_IN_PARTS = """
    FROM (
        FROM cw0.hashes_rows SELECT batch GROUP BY batch, sha256, format
        HAVING min(part) <> 0 OR max(part) <> count(*) - 1
    ) SELECT batch, count(*) GROUP BY batch ORDER BY batch
"""
_STRAYS = """
    FROM cw0.hashes_rows ANTI JOIN cw0.media_rows USING (sha256)
    SELECT batch, count(*) GROUP BY batch ORDER BY batch
"""
_BY_FORMAT = """
    FROM cw0.hashes_rows
    SELECT batch, format, octet_length(value) AS length, count(*), max(part)
    GROUP BY batch, format, length ORDER BY batch, format, length
"""
_PADDED = """
    FROM cw0.hashes_rows SELECT batch, count(*)
    WHERE format = $1 AND octet_length(value) = $2
        AND ('0x' || right(hex(value), 2))::INTEGER & $3 <> 0
    GROUP BY batch ORDER BY batch
"""


def _format_problems(opened: Session, root: Path, manifest: Manifest) -> Iterator[str]:
    """Compare the formats and lengths that are there with what the manifest says of them."""
    for number, format_id, length, count, last in opened.fetch(_BY_FORMAT):
        part = _part(root, Table.HASHES, number)
        entry = manifest.formats.get(format_id)
        if entry is None:
            yield f"{part}: {count} rows of {format_id}, which is not in the manifest"
            continue
        if length != (entry.value_bytes or length) or not length:
            wanted = entry.value_bytes or "any"
            yield f"{part}: {count} {format_id} values of {length} bytes instead of {wanted}"
        if last > 0 and entry.shape == Shape.WHOLE:
            yield f"{part}: {format_id} hashes of several parts, the format has one"


def _padding_problems(opened: Session, root: Path, manifest: Manifest) -> Iterator[str]:
    """Find values whose last byte has bits that the format does not."""
    for format_id, entry in sorted(manifest.formats.items()):
        filled = -(entry.bits or 0) % 8
        if filled:
            found = opened.fetch(_PADDED, [format_id, entry.value_bytes, (1 << filled) - 1])
            for number, count in found:
                part = _part(root, Table.HASHES, number)
                yield f"{part}: {count} {format_id} values of more than {entry.bits} bits"


def _part(root: Path, table: Table, number: int) -> Path:
    return part_path(root, table, number).relative_to(root)
