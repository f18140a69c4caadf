"""What all tests share: reference outputs, generated media, the command line, oracles."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from hashwalk_bench.samples import write_samples

HERE = Path(__file__).parent
VECTORS = HERE / "vectors"
CLIPS = sorted(path.name for path in (VECTORS / "clips").glob("*"))
NO_THREADS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
"""What keeps imports from starting threads."""
REQUIRE_ORACLES = "HASHWALK_REQUIRE_ORACLES"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def vectors_folder() -> Path:
    """The folder of reference pictures and clips."""
    return VECTORS


@pytest.fixture(scope="session")
def vectors(vectors_folder: Path) -> dict[str, Any]:
    """What the reference implementations say of them: vectors.json."""
    found: dict[str, Any] = json.loads((vectors_folder / "vectors.json").read_text())
    return found


@pytest.fixture(scope="session")
def clip_names() -> list[str]:
    """The names of all reference clips."""
    return CLIPS


@pytest.fixture(params=CLIPS)
def clip_name(request: pytest.FixtureRequest) -> str:
    """The name of a reference clip: a test that takes it runs for each."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of generated pictures and clips; not to be changed."""
    folder = tmp_path_factory.mktemp("samples")
    write_samples(folder)
    return folder


@pytest.fixture(scope="session")
def hashwalk_command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """What to put before arguments to run the command line in a process of its own, warm.

    Streams, folder, environment and exit code are those of a process that is started; only
    imports were done before, see warm_server.py. Tests of the start itself do not use it.
    SIGINT and SIGTERM reach the run, SIGUSR1 kills it.
    """
    socket = str(tmp_path_factory.mktemp("warm") / "socket")
    command = [sys.executable, str(HERE / "warm_server.py"), socket]
    environment = {**os.environ, **NO_THREADS}
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, env=environment, **pipes) as server:
        assert server.stdout is not None
        if not server.stdout.readline():
            raise RuntimeError(server.communicate()[1].decode())
        yield [sys.executable, "-I", "-S", str(HERE / "warm_client.py"), socket]
        server.communicate()


@pytest.fixture(scope="session")
def run_hashwalk(hashwalk_command: list[str]) -> Run:
    """Run the command line in a process of its own: ``run_hashwalk("formats", "--json")``.

    Keywords go to subprocess.run; the terminal is 80 columns wide.
    """

    def run(*arguments: str | Path, **keywords: Any) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "COLUMNS": "80", **keywords.pop("env", {})}
        return subprocess.run(
            [*hashwalk_command, *map(str, arguments)],
            **{"capture_output": True, "text": True, "timeout": 120, **keywords},
            env=environment,
            check=False,
        )

    return run


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, Any]:
    """Make the skip of an oracle test a failure where oracles are required."""
    report = yield
    if report.skipped and item.get_closest_marker("oracle") and os.environ.get(REQUIRE_ORACLES):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, but {REQUIRE_ORACLES} is set"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, Any]:
    """Make a skipped file of tests a failure where oracles are required."""
    report = yield
    if report.skipped and os.environ.get(REQUIRE_ORACLES):
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped, but {REQUIRE_ORACLES} is set"
    return report
