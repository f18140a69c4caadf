"""``hashwalk bench`` as a whole: light to import, and clear about what it needs."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from hashwalk.errors import UsageError
from hashwalk_bench.cli.extra import require_extra

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


def test_help_loads_nothing_heavy() -> None:
    heavy = {"numpy", "cv2", "av", "PIL", "pyarrow", "scipy", "numba", "jinja2", "msgspec"}
    code = f"import sys, hashwalk_bench.cli; print(sorted({heavy} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that is None is one that cannot be imported."""
    require_extra()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(UsageError, match=r"needs jinja2: pip install 'hashwalk\[bench\]'"):
        require_extra()


def test_what_is_no_run_cannot_be_measured(run_hashwalk: Run, tmp_path: Path) -> None:
    done = run_hashwalk("bench", "measure", tmp_path / "run")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1].startswith("hashwalk: there is no folder")
