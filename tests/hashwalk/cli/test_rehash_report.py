"""What is said of a finished job."""

from __future__ import annotations

import pytest

from hashwalk.cli.rehash_report import closing_lines
from hashwalk.job.progress import Summary


@pytest.mark.parametrize(("files", "said"), [(0, "0 files"), (1, "1 file"), (1200, "1,200 files")])
def test_a_job_that_was_stopped_says_how_many_files_are_done(files: int, said: str) -> None:
    lines = closing_lines(Summary(files=files, interrupted=True))
    assert lines[-1] == f"stopped: {said} done; the same command goes on"
