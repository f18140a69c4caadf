"""Loops that numba compiles."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hashwalk.compiled import compiled, load_compiled


def _doubled(values: NDArray[np.int64], out: NDArray[np.int64]) -> None:
    """Write twice the values."""
    for i in range(len(values)):
        out[i] = 2 * values[i]


def test_a_loop_gives_what_the_function_gives_and_reads_read_only_arrays() -> None:
    """The machine code and the Python function write the same."""
    loop = compiled("const i8[::1]", "i8[::1]")(_doubled)
    values = np.arange(5)
    values.flags.writeable = False
    by_loop, by_function = np.zeros((2, 5), np.int64)
    loop(values, by_loop)
    _doubled(values, by_function)
    assert by_loop.tolist() == by_function.tolist() == [0, 2, 4, 6, 8]


@pytest.mark.parametrize("values", [np.arange(5.0), np.arange(10)[::2], np.zeros((2, 2), int)])
def test_arrays_of_other_types_are_refused(values: NDArray[np.int64]) -> None:
    """Nothing is compiled for types that were not declared."""
    loop = compiled("const i8[::1]", "i8[::1]")(_doubled)
    with pytest.raises(TypeError):
        loop(values, np.zeros(5, np.int64))


def test_a_loop_keeps_its_name_and_its_docstring() -> None:
    """Help shows what the function says of itself."""
    loop = compiled("const i8[::1]", "i8[::1]")(_doubled)
    assert (loop.__name__, loop.__doc__) == ("_doubled", "Write twice the values.")


def test_without_a_folder_for_a_cache_a_loop_is_compiled_in_memory() -> None:
    """A function that no file holds has no cache, and runs all the same."""
    names: dict[str, object] = {}
    exec("def one(out):\n    out[0] = 1", names)  # noqa: S102 - that is the case
    out = np.zeros(1, np.int64)
    compiled("i8[::1]")(names["one"])(out)  # type: ignore[arg-type,operator]
    assert out[0] == 1


def test_all_loops_are_loaded_at_once_and_not_before() -> None:
    """Declaring a loop does not import numba; loading all loops does."""
    script = (
        "import sys\nfrom hashwalk.compiled import compiled, load_compiled\n"
        "@compiled('i8')\ndef same(n):\n    return n\n"
        "print('numba' in sys.modules)\nload_compiled()\nprint('numba' in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True"]
    assert load_compiled() is None


MODULE = """
import resource, sys
import numpy as np
from hashwalk.compiled import compiled, load_kept

@compiled("i8[::1]")
def one(out):
    out[0] = 1

if "full" in sys.argv:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
if "kept" in sys.argv:
    load_kept()
    print(one._call is not None)
else:
    out = np.zeros(1, np.int64)
    one(out)
    print(out[0])
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """Write a module with a loop, whose cache is beside it."""
    path = tmp_path / "module.py"
    path.write_text(MODULE)
    return path


def printed(script: Path, *arguments: str) -> str:
    command = [sys.executable, str(script), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def cache_of(script: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in script.parent.glob("__pycache__/*.nb?")}


def test_only_what_the_cache_has_is_loaded_where_nothing_may_be_compiled(script: Path) -> None:
    assert printed(script, "kept") == "False"
    assert printed(script) == "1"
    assert printed(script, "kept") == "True"


@pytest.mark.parametrize("suffix", ["nbi", "nbc"])
def test_a_damaged_cache_is_made_anew(script: Path, suffix: str) -> None:
    assert printed(script) == "1"
    for path in script.parent.glob(f"__pycache__/*.{suffix}"):
        path.write_bytes(path.read_bytes()[:50])
    assert printed(script) == "1"  # which empties the cache
    assert printed(script) == "1"
    assert printed(script, "kept") == "True"


def test_a_full_disk_costs_the_cache_alone(script: Path) -> None:
    assert printed(script, "full") == "1"
    assert not any(cache_of(script).values())


def test_ctrl_c_waits_until_a_loop_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """LLVM would swallow it."""
    done = []

    def machine_code(function: object, arguments: object) -> object:
        signal.raise_signal(signal.SIGINT)
        done.append(arguments)
        return function

    monkeypatch.setattr("hashwalk.compiled._machine_code", machine_code)
    before = signal.getsignal(signal.SIGINT)
    loop = compiled("const i8[::1]", "i8[::1]")(_doubled)
    with pytest.raises(KeyboardInterrupt):
        loop.load()
    assert (done, signal.getsignal(signal.SIGINT)) == ([("const i8[::1]", "i8[::1]")], before)
