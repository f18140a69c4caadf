"""The demo makes no cross-walk of nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from hashwalk_bench.demo import main


def test_a_folder_that_is_not_there_is_named_before_anything_is_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "nope"
    with pytest.raises(SystemExit) as ended:
        main(str(tmp_path / "demo"), str(missing))
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n"), str(missing) in err) == ("", 1, True)
    assert not (tmp_path / "demo").exists()
