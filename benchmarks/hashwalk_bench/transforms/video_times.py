"""Edits of when frames are shown: streams of frames in, streams of frames out, none held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
from av.video.frame import VideoFrame

from hashwalk_bench.transforms.video_reading import Timed

_FINE = 1 << 16
"""Into how many parts chance divides the time of a frame."""


def between(frames: Iterable[Timed], start: Fraction, end: Fraction) -> Iterator[Timed]:
    """Yield the frames that start from `start` until `end`, counted from `start`."""
    for frame in frames:
        if frame.start >= end:
            return
        if frame.start >= start:
            yield Timed(frame.image, frame.start - start, min(frame.end, end) - frame.start)


def joined(*parts: Iterable[Timed]) -> Iterator[Timed]:
    """Yield the frames of one stream after the other."""
    offset = end = Fraction(0)
    for part in parts:
        for frame in part:
            end = offset + frame.end
            yield replace(frame, start=offset + frame.start)
        offset = end


def stretched(frames: Iterable[Timed], speed: Fraction) -> Iterator[Timed]:
    """Yield all frames at `speed` times their speed."""
    for frame in frames:
        yield Timed(frame.image, frame.start / speed, frame.length / speed)


def at_rate(frames: Iterable[Timed], rate: Fraction) -> Iterator[Timed]:
    """Yield what is shown every 1 / `rate` seconds: frames are repeated or left out."""
    number = 0
    for frame in frames:
        while number / rate < frame.end:
            yield Timed(frame.image, number / rate, 1 / rate)
            number += 1


def still(image: VideoFrame, seconds: Fraction, rate: Fraction) -> Iterator[Timed]:
    """Yield one frame again and again, for `seconds` or up to a frame longer."""
    return at_rate([Timed(image, Fraction(0), seconds)], rate)


def thinned(frames: Iterable[Timed], share: float, random: np.random.Generator) -> Iterator[Timed]:
    """Leave out a `share` of the frames by chance; the one before is shown for longer."""
    kept: Timed | None = None
    for frame in frames:
        if kept is None:
            kept = frame
        elif random.random() < share:
            kept = replace(kept, length=frame.end - kept.start)
        else:
            yield kept
            kept = frame
    if kept is not None:
        yield kept


def doubled(frames: Iterable[Timed], share: float, random: np.random.Generator) -> Iterator[Timed]:
    """Show a `share` of the frames twice by chance, each for half of its time."""
    for frame in frames:
        if random.random() < share:
            half = frame.length / 2
            yield replace(frame, length=half)
            yield Timed(frame.image, frame.start + half, half)
        else:
            yield frame


def jittered(frames: Iterable[Timed], share: float, random: np.random.Generator) -> Iterator[Timed]:
    """Show each frame but the first later by chance, by up to a `share` of its time."""
    most = int(share * _FINE)
    for number, frame in enumerate(frames):
        late = frame.length * Fraction(int(random.integers(0, most)), _FINE) if number else 0
        yield Timed(frame.image, frame.start + late, frame.length - late)
