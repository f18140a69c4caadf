"""Every signal type of python-threatexchange that hashes files, where the package is installed."""

from __future__ import annotations

import inspect
import math
import pkgutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from hashwalk.distances import Distance
from hashwalk.encodings import Encoding
from hashwalk.errors import MediaCrashError, UnknownFormatError, UnsupportedError
from hashwalk.format import (
    Comparison,
    Format,
    FormatFamily,
    FormatSpec,
    Hash,
    Kind,
    PathHasher,
)
from hashwalk.suggestion import did_you_mean

_KINDS = {frozenset({"photo"}): Kind.PICTURE, frozenset({"video"}): Kind.VIDEO}


@dataclass(frozen=True, slots=True)
class SignalText(Encoding):
    """The text of a signal, in the form that its type's own validation gives it."""

    signal: type[Any]
    name: str = "signal"

    def parse(self, text: str) -> bytes:
        """Return the UTF-8 bytes of the signal; whatever its type refuses is a ValueError."""
        try:
            return str(self.signal.validate_signal_str(text.strip())).encode()
        except Exception:  # noqa: BLE001 - and its message may repeat the text
            raise ValueError("threatexchange refuses it") from None

    def render(self, value: bytes) -> str:
        """Return the text of a signal."""
        return value.decode()


@dataclass(frozen=True, slots=True)
class SignalDistance(Distance):
    """The distance that a signal type tells, else 0 for a match and 1 for none.

    Nothing is known of the distances of a type, so that it is no metric.
    """

    signal: type[Any]
    name: str = "signal"
    metric: bool = False

    def __call__(self, a: bytes, b: bytes) -> float:
        """Return the distance of two signals; 0 for equal ones."""
        if a == b:
            return 0.0
        compared = self.signal.compare_hash(a.decode(), b.decode())
        distance = getattr(compared.distance, "distance", None)
        if isinstance(distance, int | float) and math.isfinite(distance):
            return float(distance)
        return float(not compared.match)


class SignalFormat(Format, PathHasher):
    """The hash that a signal type computes from a file; its value is the text of the signal."""

    def __init__(self, format_id: str, signal: type[Any]) -> None:
        """Take the class of the signal type."""
        self._signal = signal
        self.spec = _spec(format_id, signal)

    def hash_path(self, path: Path) -> Hash:
        """Return the signal of the file.

        Raises UnsupportedError where its type gives none, MediaCrashError where that fails.
        """
        name = self._signal.__name__
        try:
            text = self._signal.hash_from_file(path)
        except MemoryError:
            raise
        except Exception as error:  # and its message may hold anything
            raise MediaCrashError(f"{name} fails with {type(error).__name__}") from error
        if not text:
            raise UnsupportedError(f"{name} gives no signal of this file")
        return Hash.of(self.spec.id, str(text).encode())

    def compare(self, a: Hash, b: Hash) -> Comparison:
        """Return the distance, and the verdict that the signal type gives by itself."""
        distance = self.distance(a, b)
        compared = self._signal.compare_hash(a.value.decode(), b.value.decode())
        return Comparison(distance, None, match=bool(compared.match))


class SignalFamily(FormatFamily):
    """``threatexchange:pdq`` is the signal type that calls itself pdq, and so on."""

    prefix = "threatexchange"
    pattern = "threatexchange:<signal>"
    summary = (
        "a signal type of python-threatexchange that hashes files, such as "
        "threatexchange:video_md5, or of one of its extensions; needs "
        "`pip install threatexchange`"
    )

    def make(self, rest: str, formats: Mapping[str, Format]) -> Format:
        """Return the format of the signal type whose name is `rest`.

        Raises UnknownFormatError when the package is not installed or has no such type.
        """
        signals = {signal.get_name(): signal for signal in _signals()}
        if rest not in signals:
            meant = did_you_mean(rest, signals, before=f"{self.prefix}:")
            raise UnknownFormatError(
                f"threatexchange has no signal type {rest!r} that hashes files{meant or ';'} "
                f"it has {', '.join(sorted(signals))} (an extension needs its own packages)"
            )
        return SignalFormat(f"{self.prefix}:{rest}", signals[rest])


FAMILY = SignalFamily()


def _signals() -> Iterator[type[Any]]:
    """Yield the signal types that hash files, of the package and of extensions that import."""
    try:
        base = import_module("threatexchange.signal_type.signal_base")
    except ModuleNotFoundError as error:
        raise UnknownFormatError(
            f"threatexchange:… needs the module {error.name}: `pip install threatexchange`"
        ) from error
    for module in _modules():
        for found in vars(module).values():
            if (
                inspect.isclass(found)
                and issubclass(found, base.SignalType)
                and issubclass(found, base.FileHasher)
                and not inspect.isabstract(found)
            ):
                yield found


def _modules() -> Iterator[ModuleType]:
    for name in ("threatexchange.signal_type", "threatexchange.extensions"):
        package = import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}.", onerror=_pass_over):
            with suppress(Exception):  # an extension may need what is not installed
                yield import_module(found.name)


def _pass_over(_name: str) -> None:
    """Leave out a package that does not import, as its modules are."""


def _spec(format_id: str, signal: type[Any]) -> FormatSpec:
    contents = frozenset(content.get_name() for content in signal.get_content_types())
    name = signal.__name__
    return FormatSpec(
        id=format_id,
        summary=f"what the signal type {signal.get_name()} of python-threatexchange computes",
        kind=_KINDS.get(contents, Kind.FILE),
        bits=None,
        distance=SignalDistance(signal),
        threshold=None,
        licence="BSD",
        encodings=(SignalText(signal),),
        interchangeable_with=(f"{signal.__module__}.{name}",),
        source="https://github.com/facebook/ThreatExchange/tree/main/python-threatexchange",
        fidelity=(
            "computed and compared by python-threatexchange itself, which reads the file a second "
            "time; the value is the text of the signal, and the verdict is its own"
        ),
        strong="not measured here; values and verdicts are those of python-threatexchange",
        weak="not measured here; slower than a format of hashwalk's own, as the file is read again",
        used_by="users of ThreatExchange's programs",
        libraries=("threatexchange",),
        default=False,
    )
