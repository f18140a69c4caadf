"""From a function of a clip to a transform: calls it, and writes the stream that it returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from inspect import signature

from hashwalk_bench.transforms.contract import Made, Medium, Span
from hashwalk_bench.transforms.declaration import Parameter, Task, Transform
from hashwalk_bench.transforms.video_reading import Clip, Timed
from hashwalk_bench.transforms.video_writing import Encoding, Shape, h264, write


@dataclass(frozen=True, slots=True)
class Stream:
    """What an edit makes of a clip: frames, how they are spaced, and how they are encoded.

    `span` says which seconds of the clip are where, unless it is all of it at the same speed.
    """

    frames: Iterable[Timed]
    shape: Shape
    encoding: Encoding = field(default_factory=h264)
    span: Span | None = None


Function = Callable[..., Stream]
"""``(clip, **parameters)``, with the keyword ``random`` too where the edit draws chances."""


def video_edit(
    function: Function,
    *,
    family: str,
    words: str,
    takes: tuple[Parameter, ...] = (),
    library: str = "PyAV",
) -> Transform:
    """Declare the transform of the function's name. Sound is not written."""
    return Transform(
        name=function.__name__,
        medium=Medium.VIDEO,
        family=family,
        library=library,
        words=words,
        takes=takes,
        make=_Maker(function, seeded="random" in signature(function).parameters),
    )


def shape_of(clip: Clip) -> Shape:
    """Return how the frames of the clip itself are spaced and shown."""
    return Shape(clip.rate if clip.steady else None, clip.aspect, clip.rotation)


def span(clip: Clip, start: Fraction, end: Fraction, at: Fraction = Fraction(0)) -> Span | None:
    """Return that the clip from `start` to `end` is in the variant from `at` on, at its speed."""
    if not start and not at and end == clip.seconds:
        return None
    return Span(float(start), float(end), float(at), float(at + end - start))


@dataclass(frozen=True, slots=True)
class _Maker:
    """Edits the task's clip and writes the file."""

    function: Function
    seeded: bool

    def __call__(self, task: Task) -> Made:
        """Write the variant; raises TransformError."""
        chance = {"random": task.random} if self.seeded else {}
        made = self.function(task.subject.clip, **task.values, **chance)
        return Made(write(made.frames, made.shape, made.encoding, task.stem), made.span)
