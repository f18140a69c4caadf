"""Instants of time as lists write them."""

from __future__ import annotations

from datetime import UTC, datetime


def in_utc(text: str | None) -> str | None:
    """Return an ISO 8601 instant in UTC, ending in ``Z``; a text of another form as it is.

    What has no time zone is of another form: which one was meant is not known.
    """
    if not text or text.endswith("Z"):
        return text or None
    instant = instant_of(text)
    return text if instant is None else instant.isoformat().replace("+00:00", "Z")


def instant_of(text: str | None) -> datetime | None:
    """Return the instant of an ISO 8601 text, in UTC; None for another form or no time zone."""
    try:
        found = datetime.fromisoformat(text or "")
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None
