"""Instants as seconds since 1970, and back."""

from __future__ import annotations

from datetime import UTC, datetime

from hashwalk.hashlists.instants import instant_of


def instant_of_seconds(seconds: float) -> str:
    """Return the ISO 8601 instant in UTC; raises ValueError where no calendar has it."""
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):
        raise ValueError("an instant that no calendar has") from None


def seconds_of(text: str | None) -> int | None:
    """Return the whole seconds of an ISO 8601 instant, None for a text of another form."""
    instant = instant_of(text)
    return None if instant is None else int(instant.timestamp())
