"""``hashwalk.toml``: the formats that the user has other programs compute.

It makes hashwalk run programs, so it is never looked for beside media or in the current folder:
it is the file that HASHWALK_CONFIG names, or else the one in the user's configuration folder.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from hashwalk.command import PATH, Command, CommandFormat
from hashwalk.encodings import Base64, CommaBytes, Hex
from hashwalk.errors import ConfigurationError
from hashwalk.format import Format, FormatSpec, Kind
from hashwalk.opaque import OpaqueFormat

CONFIG = "HASHWALK_CONFIG"
"""The environment variable that names the configuration file."""

FILE_NAME = "hashwalk.toml"
DEFAULT_TIMEOUT_S = 60.0
_ENCODINGS: dict[str, type[Hex | Base64 | CommaBytes]] = {
    "hex": Hex,
    "base64": Base64,
    "comma": CommaBytes,
}
_TEXTS = ("summary", "strong", "weak", "used_by")
"""What a format of one's own may say of itself, for its card."""
_KEYS = frozenset({"id", "command", "encoding", "timeout_s", "kind", "bits", *_TEXTS})
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredFormat:
    """One ``[[format]]`` of the file `file`: an id, and the command that computes it.

    What is None is not in the file.
    """

    file: Path
    id: str
    command: Command
    encoding: str
    kind: Kind | None
    bits: int | None
    texts: Mapping[str, str]

    def carried_by(self, carrier: Format) -> Format:
        """Return the format `carrier`, computed by the command.

        Raises ConfigurationError when the file says something else of it than it does.
        """
        spec = carrier.spec
        for name, said, known in (
            ("kind", self.kind, spec.kind),
            ("bits", self.bits, spec.bits),
            *((name, text, getattr(spec, name)) for name, text in self.texts.items()),
        ):
            if said is not None and said != known:
                raise self._wrong(f"{name} is not that of the format: leave it out")
        self._check_encoding([e.name for e in spec.encodings])
        return CommandFormat(carrier, self.command, self.encoding)

    def with_card(self) -> Format:
        """Return a format that no package knows; raises ConfigurationError without a kind."""
        if self.kind is None:
            raise self._wrong(f"no package has this format: give its kind, {_kinds()}")
        self._check_encoding(list(_ENCODINGS))
        names = sorted(_ENCODINGS, key=lambda name: self.bits is None or name != self.encoding)
        spec = FormatSpec(
            id=self.id,
            summary=self.texts.get("summary", "what a program of the user's computes"),
            kind=self.kind,
            bits=self.bits,
            threshold=None,
            licence="that of the program",
            encodings=tuple(_ENCODINGS[name](self.bits) for name in names),
            source=f"configured in {self.file}",
            strong=self.texts.get("strong", ""),
            weak=self.texts.get("weak", ""),
            used_by=self.texts.get("used_by", ""),
        )
        return CommandFormat(OpaqueFormat(spec), self.command, self.encoding)

    def _check_encoding(self, known: list[str]) -> None:
        if self.encoding not in known:
            raise self._wrong(f"encoding must be one of {', '.join(known)}")

    def _wrong(self, reason: str) -> ConfigurationError:
        return ConfigurationError(f"{self.file}, format {self.id!r}: {reason}")


def configured_formats() -> tuple[ConfiguredFormat, ...]:
    """Return the formats of the configuration file, none where there is no such file.

    Raises ConfigurationError when it cannot be read, or HASHWALK_CONFIG names none.
    """
    file = configuration_file()
    return () if file is None else _read(file)


def configuration_file() -> Path | None:
    """Return the configuration file: what HASHWALK_CONFIG names, or the user's, if there is one."""
    named = os.environ.get(CONFIG)
    if named is not None:
        return Path(named).absolute() if named else None
    folder = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    if not folder.is_absolute():
        folder = Path("~/.config").expanduser()
    users = folder / "hashwalk" / FILE_NAME
    return users if users.is_absolute() and users.is_file() else None


def _read(file: Path) -> tuple[ConfiguredFormat, ...]:
    try:
        read = tomllib.loads(file.read_text("utf-8"))
        _refuse_unknown(read, {"format"})
        tables = _typed(read, "format", list, "a list: begin each with [[format]]") or []
        found = tuple(_configured(file, table) for table in tables)
        ids = [configured.id for configured in found]
        if len(set(ids)) < len(ids):
            raise ValueError("two formats have the same id")  # noqa: TRY301
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ConfigurationError(f"{file}: {error}") from error
    except RecursionError:
        raise ConfigurationError(f"{file}: it is nested too deeply") from None
    return found


def _configured(file: Path, table: object) -> ConfiguredFormat:
    if not isinstance(table, dict):
        raise ValueError("format must be a list: begin each with [[format]]")  # noqa: TRY004
    format_id = _typed(table, "id", str, "a text") or ""
    if not re.fullmatch(r"[a-z0-9]+(?:[-.][a-z0-9]+)*", format_id):
        raise ValueError("id must be lower-case words joined by - or .")
    try:
        _refuse_unknown(table, _KEYS)
        return ConfiguredFormat(
            file=file,
            id=format_id,
            command=Command(_arguments(table, file.parent), file.parent, _timeout(table)),
            encoding=_typed(table, "encoding", str, "a text") or "",
            kind=Kind(_one_of(table, "kind", list(Kind))) if "kind" in table else None,
            bits=_bits(table),
            texts={name: _line(table, name) for name in _TEXTS if name in table},
        )
    except ValueError as error:
        raise ValueError(f"format {format_id!r}: {error}") from error


def _arguments(table: Mapping[str, Any], folder: Path) -> tuple[str, ...]:
    """Return the command; a program that is no bare name is relative to `folder`."""
    words = _typed(table, "command", list, "a list of texts") or []
    if not words or not all(isinstance(word, str) and word for word in words):
        raise ValueError("command must be a list of texts: the program and its arguments")
    program, *rest = words
    if PATH in program or not any(PATH in word for word in rest):
        raise ValueError(f"command must have {PATH} in an argument, where the file's path goes")
    return (str(folder / program) if "/" in program else program, *rest)


def _timeout(table: Mapping[str, Any]) -> float:
    seconds = table.get("timeout_s", DEFAULT_TIMEOUT_S)
    if type(seconds) not in {int, float} or not 0 < seconds <= 86400:
        raise ValueError("timeout_s must be a number of seconds, more than 0 and at most a day")
    return float(seconds)


def _bits(table: Mapping[str, Any]) -> int | None:
    bits = table.get("bits")
    if bits is not None and (type(bits) is not int or not 1 <= bits <= 1 << 23):
        raise ValueError("bits must be a whole number, the width of one hash")
    return bits


def _one_of(table: Mapping[str, Any], key: str, choices: list[Kind]) -> str:
    value = table.get(key)
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{key} must be one of {', '.join(choices)}")
    return value


def _line(table: Mapping[str, Any], key: str) -> str:
    text = _typed(table, key, str, "a text") or ""
    if not text.strip() or not text.isprintable():
        raise ValueError(f"{key} must be one line of text")
    return text


def _typed(table: Mapping[str, Any], key: str, wanted: type[T], what: str) -> T | None:
    value = table.get(key)
    if value is not None and not isinstance(value, wanted):
        raise ValueError(f"{key} must be {what}")
    return value


def _refuse_unknown(table: Mapping[str, Any], known: frozenset[str] | set[str]) -> None:
    unknown = sorted(table.keys() - known)
    if unknown:
        raise ValueError(f"unknown key {unknown[0]!r}; known are {', '.join(sorted(known))}")


def _kinds() -> str:
    return ", ".join(Kind)
