"""Labels are carried as they are, from CSV or JSON lines, by path or by content."""

import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk.crosswalk import Crosswalk
from hashwalk.errors import LabelsError
from hashwalk.job import rehash
from hashwalk.job.labels import LabelLine, read_labels
from hashwalk.results import Label

Paint = Callable[..., Path]
Run = Callable[..., subprocess.CompletedProcess[str]]

HEADER = "path,scheme,version,region,code\n"
SHA256 = "ab" * 32
pytestmark = pytest.mark.usefixtures("test_formats")


def lines(tmp_path: Path, text: str) -> list[LabelLine]:
    """Return what the labels file `text` says."""
    path = tmp_path / "labels"
    path.write_text(text)
    return list(read_labels(path))


def test_csv_names_files_by_path_from_both_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    (line,) = lines(tmp_path, HEADER + 'x y.jpg,iwf,2,uk,"A, B"\n')
    assert line.label == Label("iwf", "2", "uk", "A, B")
    assert line.keys == (
        (tmp_path / "x y.jpg").as_uri(),
        (tmp_path / "elsewhere" / "x y.jpg").as_uri(),
    )


def test_csv_may_have_both_columns_and_others(tmp_path: Path) -> None:
    text = "sha256,path,note,scheme,version,region,code\n"
    text += f"{SHA256.upper()},,n,s,,,1\n,/a.jpg,,s,,,2\n"
    first, second = lines(tmp_path, text)
    assert (first.keys, second.keys) == ((SHA256,), ("file:///a.jpg",))


def test_json_lines_may_begin_with_empty_ones(tmp_path: Path) -> None:
    (line,) = lines(tmp_path, '\n  \n {"path": "/a", "scheme": "s", "code": "c"}\n\n')
    assert (line.keys, line.number) == (("file:///a",), 3)


def test_a_path_may_name_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (line,) = lines(tmp_path, '{"path": "/caf\\udce9", "scheme": "s", "code": "c"}\n')
    assert line.keys == ("file:///caf%E9",)


@pytest.mark.parametrize("path", ["../a\\u0000b", "a\\u0000b"])
def test_a_path_that_no_file_can_have_matches_none(tmp_path: Path, path: str) -> None:
    (line,) = lines(tmp_path, f'{{"path": "{path}", "scheme": "s", "code": "c"}}\n')
    assert all("a%00b" in key for key in line.keys)


text_fields = st.text(st.characters(codec="utf-8"), min_size=1)


