"""Merges the cross-walks of several members into a new one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from urllib.parse import quote

from hashwalk.crosswalk.hash_stream import stream_hashes
from hashwalk.crosswalk.manifest import Manifest, Member
from hashwalk.crosswalk.merged_views import merged_views
from hashwalk.crosswalk.part_check import part_problems
from hashwalk.crosswalk.parts import Batches
from hashwalk.crosswalk.pieces import PIECE_BYTES
from hashwalk.crosswalk.rows import failure_of, media_of
from hashwalk.crosswalk.session import Session, session
from hashwalk.crosswalk.writer import CrosswalkWriter
from hashwalk.durable import TEMPORARY_SUFFIX, sync_folder
from hashwalk.errors import (
    CrosswalkConflictError,
    CrosswalkError,
    CrosswalkSchemaError,
    UsageError,
)
from hashwalk.results import HashedFile, Media

POLICIES = ("error", "first")

Conflict = tuple[str, str, tuple[str, str]]
"""SHA-256, format, and the names of two members whose hashes differ."""

_ROWS_A_BATCH = 200_000
_MEDIA = "FROM merged.media SELECT * EXCLUDE (batch, member) ORDER BY uri, sha256, member"
_FAILURES = (
    "FROM merged.failures SELECT * EXCLUDE (batch, member, own) "
    "ORDER BY uri, format, own NULLS FIRST, member DESC"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a merge wrote.

    It is counted as coverage counts: `media` are distinct SHA-256, a hash of several parts is one,
    and those of bytes that no file has any more are not counted. `renamed` counts the files whose
    URI got the name of their member.
    """

    files: int
    media: int
    hashes: int
    failures: int
    renamed: int
    conflicts: tuple[Conflict, ...]


def merge_crosswalks(
    out: str | os.PathLike[str],
    members: Sequence[str | os.PathLike[str]],
    *,
    on_conflict: str = "error",
) -> Merged:
    """Write a new cross-walk at `out` with the newest rows of all `members`.

    The same bytes are one media item. A URI that stands for different bytes in two members
    keeps those of the first; the others get ``#`` and their member's name. `out` appears when
    it is complete. Raises UsageError when `out` is there or the policy is unknown,
    CrosswalkSchemaError when a format has two versions or a part is damaged (what a missing one
    held is left out), and CrosswalkConflictError when members have different hashes of the same
    bytes, unless `on_conflict` is ``first``: then the first member's is kept.
    """
    target = Path(out)
    _check_arguments(target, members, on_conflict)
    roots = [Path(member) for member in members]
    manifests = [Manifest.load(root) for root in roots]
    joint = _joint_manifest(roots, manifests)
    names = _member_names(roots)
    batches = [Batches.of(root) for root in roots]
    _refuse_damaged(batches)
    with session(*batches) as opened:
        opened.define(merged_views(names))
        conflicts = tuple(_conflicts(opened, names))
        if conflicts and on_conflict == "error":
            raise CrosswalkConflictError(_conflict_message(conflicts), conflicts)
        noted = tuple(
            Member(name=name, created=made.created, media=_count_media(opened, number))
            for number, (name, made) in enumerate(zip(names, manifests, strict=True))
        )
        return _write(opened, target, replace(joint, members=noted), conflicts)


def _check_arguments(
    out: Path, members: Sequence[str | os.PathLike[str]], on_conflict: str
) -> None:
    if on_conflict not in POLICIES:
        raise UsageError(f"no policy {on_conflict!r} for conflicts: choose error or first")
    if not members:
        raise UsageError("nothing to merge: name cross-walks after the new one")
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise UsageError(f"{out} is there already: merge into a new folder")


def _refuse_damaged(members: Iterable[Batches]) -> None:
    for batches in members:
        for path, problem in part_problems(batches):
            if path.exists():
                raise CrosswalkSchemaError(
                    f"{path} {problem}; nothing was merged, as the checksums of the new parts "
                    "would hide the damage: run `hashwalk crosswalk verify`"
                )


def _joint_manifest(roots: Sequence[Path], manifests: Sequence[Manifest]) -> Manifest:
    joint = Manifest.new()
    for root, manifest in zip(roots, manifests, strict=True):
        joint = joint.with_formats(manifest.formats, str(root))
        joint = joint.with_libraries(manifest.libraries)
    return joint


