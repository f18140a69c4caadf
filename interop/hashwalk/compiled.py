"""Inner loops that numba compiles to machine code, on first use or when a job starts.

The machine code is kept beside the module, or in numba's cache of the user where that folder is
read-only, so that a machine compiles each loop once. Numba is not imported before a loop is used.
"""

from __future__ import annotations

import functools
import importlib
import signal
import threading
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_CONSTANT = "const "
_OPTIONS = {"nogil": True, "error_model": "numpy"}
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
        with _compiling, _interrupts_later():
            if self._call is None:
                self._call = _machine_code(self._function, self._arguments)
        return self._call

    def load_kept(self) -> None:
        """Load the machine code if the cache has it; never takes the time to compile."""
        with _compiling, suppress(Exception):
            self._call = self._call or _kept(self._function, self._arguments)


class Intrinsic(Generic[P, R]):
    """A function that compiled loops call, as code that numba cannot make of Python.

    Called from Python it runs as the function that it is. The machine code of loops that is kept
    does not know when it changes.
    """

    def __init__(self, function: Callable[P, R], generate: Callable[[Any], object]) -> None:
        """Take the function and what returns numba's intrinsic, given the module numba."""
        functools.update_wrapper(self, function)
        self._function, self.generate = function, generate

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the function."""
        return self._function(*args, **kwargs)


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


def intrinsic(
    generate: Callable[[Any], object],
) -> Callable[[Callable[P, R]], Intrinsic[P, R]]:
    """Return a decorator for a function whose code in compiled loops `generate` makes."""
    return lambda function: Intrinsic(function, generate)


def load_compiled() -> None:
    """Load all loops of the modules that were imported, so that none is compiled later."""
    for loop in tuple(_loops):
        loop.load()


def load_kept() -> None:
    """Load those of them that the cache has."""
    for loop in tuple(_loops):
        loop.load_kept()


def _machine_code(function: Callable[P, R], arguments: tuple[str, ...]) -> Callable[P, R]:
    function = _with_intrinsics(function)
    try:
        return _kept(function, arguments, compiles=True)
    except Exception:  # noqa: BLE001 - no folder for a cache, a full disk, a damaged file
        numba = _numba()
        return _ready(numba, numba.njit(**_OPTIONS)(function), arguments)


def _with_intrinsics(function: Callable[P, R]) -> Callable[P, R]:
    """Return the function, or a copy of it that calls numba's intrinsics."""
    known = function.__globals__
    used = {name: known.get(name) for name in function.__code__.co_names}
    generated = {
        name: value.generate(_numba())
        for name, value in used.items()
        if isinstance(value, Intrinsic)
    }
    if not generated:
        return function
    copy = types.FunctionType(function.__code__, known | generated, function.__name__)
    return functools.update_wrapper(copy, function, updated=())


def _kept(
    function: Callable[P, R], arguments: tuple[str, ...], *, compiles: bool = False
) -> Callable[P, R]:
    """Return the machine code of the cache, or make it and put it there; a damaged one goes.

    Raises what numba does where the cache cannot be used, and where nothing is in it unless it
    `compiles`.
    """
    numba = _numba()
    machine_code = numba.njit(cache=True, **_OPTIONS)(function)
    if not compiles:
        machine_code._compiler = None  # noqa: SLF001 - numba has no other way to ask the cache alone
        return _ready(numba, machine_code, arguments)
    try:
        return _ready(numba, machine_code, arguments)
    except Exception:
        machine_code._cache.flush()  # noqa: SLF001 - so that the next process finds it empty
        raise


def _ready(numba: Any, machine_code: Any, arguments: tuple[str, ...]) -> Callable[..., Any]:  # noqa: ANN401
    machine_code.compile(tuple(_type(numba.types, argument) for argument in arguments))
    machine_code.disable_compile()
    call: Callable[..., Any] = machine_code
    return call


def _numba() -> Any:  # noqa: ANN401 - what numba says is not typed
    return importlib.import_module("numba")


def _type(known: Any, argument: str) -> object:  # noqa: ANN401
    name = argument.removeprefix(_CONSTANT)
    scalar, bracket, axes = name.partition("[")
    if not bracket:
        return getattr(known, name)
    layout = "C" if "::1" in axes else "A"
    return known.Array(
        getattr(known, scalar), axes.count(",") + 1, layout, readonly=name != argument
    )


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """Let Ctrl-C wait until the block ends: LLVM's callbacks would swallow it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    caught: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    if before is None:  # not Python's to give back
        yield
        return
    signal.signal(signal.SIGINT, lambda number, frame: caught.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if caught:
            signal.raise_signal(signal.SIGINT)
