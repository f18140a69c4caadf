"""Suites as TOML files: those that come with hashwalk by name, others by path."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from hashwalk.suggestion import did_you_mean
from hashwalk_bench.errors import SuiteError
from hashwalk_bench.suites.grammar import read_calls, read_formats, read_text, refuse_unknown
from hashwalk_bench.suites.suite import Suite
from hashwalk_bench.transforms import Medium

SUITES = ("quick", "standard", "full")
"""The names of the suites that come with hashwalk, the quickest first."""

_SUFFIX = ".toml"
_KEYS = ("name", "summary", "formats", *Medium)


def load_suite(name_or_path: str | Path) -> Suite:
    """Return a suite of SUITES by its name, or the one in a TOML file.

    Every transform, parameter and format in it was checked. Raises SuiteError, in one line with
    file, table and key.
    """
    data, name = _read(str(name_or_path))
    try:
        suite = _suite(_parsed(data), Path(name).stem, hashlib.sha256(data).hexdigest())
    except SuiteError as error:
        raise SuiteError(f"{name}: {error}") from error
    return replace(suite, text=data.decode())


def _read(named: str) -> tuple[bytes, str]:
    """Return the bytes of a suite and the name of its file."""
    if named in SUITES:
        own = named + _SUFFIX
        return files(__package__).joinpath(own).read_bytes(), own
    path = Path(named)
    if path.suffix != _SUFFIX and not path.is_file():
        meant = did_you_mean(named, SUITES) or f"; there are {', '.join(SUITES)}"
        raise SuiteError(f"there is no suite {named}{meant}, or name a {_SUFFIX} file")
    try:
        return path.read_bytes(), named
    except OSError as error:
        raise SuiteError(f"the suite {named} cannot be read: {error.strerror}") from error


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode())
    except UnicodeDecodeError as error:
        raise SuiteError("it is not UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SuiteError(f"it is not TOML: {error}") from error
    except RecursionError:
        raise SuiteError("it is nested too deeply") from None


def _suite(read: dict[str, Any], stem: str, sha256: str) -> Suite:
    refuse_unknown(read, _KEYS)
    calls = tuple(call for medium in Medium for call in read_calls(read.get(medium, []), medium))
    if not calls:
        raise SuiteError("it has no [[picture]] and no [[video]]: there is nothing to make")
    formats = read_formats(read.get("formats", {}))
    for medium in {call.medium for call in calls}:
        if not formats[medium]:
            raise SuiteError(f"it has a [[{medium}]], but no formats: name some in [formats]")
    return Suite(
        name=read_text(read, "name") or stem,
        summary=read_text(read, "summary"),
        picture_formats=formats[Medium.PICTURE],
        video_formats=formats[Medium.VIDEO],
        calls=calls,
        sha256=sha256,
    )
