"""What the extra ``bench`` brings, asked for before hours of work depend on it."""

from __future__ import annotations

from importlib.util import find_spec

from hashwalk.errors import UsageError

_MODULE = "jinja2"


def require_extra() -> None:
    """Raise UsageError, with the command that installs it, where the extra is not installed."""
    if find_spec(_MODULE) is None:
        raise UsageError(f"the benchmark needs {_MODULE}: pip install 'hashwalk[bench]'")
