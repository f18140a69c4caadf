"""What a transform is to the rest of the benchmark: a call by name, a source, and what it made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

Value = bool | int | float | str
"""What a parameter of a transform may be, as TOML has it."""


class Medium(StrEnum):
    """What a transform edits."""

    PICTURE = "picture"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Call:
    """One transform with its parameters: a step of a ladder.

    `parameters` are in the order in which the suite has them; `strength` is the value of the
    one that the ladder varies, None where none does or where it is no number.
    """

    medium: Medium
    name: str
    parameters: tuple[tuple[str, Value], ...] = ()
    family: str = ""
    strength: float | None = None

    @property
    def id(self) -> str:
        """The call as text, unique in a suite: ``crop(share=0.1,sides=all)``."""
        inside = ",".join(f"{name}={_text(value)}" for name, value in self.parameters)
        return f"{self.name}({inside})" if inside else self.name


@dataclass(frozen=True, slots=True)
class Span:
    """What seconds of the source stand where in the variant of a video, for localisation."""

    source_start_s: float
    source_end_s: float
    variant_start_s: float
    variant_end_s: float


@dataclass(frozen=True, slots=True)
class Made:
    """A variant on the disk; `span` is None where the whole source is the whole variant."""

    path: Path
    span: Span | None = None


def _text(value: Value) -> str:
    return (
        str(value).lower()
        if isinstance(value, bool)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )
