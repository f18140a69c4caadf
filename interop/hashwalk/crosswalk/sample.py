"""Re-hashes a sample of the media and compares with what a cross-walk holds."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from hashwalk.crosswalk.hash_stream import stream_hashes
from hashwalk.crosswalk.manifest import Manifest
from hashwalk.crosswalk.session import Session
from hashwalk.errors import FormatError
from hashwalk.format import Hash
from hashwalk.registry import can_compute, get_format
from hashwalk.results import HashedFile

Rehash = Callable[[Path, list[str]], HashedFile]
"""Hashes the file at a path in the formats with these ids."""

_PICKED = "FROM cw0.current SELECT uri, sha256 ORDER BY md5(uri || $1), uri LIMIT $2"


@dataclass(slots=True)
class Sampled:
    """What re-hashing a sample found."""

    problems: list[str] = field(default_factory=list)
    compared: int = 0
    unavailable: int = 0


def check_sample(
    session: Session, manifest: Manifest, size: int, seed: int, rehash: Rehash
) -> Sampled:
    """Re-hash `size` files picked by `seed` and compare with the first cross-walk of a session.

    Files that are gone, or whose bytes have changed since, are counted and passed over.
    """
    sampled = Sampled()
    wanted = {format_id for format_id in manifest.formats if _comparable(format_id, manifest)}
    for uri, sha256 in session.fetch(_PICKED, [str(seed), size]) if size else ():
        found = stream_hashes(session, where="sha256 = $1", parameters=[sha256])
        recorded = {value.format: value for _, value in found if value.format in wanted}
        path = local_path(uri)
        now = rehash(path, sorted(recorded)) if path and path.is_file() else None
        if now is None or now.media is None or now.media.sha256 != sha256:
            sampled.unavailable += 1
        else:
            sampled.compared += 1
            sampled.problems += _differences(uri, recorded, now)
    return sampled


def local_path(uri: str) -> Path | None:
    """Return the path of a ``file:`` URI; None for other URIs and those with a fragment."""
    split = urlsplit(uri)
    if split.scheme != "file" or split.netloc not in {"", "localhost"} or split.fragment:
        return None
    return Path(os.fsdecode(unquote_to_bytes(split.path)))


def _comparable(format_id: str, manifest: Manifest) -> bool:
    """Tell whether the installed format, if there is one, makes the hashes that are recorded."""
    try:
        made = get_format(format_id)
    except FormatError:
        return False
    return can_compute(made) and made.spec.version == manifest.formats[format_id].version


def _differences(uri: str, recorded: Mapping[str, Hash], found: HashedFile) -> Iterator[str]:
    now = {value.format: value for value in found.hashes}
    for format_id, value in sorted(recorded.items()):
        if format_id not in now:
            yield f"{uri}: {format_id} is recorded, but cannot be computed now"
        elif [p.value for p in now[format_id].parts] != [p.value for p in value.parts]:
            yield f"{uri}: the {format_id} of the file is not the recorded one"
