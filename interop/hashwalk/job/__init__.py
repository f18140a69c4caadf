"""Many files into a cross-walk.

One file is hashed by a function (worker), which a pool runs in processes with limits (pool);
what each file needs is decided by itself (schedule) from what is done (ledger); the rows go to
the cross-walk's writer (loop). Names are imported when they are first used: worker processes
need none of the cross-walk's libraries.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashwalk.job.progress import Progress, Summary
    from hashwalk.job.run import rehash

__all__ = ["Progress", "Summary", "rehash"]

_ROOM_OF = {"Progress": "progress", "Summary": "progress", "rehash": "run"}


def __getattr__(name: str) -> object:
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"hashwalk.job.{_ROOM_OF[name]}"), name)
