"""The entry of an exchange that a record was read from, for writing it to the same exchange."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.record import Record

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def source_record(record: Record, source: str, loss: Loss) -> Mapping[str, Any]:
    """Return the entry as the exchange `source` had it, empty for a record of another one.

    What a list of `source` cannot say of another exchange's record is told to `loss`: that it
    is another's, and what it looked like there.
    """
    if record.source == source:
        return record.raw or _NOTHING
    loss.fields.update(name for name in ("source", "raw") if getattr(record, name) is not None)
    return _NOTHING
