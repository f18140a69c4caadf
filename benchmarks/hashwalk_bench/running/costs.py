"""What hashing costs: processor time of each format alone, and of decoding alone, on a sample."""

from __future__ import annotations

import functools
import hashlib
import itertools
import math
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from hashwalk.errors import MediaError
from hashwalk.format import Kind
from hashwalk.hashing import hash_file
from hashwalk.job.pool import Pool
from hashwalk.media.limits import Limits
from hashwalk.media.pictures import OpenPicture
from hashwalk.media.sniff import HEAD_BYTES, sniff
from hashwalk.media.source import open_source
from hashwalk.media.videos import OpenVideo
from hashwalk.registry import get_format
from hashwalk_bench.corpus import Source
from hashwalk_bench.running.rows import Row
from hashwalk_bench.transforms import Medium

T = TypeVar("T")
DECODE = "decode"
SAMPLE = {Medium.PICTURE: 30, Medium.VIDEO: 6}
"""How many sources of each medium are measured at most."""
_ROUNDS = {Medium.PICTURE: 2, Medium.VIDEO: 1}


def measure_costs(  # noqa: PLR0913 - each is a fact of its own
    pool: Pool,
    items: Mapping[int, Source],
    formats: Mapping[Medium, Sequence[str]],
    limits: Limits,
    *,
    seed: int,
    budget_s: float,
) -> list[Row]:
    """Return rows of costs: seconds of processor time by format and item.

    `items` has the sources by the number of their original's item; the seed draws the sample.
    One is measured after the other, a picture and a video in turn, until all are or the budget
    is spent; what fails or crashes has no row.
    """
    begun = time.monotonic()
    rows: list[Row] = []
    for place, item in enumerate(_sample(items, seed)):
        if place >= len(Medium) and time.monotonic() - begun > budget_s:
            break
        source = items[item]
        work = pool.submit(time_formats, source.path, source.medium, formats[source.medium], limits)
        try:
            rows += [(name, item, seconds) for name, seconds in work.result()]
        except MediaError:
            continue
    return rows


def time_formats(
    path: Path, medium: Medium, formats: Sequence[str], limits: Limits
) -> list[tuple[str, float]]:
    """Return the seconds that decoding a file takes, and each format alone beyond decoding.

    Digests of files need no decoding: theirs are all the seconds they take.
    """
    rounds = _ROUNDS[medium]
    decoding, _ = _timed(lambda: _decode(path, medium, limits), rounds)
    found = [(DECODE, decoding)]
    for format_id in formats:
        whole = functools.partial(hash_file, path, (format_id,), limits=limits)
        seconds, hashed = _timed(whole, rounds)
        beyond = 0.0 if get_format(format_id).spec.kind is Kind.FILE else decoding
        if not hashed.failures:
            found.append((format_id, max(seconds - beyond, 0.0)))
    return found


def _timed(work: Callable[[], T], rounds: int) -> tuple[float, T]:
    """Return the least seconds of some rounds, and what the work gives."""
    least = math.inf
    for _ in range(rounds):
        begun = time.process_time()
        value = work()
        least = min(least, time.process_time() - begun)
    return least, value


def _decode(path: Path, medium: Medium, limits: Limits) -> None:
    with open_source(path) as source:
        sniffed = sniff(source.file.read(HEAD_BYTES))
        container = sniffed.container if sniffed else ""
        if medium is Medium.PICTURE:
            OpenPicture(source.file, source.size, container).decode(limits).convert("RGB")
            return
        with OpenVideo(source.file, source.size, container or None) as video:
            for _ in video.frames(limits, key_frames_only=False):
                pass


def _sample(items: Mapping[int, Source], seed: int) -> list[int]:
    """Return items drawn by the seed, a picture and a video in turn."""

    def rank(item: int) -> bytes:
        return hashlib.sha256(f"{seed} cost {items[item].sha256}".encode()).digest()

    drawn = [
        sorted((i for i, source in items.items() if source.medium is medium), key=rank)[:most]
        for medium, most in SAMPLE.items()
    ]
    turns = itertools.zip_longest(*drawn)
    return [item for turn in turns for item in turn if item is not None]