@given(labels=st.lists(st.builds(Label, text_fields, text_fields, text_fields, text_fields)))
def test_json_lines_come_back_verbatim(
    tmp_path_factory: pytest.TempPathFactory, labels: list[Label]
) -> None:
    folder = tmp_path_factory.mktemp("labels")
    records = [
        {"sha256": SHA256, **{name: getattr(label, name) for name in Label.__slots__}}
        for label in labels
    ]
    text = "".join(json.dumps(record) + "\n" for record in records)
    if labels:
        assert [line.label for line in lines(folder, text)] == labels


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("path,scheme\na,b\n", "no column code, region, version"),
        (HEADER + "a,s,1,,c\nb,s,1\n", "line 3"),
        (HEADER + "a,s,1,,c,more\n", "line 2"),
        (HEADER + ",s,1,,c\n", "line 2"),
        (HEADER + "a,,1,,c\n", "line 2"),
        (HEADER + 'a,"s,1,,c\n', "line"),
        ("sha256,scheme,version,region,code\nabc,s,1,,c\n", "line 2"),
        ('{"path": "a", "scheme": "s", "code": "c"}\n\n{"path": \n', "line 3"),
        ('{"path": "a", "scheme": "s", "code": 3}\n', "line 1"),
        ('{"path": "a"}\n', "line 1"),
        ('{"scheme": "s", "code": "c"}\n', "line 1"),
        ('{"path": "a", "scheme": "s", "code": "c"}\n[]\n', "line 2"),
        ("", "empty"),
        ("\n \n", "empty"),
        ("\n" + HEADER + "a,s,1,,c\nb,s,1\n", "line 4"),
        ("path,path,scheme,version,region,code\n", "two columns path"),
        (
            '\n{"path": "a", "scheme": "s", "code": "c"}\n{"path": }\n',
            r"line 3 is not .* column 10",
        ),
        ('{"path": "a", "scheme": "s", "code": "c", "code": "d"}\n', "line 1.* a field twice"),
        ('{"sha256": "", "path": "a", "scheme": "s\\ud800", "code": "c"}\n', "line 1: scheme has"),
        ('{"path": "a\\ud800", "scheme": "s", "code": "c"}\n', "line 1: path has half"),
        ('{"path": ' + "[" * 100_000 + "\n", "line 1"),
        ('{"path": ' + "9" * 5_000 + "}\n", "line 1"),
    ],
)
def test_a_malformed_line_is_told_by_its_number(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(LabelsError, match=told) as caught:
        lines(tmp_path, text)
    assert str(caught.value).count("line ") <= 1


def test_labels_that_are_not_there_or_not_text_are_told(tmp_path: Path) -> None:
    with pytest.raises(LabelsError, match="cannot be read"):
        list(read_labels(tmp_path / "none"))
    with pytest.raises(LabelsError, match="Is a directory"):
        list(read_labels(tmp_path))
    (tmp_path / "binary").write_bytes(b"path,scheme,version,region,code\n\xff\xfe,a,b,c,d\n")
    with pytest.raises(LabelsError, match="not UTF-8"):
        list(read_labels(tmp_path / "binary"))


def test_labels_reach_the_rows_by_path_and_by_content(tmp_path: Path, paint: Paint) -> None:
    a, b = paint(tmp_path / "m" / "a.png", 1), paint(tmp_path / "m" / "b.png", 2)
    digest = hashlib.sha256(b.read_bytes()).hexdigest()
    (tmp_path / "labels.jsonl").write_text(
        f'{{"path": "m/a.png", "scheme": "s", "code": "1"}}\n'
        f'{{"path": "{a}", "scheme": "s", "code": "2"}}\n'
        f'{{"sha256": "{digest}", "scheme": "s", "code": "3"}}\n'
        f'{{"path": "m/none.png", "scheme": "s", "code": "4"}}\n'
    )
    walk = tmp_path / "walk"
    labels = tmp_path / "labels.jsonl"
    summary = rehash([tmp_path / "m"], walk, formats=["test-mean"], workers=1, labels=labels)
    assert [[x.code for x in m.labels] for m in Crosswalk.open(walk).media()] == [["1", "2"], ["3"]]
    assert list(summary.unmatched_labels) == [4]


def test_labels_change_without_hashing_and_stay_when_not_named(
    tmp_path: Path, paint: Paint
) -> None:
    a = paint(tmp_path / "a.png", 1)
    walk, labels = tmp_path / "walk", tmp_path / "labels.csv"
    for code, hashed in (("1", 1), ("2", 0), (None, 0)):
        if code:
            labels.write_text(HEADER + f"a.png,s,v,r,{code}\n")
        given_labels = labels if code else None
        summary = rehash([a], walk, formats=["test-mean"], workers=1, labels=given_labels)
        assert summary.hashed == hashed
        (media,) = Crosswalk.open(walk).media()
        assert media.labels == (Label("s", "v", "r", code or "2"),)


def test_a_label_for_one_name_is_not_given_to_another(tmp_path: Path, paint: Paint) -> None:
    a = paint(tmp_path / "m" / "a.png", 1)
    (tmp_path / "m" / "b.png").write_bytes(a.read_bytes())
    (tmp_path / "labels.csv").write_text(HEADER + "m/a.png,s,v,r,1\n")
    walk = tmp_path / "walk"
    rehash([a.parent], walk, formats=["test-mean"], labels=tmp_path / "labels.csv", workers=1)
    assert [len(m.labels) for m in Crosswalk.open(walk).media()] == [1, 0]


def test_labels_that_match_no_file_are_told_by_line(
    tmp_path: Path, paint: Paint, run_hashwalk: Run, environment: dict[str, str]
) -> None:
    paint(tmp_path / "a.png", 1)
    labels = tmp_path / "labels.csv"
    none = "".join(f"none-{number}.png,s,v,r,1\n" for number in range(7))
    labels.write_text(HEADER + none + "a.png,s,v,r,1\nnone.png,s,v,r,1\n")
    command = ["rehash", tmp_path / "a.png", "-f", "test-mean", "--labels", labels, "--json"]
    ended = run_hashwalk(*command, "-o", tmp_path / "walk", env=environment)
    assert f"8 of the labels matched no file: {labels}, lines 2, 3, 4, 5, 6, ...\n" in ended.stderr
    told = json.loads(ended.stdout)
    assert told["unmatched_labels"] == 8
    assert told["unmatched_label_lines"] == [2, 3, 4, 5, 6, 7, 8, 10]
