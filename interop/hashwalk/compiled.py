"""Inner loops that numba compiles to machine code, on first use or when a job starts.

The machine code is kept beside the module, or in numba's cache of the user where that folder is
read-only, so that a machine compiles each loop once. Numba is not imported before a loop is used.
"""

from __future__ import annotations

import functools
import importlib
import threading
from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_CONSTANT = "const "
_loops: list[Compiled[..., Any]] = []
_compiling = threading.RLock()


class Compiled(Generic[P, R]):
    """A function that runs as machine code, without holding Python's lock.

    Called as the function is, with arrays of just the types it was declared with. Module
    constants that it uses are fixed when it is compiled, and have to be of its own module.
    """

    def __init__(self, function: Callable[P, R], arguments: tuple[str, ...]) -> None:
        """Take a function that numba can compile, and numba's names of its arguments' types."""
        functools.update_wrapper(self, function)
        self._function, self._arguments = function, arguments
        self._call: Callable[P, R] | None = None

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run it; a TypeError says that an argument's type is not as declared."""
        return (self._call or self.load())(*args, **kwargs)

    def load(self) -> Callable[P, R]:
        """Return the machine code, read from the cache or compiled now."""
        with _compiling:
            if self._call is None:
                self._call = _machine_code(self._function, self._arguments)
        return self._call


def compiled(*arguments: str) -> Callable[[Callable[P, R]], Compiled[P, R]]:
    """Return a decorator for a function whose arguments have these types.

    In numba's notation (``u1[:, ::1]`` for a two-dimensional array of bytes in C order, ``i8``
    for an integer); ``const`` before an array promises that it is only read, and lets it be a
    read-only one.
    """

    def decorate(function: Callable[P, R]) -> Compiled[P, R]:
        loop = Compiled(function, arguments)
        _loops.append(loop)
        return loop

    return decorate


def load_compiled() -> None:
    """Load all loops of the modules that were imported, so that none is compiled later."""
    for loop in tuple(_loops):
        loop.load()


def _machine_code(function: Callable[P, R], arguments: tuple[str, ...]) -> Callable[P, R]:
    numba: Any = importlib.import_module("numba")
    options = {"nogil": True, "error_model": "numpy"}
    try:
        machine_code = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # there is no folder that a cache may be written to
        machine_code = numba.njit(**options)(function)
    machine_code.compile(tuple(_type(numba.types, argument) for argument in arguments))
    machine_code.disable_compile()
    call: Callable[P, R] = machine_code
    return call


def _type(types: Any, argument: str) -> object:  # noqa: ANN401 - what numba says is not typed
    name = argument.removeprefix(_CONSTANT)
    scalar, bracket, axes = name.partition("[")
    if not bracket:
        return getattr(types, name)
    layout = "C" if "::1" in axes else "A"
    return types.Array(
        getattr(types, scalar), axes.count(",") + 1, layout, readonly=name != argument
    )