def _member_names(roots: Sequence[Path]) -> list[str]:
    """Return a different name for each member: its folder's, with its place if that is taken."""
    names: list[str] = []
    for place, root in enumerate(roots, start=1):
        name = quote(root.resolve().name, safe="")
        names.append(f"{name}-{place}" if name in names else name)
    return names


def _conflicts(opened: Session, names: Sequence[str]) -> Iterator[Conflict]:
    query = "FROM merged.conflicts ORDER BY sha256, format"
    for sha256, format_id, *differing in opened.fetch(query):
        one, other = sorted(differing)
        yield sha256, format_id, (names[one], names[other])


def _conflict_message(conflicts: Sequence[Conflict]) -> str:
    formats = ", ".join(sorted({format_id for _, format_id, _ in conflicts}))
    return (
        f"the members have {len(conflicts)} different hashes of the same bytes ({formats}), as "
        "other versions of a library make them: merge with `--on-conflict first` to keep "
        "those of the first member, or re-hash"
    )


def _count_media(opened: Session, number: int) -> int:
    query = f"FROM cw{number}.current SELECT count(DISTINCT sha256)"
    return int(opened.fetch(query)[0][0])


def _write(
    opened: Session, out: Path, manifest: Manifest, conflicts: tuple[Conflict, ...]
) -> Merged:
    """Write the merged cross-walk beside `out`, and rename it when it is complete."""
    building = out.with_name(f".{out.name}{TEMPORARY_SUFFIX}")
    shutil.rmtree(building, ignore_errors=True)
    try:
        with CrosswalkWriter.create(building, manifest) as writer:
            files = _write_rows(opened, writer)
        merged = _counted(opened, building, conflicts)
        _check_distinct(files, merged.files)
        building.replace(out)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    sync_folder(out.parent)
    return merged


def _write_rows(opened: Session, writer: CrosswalkWriter) -> int:
    """Write all rows, failures last so that they stand, and return the number of files."""
    files = 0
    for media in _one_a_file(map(media_of, opened.stream(_MEDIA))):
        files += 1
        _add(writer, HashedFile(media=media))
    for sha256, value in stream_hashes(opened, "merged.hashes"):
        writer.add_hash(sha256, value)
        _flush_if_due(writer)
    for failure in map(failure_of, opened.stream(_FAILURES)):
        _add(writer, HashedFile(media=None, failures=(failure,)))
    return files


def _one_a_file(rows: Iterable[Media]) -> Iterator[Media]:
    """Unite the rows that several members have of one file: the first one's, and all labels."""
    for _, group in groupby(rows, key=attrgetter("uri", "sha256")):
        same = list(group)
        labels = dict.fromkeys(label for media in same for label in media.labels)
        yield replace(same[0], labels=tuple(labels))


def _check_distinct(given: int, written: int) -> None:
    if written != given:
        raise CrosswalkError(
            "a file name that got the name of its member is in use already: "
            "rename the folder of that member and merge again"
        )


def _add(writer: CrosswalkWriter, result: HashedFile) -> None:
    writer.add(result)
    _flush_if_due(writer)


def _flush_if_due(writer: CrosswalkWriter) -> None:
    if writer.pending_rows >= _ROWS_A_BATCH or writer.pending_bytes >= PIECE_BYTES:
        writer.flush()


def _counted(opened: Session, built: Path, conflicts: tuple[Conflict, ...]) -> Merged:
    with session(Batches.of(built)) as written:
        ((files, media),) = written.fetch(
            "FROM cw0.current SELECT count(*), count(DISTINCT sha256)"
        )
        ((hashes,),) = written.fetch(
            "FROM cw0.hashes_rows SEMI JOIN cw0.current USING (sha256) "
            "SELECT count(*) WHERE part = 0"
        )
        ((failures,),) = written.fetch("FROM cw0.standing_failures SELECT count(*)")
    ((renamed,),) = opened.fetch("FROM merged.placed SELECT count(*) WHERE uri <> placed_uri")
    return Merged(
        files=files,
        media=media,
        hashes=hashes,
        failures=failures,
        renamed=renamed,
        conflicts=conflicts,
    )
