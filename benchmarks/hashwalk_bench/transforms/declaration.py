"""What a transform declares of itself: name, parameters and words, and the function that edits."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from PIL import Image

from hashwalk.suggestion import did_you_mean
from hashwalk_bench.errors import SuiteError
from hashwalk_bench.transforms.contract import Made, Medium, Value
from hashwalk_bench.transforms.subject import Subject

Values = Mapping[str, Any]
"""The parameters of a call by name, defaults included, each of its declared type."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A typed parameter with its range (inclusive) or its choices.

    Without a `default` it must be given. `text` is a format string that says the value, times
    `factor`, to people; `words` is what ``describe`` adds where the value is not the default.
    """

    name: str
    kind: type[bool | int | float | str]
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    default: Value | None = None
    text: str = "{:g}"
    factor: float = 1
    words: str = ""

    def read(self, value: Value, of: str) -> Value:
        """Return the value in the parameter's own type; raises SuiteError where it is none."""
        if self.kind is float and type(value) is int:
            value = float(value)
        if type(value) is not self.kind:
            raise SuiteError(f"{of}: {self.name} must be {_KINDS[self.kind]}")
        if isinstance(value, str):
            self._check_choice(value, of)
        elif not self.low <= value <= self.high:
            raise SuiteError(f"{of}: {self.name} must be from {self.low:g} to {self.high:g}")
        return value

    def say(self, value: Value) -> str:
        """Return the value in words, with its unit."""
        if isinstance(value, bool | str):
            return str(value).lower() if isinstance(value, bool) else value
        return self.text.format(value * self.factor)

    def _check_choice(self, value: str, of: str) -> None:
        if value not in self.choices:
            known = ", ".join(self.choices)
            raise SuiteError(f"{of}: {self.name} must be one of {known}")


_KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


def whole(name: str, low: int, high: int, default: int | None = None, words: str = "") -> Parameter:
    """Declare a whole number from `low` to `high`."""
    return Parameter(name, int, low, high, default=default, words=words)


def number(
    name: str, low: float, high: float, default: float | None = None, words: str = ""
) -> Parameter:
    """Declare a number from `low` to `high`."""
    return Parameter(name, float, low, high, default=default, words=words)


def share(
    name: str, low: float, high: float, default: float | None = None, words: str = ""
) -> Parameter:
    """Declare a share, 1 being the whole, which is said in percent."""
    return Parameter(
        name, float, low, high, default=default, text="{:g} %", factor=100, words=words
    )


def change(name: str, low: float, high: float) -> Parameter:
    """Declare a change by a share, 0.1 being 10 % more, which is said with its sign."""
    return Parameter(name, float, low, high, text="{:+g} %", factor=100)


def choice(name: str, *choices: str, default: str | None = None, words: str = "") -> Parameter:
    """Declare a text that is one of `choices`."""
    return Parameter(name, str, choices=choices, default=default, words=words)


@dataclass(frozen=True, slots=True)
class Encoded:
    """The bytes of a file that an encoder wrote, and the ending of its name."""

    data: bytes
    suffix: str


@dataclass(frozen=True, slots=True)
class Task:
    """One variant to be made: of what, into which file, with which parameters and chance."""

    subject: Subject
    stem: Path
    values: Values
    random: np.random.Generator

    def target(self, suffix: str) -> Path:
        """Return the path of the file to write; `suffix` starts with a dot."""
        return self.stem.with_name(self.stem.name + suffix)


class Edit(Protocol):
    """An edit of RGB pixels alone, for a picture or a frame of a video."""

    def __call__(
        self, picture: Image.Image, values: Values, random: np.random.Generator
    ) -> Image.Image | Encoded:
        """Return the edited picture, or the file that an encoder made of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transform:
    """A transform of the catalogue: `make` writes the variant and may raise TransformError.

    `words` says it to people, with the parameters in braces: ``"turned by {degrees}"``. `edit`
    is there where the transform is one of pixels, which can be done to a video's frames too.
    """

    name: str
    medium: Medium
    family: str
    library: str
    words: str
    make: Callable[[Task], Made]
    takes: tuple[Parameter, ...] = ()
    edit: Edit | None = None

    def read(self, given: tuple[tuple[str, Value], ...]) -> dict[str, Value]:
        """Return all parameters by name; raises SuiteError for one unknown, missing or wrong."""
        known = {parameter.name: parameter for parameter in self.takes}
        values: dict[str, Value] = {}
        for name, value in given:
            if name not in known:
                raise SuiteError(f"{self.name} has no parameter {name}{_instead(name, known)}")
            if name in values:
                raise SuiteError(f"{self.name}: {name} is given twice")
            values[name] = known[name].read(value, self.name)
        return {name: self._filled(p, values) for name, p in known.items()}

    def describe(self, given: tuple[tuple[str, Value], ...]) -> str:
        """Return the transform with these parameters in words."""
        values = self.read(given)
        texts = {p.name: p.say(values[p.name]) for p in self.takes}
        more = (p.words for p in self.takes if p.words and values[p.name] != p.default)
        return "".join((self.words, *more)).format(**texts)

    def _filled(self, parameter: Parameter, values: dict[str, Value]) -> Value:
        value = values.get(parameter.name, parameter.default)
        if value is None:
            raise SuiteError(f"{self.name} needs the parameter {parameter.name}")
        return value


def _instead(name: str, known: Mapping[str, Parameter]) -> str:
    return did_you_mean(name, known) or (f"; it has {', '.join(known)}" if known else "")
