"""Commands of installed packages: found, run, and broken without harm to the others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Run

GREETING = """
import typer
app = typer.Typer(help="Greet someone.", rich_markup_mode=None)

@app.command()
def greet(name: str) -> None:
    '''Greet someone.'''
    print("hello", name)
"""


def install(folder: Path, package: str, command: str, source: str) -> dict[str, str]:
    """Put a distribution with one command into `folder`; return the environment that sees it."""
    module = package.replace("-", "_")
    (folder / f"{module}.py").write_text(source)
    info = folder / f"{module}-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[hashwalk.commands]\n{command} = {module}:app\n")
    return {"PYTHONPATH": str(folder)}


def test_the_benchmark_is_mounted_and_listed(run_hashwalk: Run) -> None:
    assert "\n  bench " in run_hashwalk("--help").stdout
    assert run_hashwalk("bench", "--help").stdout.startswith("Usage: hashwalk bench ")


def test_a_command_of_another_package_runs_and_is_listed(run_hashwalk: Run, tmp_path: Path) -> None:
    environment = install(tmp_path, "hashwalk-greeting", "greet", GREETING)
    done = run_hashwalk("greet", "you", env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "hello you\n", "")
    assert "\n  greet " in run_hashwalk("--help", env=environment).stdout


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("raise ZeroDivisionError('by nothing')", "ZeroDivisionError: by nothing"),
        ("import no_such_package", "ModuleNotFoundError: No module named 'no_such_package'"),
        ("raise SystemExit(7)", "SystemExit: 7"),
        ("app = 3", "TypeError: it gives a int where a typer.Typer is due"),
    ],
)
def test_a_broken_package_costs_its_own_command_alone(
    run_hashwalk: Run, tmp_path: Path, source: str, reason: str
) -> None:
    environment = install(tmp_path, "hashwalk-broken", "greet", source)
    done = run_hashwalk("greet", "--loud", "you", env=environment)
    assert (done.returncode, done.stdout) == (1, "")
    said = f"hashwalk: the command 'greet' of hashwalk-broken is broken: {reason}\n"
    assert done.stderr == said
    assert run_hashwalk("--help", env=environment).returncode == 0
    assert run_hashwalk("formats", "pdq", env=environment).returncode == 0


def test_a_command_that_two_packages_claim_names_both(run_hashwalk: Run, tmp_path: Path) -> None:
    install(tmp_path, "hashwalk-one", "greet", GREETING)
    environment = install(tmp_path, "hashwalk-two", "greet", GREETING)
    done = run_hashwalk("greet", "you", env=environment)
    assert (done.returncode, done.stdout) == (1, "")
    assert "claimed by hashwalk-one and by hashwalk-two: uninstall one" in done.stderr
    assert run_hashwalk("--help", env=environment).returncode == 0


def test_no_package_takes_a_name_of_our_own(run_hashwalk: Run, tmp_path: Path) -> None:
    environment = install(tmp_path, "hashwalk-thief", "formats", GREETING)
    assert run_hashwalk("formats", "pdq", env=environment).stdout.startswith("id")


def test_a_misspelled_name_is_told_of_a_mounted_one(run_hashwalk: Run) -> None:
    done = run_hashwalk("bensh")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean 'bench'?" in done.stderr
