"""The speed of lists is measured for each conversion, and only if all of it was converted."""

from pathlib import Path

import pytest

from hashwalk.hashlists import read_list, write_list
from hashwalk_bench import lists


def test_every_conversion_has_its_rate(capsys: pytest.CaptureFixture[str]) -> None:
    lists.main(["--records", "200"])
    printed = capsys.readouterr().out
    for read_as, written_as, target in lists.CONVERSIONS:
        (line,) = [one for one in printed.splitlines() if f" {read_as} to {written_as}," in one]
        assert target in line
    assert max(map(len, printed.splitlines())) <= 80


def test_a_conversion_that_loses_records_is_no_figure(tmp_path: Path) -> None:
    write_list(list(lists.random_records(4)), tmp_path / "source.jsonl", "jsonl")
    with pytest.raises(SystemExit, match="4 of 5 records"):
        lists.measure(tmp_path, "jsonl", "csv", 5)
    assert len(list(read_list(tmp_path / "out", container="csv"))) == 4
