"""More than the clip, or its parts in another order: hosts, loops, shuffles, black, backwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import islice, pairwise

import numpy as np

from hashwalk_bench.errors import TransformError
from hashwalk_bench.transforms.contract import Span
from hashwalk_bench.transforms.declaration import choice, number, share, whole
from hashwalk_bench.transforms.video_cuts import stretch
from hashwalk_bench.transforms.video_edit import Stream, shape_of, span, video_edit
from hashwalk_bench.transforms.video_reading import Clip, Timed, planes
from hashwalk_bench.transforms.video_scenes import made_clip
from hashwalk_bench.transforms.video_times import between, joined, still

_HELD_BYTES = 96 << 20
"""How much of a clip is held at once when it is played backwards."""


def embed(clip: Clip, times: float, longest: float, random: np.random.Generator) -> Stream:
    """Return a made clip `times` as long as an excerpt of the clip, which is somewhere in it.

    The excerpt is at most `longest` seconds, all of a shorter clip; chance says where it is cut
    out and put in. The host is drawn scenes in motion, of the clip's size and rate.
    """
    start, end = stretch(clip, longest, random)
    host = round((end - start) * Fraction(times - 1) * clip.rate)
    before = int(random.integers(0, host + 1))
    at = before / clip.rate
    frames = joined(
        _made(clip, at, random),
        between(clip.frames(), start, end),
        _made(clip, (host - before) / clip.rate, random),
    )
    return Stream(frames, shape_of(clip), span=span(clip, start, end, at))


def concatenate(clip: Clip, side: str, random: np.random.Generator) -> Stream:
    """Return the clip and a made one of the same length, which comes before or after."""
    made = round(clip.seconds * clip.rate) / clip.rate
    other = _made(clip, made, random)
    parts = (other, clip.frames()) if side == "before" else (clip.frames(), other)
    at = made if side == "before" else Fraction(0)
    where = Span(0.0, float(clip.seconds), float(at), float(at + clip.seconds))
    return Stream(joined(*parts), shape_of(clip), span=where)


def black_start(clip: Clip, seconds: float) -> Stream:
    """Return the clip after so many `seconds` of black, or up to a frame more."""
    black = planes(np.zeros((clip.height, clip.width, 3), np.uint8))
    dark = list(still(black, Fraction(seconds).limit_denominator(1000), clip.rate))
    where = span(clip, Fraction(0), clip.seconds, dark[-1].end)
    return Stream(joined(dark, clip.frames()), shape_of(clip), span=where)


def black_start_share(clip: Clip, share: float) -> Stream:
    """Return the clip after black for a `share` of its time, or up to a frame more."""
    return black_start(clip, share * float(clip.seconds))


def loop(clip: Clip, times: int) -> Stream:
    """Return the clip `times` in a row; where it is found is said of the first time."""
    seconds = float(clip.seconds)
    frames = joined(*(clip.frames() for _ in range(times)))
    return Stream(frames, shape_of(clip), span=Span(0.0, seconds, 0.0, seconds))


def shuffle(clip: Clip, segments: int, random: np.random.Generator) -> Stream:
    """Return the clip cut into equal segments in another order; it is decoded once for each.

    Chance has the order, in which no two neighbours are still neighbours if that can be.
    """
    step = clip.seconds / segments
    edges = [clip.nearest(number * step) for number in range(segments + 1)]
    if len(set(edges)) <= segments:
        raise TransformError(f"the video has too few frames for {segments} segments")
    order = _shuffled(segments, random)
    parts = (between(clip.frames(), edges[n], edges[n + 1]) for n in order)
    return Stream(joined(*parts), shape_of(clip))


def reverse(clip: Clip) -> Stream:
    """Return the clip backwards; 96 MB of frames are held, and it is decoded once for each."""
    return Stream(_backwards(clip), shape_of(clip))


def _made(clip: Clip, seconds: Fraction, random: np.random.Generator) -> Iterator[Timed]:
    return made_clip(random, clip.width, clip.height, clip.rate, seconds)


def _shuffled(count: int, random: np.random.Generator) -> list[int]:
    for _ in range(100):
        order = [int(n) for n in random.permutation(count)]
        if all(after != before + 1 for before, after in pairwise(order)):
            break
    return order


def _backwards(clip: Clip) -> Iterator[Timed]:
    at_once = max(1, _HELD_BYTES // (clip.width * clip.height * 3 // 2))
    for last in range(len(clip.starts), 0, -at_once):
        held = list(islice(clip.frames(), max(0, last - at_once), last))
        yield from _mirrored(held, clip.seconds)


def _mirrored(held: list[Timed], seconds: Fraction) -> Iterator[Timed]:
    while held:
        frame = held.pop()
        yield replace(frame, start=seconds - frame.end)


TRANSFORMS = (
    video_edit(
        embed,
        family="host",
        words="up to {longest} s of it in a {times} x longer made clip",
        takes=(number("times", 1.1, 20), number("longest", 0.2, 60, default=6)),
    ),
    video_edit(
        concatenate,
        family="host",
        words="joined to a made clip of its length",
        takes=(choice("side", "after", "before", default="after", words=", which comes {side}"),),
    ),
    video_edit(
        black_start,
        family="host",
        words="{seconds} s of black at the start",
        takes=(number("seconds", 0.02, 30),),
    ),
    video_edit(
        black_start_share,
        family="host",
        words="{share} of black at the start",
        takes=(share("share", 0.005, 1),),
    ),
    video_edit(
        loop, family="order", words="{times} times in a row", takes=(whole("times", 2, 10),)
    ),
    video_edit(
        shuffle,
        family="order",
        words="{segments} segments in another order",
        takes=(whole("segments", 2, 12, default=4),),
    ),
    video_edit(reverse, family="order", words="backwards"),
)
