"""The value of a record and the hash it stands for, there and back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from hashwalk.errors import (
    AmbiguousAlgorithmError,
    FormatError,
    HashParseError,
    UnknownFormatError,
)
from hashwalk.format import Format, Hash
from hashwalk.hashlists.record import Record
from hashwalk.registry import formats, get_format


@lru_cache(maxsize=1024)
def format_of(algorithm: str) -> Format | None:
    """Return the format that an algorithm is, None for one that hashwalk does not have."""
    try:
        return get_format(algorithm)
    except UnknownFormatError:
        return None


def hash_of(record: Record) -> Hash | None:
    """Return the hash of a record, None without a value or for an algorithm not known here.

    It has the record's quality, where that is of one value and the value does not tell it.
    Raises HashParseError, whose message never repeats the value.
    """
    found = format_of(record.algorithm)
    if found is None or record.value is None:
        return None
    parsed = found.parse(record.value, record.encoding)
    if record.quality is None or len(parsed.parts) != 1 or parsed.quality is not None:
        return parsed
    return Hash.of(parsed.format, parsed.value, record.quality)


def rendered(record: Record, encoding: str | None = None) -> str | None:
    """Return the value of a record in a text encoding of its format, the canonical one if None.

    The value of an algorithm that is not known here, and no value, are returned as they are.
    """
    value = hash_of(record)
    return record.value if value is None else get_format(value.format).render(value, encoding)


def check_value(algorithm: str, text: str, encoding: str | None = None) -> None:
    """Raise HashParseError unless `text` is a hash of `algorithm`; any text is of an unknown one.

    An unknown algorithm's value must at least be something: not empty, and on one line.
    """
    found = format_of(algorithm)
    if found is not None:
        found.parse(text, encoding)
    elif not text.strip() or "\n" in text:
        raise HashParseError(f"the {algorithm} value is empty or of several lines")


def checked_value(
    algorithm: str, text: str, encoding: str | None = None, *, taken_back: str | None
) -> str | None:
    """Return `text` if it is a hash of `algorithm`, None if only the entry `taken_back` counts.

    `taken_back` names the entry of a record that is no longer active: a hash that is misspelled
    must not keep the entry alive. Raises HashParseError as :func:`check_value` does where there is
    no such entry.
    """
    try:
        check_value(algorithm, text, encoding)
    except HashParseError:
        if not taken_back:
            raise
        return None
    return text


def candidates(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of the formats that every one of `texts` can be a hash of."""
    known = formats()
    return tuple(format_id for format_id in known if all(_fits(known[format_id], t) for t in texts))


def settle(texts: Sequence[str], told: str | None, name: str) -> str:
    """Return the algorithm of a list that names none, from what was told, else from its values.

    `texts` are some of its values, `name` is the file's; texts that are no hash of any format
    do not count. Raises AmbiguousAlgorithmError when nothing was told and they fit several
    formats, or none: length alone never decides.
    """
    if told is not None:
        return told
    fitting = candidates([text for text in texts if candidates([text])] or texts)
    if len(fitting) == 1:
        return fitting[0]
    reason = f"fit {', '.join(fitting)}" if fitting else "fit no format that is known here"
    raise AmbiguousAlgorithmError(
        f"{name} names no algorithm, and its values {reason}: say which with --algorithm", fitting
    )


def _fits(candidate: Format, text: str) -> bool:
    try:
        candidate.parse(text)
    except FormatError:
        return False
    return True
