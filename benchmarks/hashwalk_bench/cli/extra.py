"""What the extra ``bench`` brings, asked for before hours of work depend on it."""

from __future__ import annotations

from importlib.util import find_spec

from hashwalk.errors import UsageError

_MODULES = ("numba", "jinja2")


def require_extra() -> None:
    """Raise UsageError, with the command that installs it, where the extra is not installed."""
    missing = [name for name in _MODULES if find_spec(name) is None]
    if missing:
        names = " and ".join(missing)
        raise UsageError(f"the benchmark needs {names}: pip install 'hashwalk[bench]'")
