"""Sources are walked lazily, in a fixed order, and nothing is left out unseen."""

import io
import os
from itertools import islice
from pathlib import Path
from typing import Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk.errors import UsageError
from hashwalk.hashing import file_uri
from hashwalk.job.discover import Sources, listed_paths, look_at, matches

TREE = ["b.jpg", "a.jpg", ".hidden.jpg", "deep/c.jpg", "deep/er/d.png", ".dot/e.jpg"]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files, which is the current one."""
    for name in TREE:
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def found(*sources: str, **options: Any) -> list[str]:
    """Return all paths under sources; a folder that cannot be listed is an error."""

    def complain(path: str, error: OSError | None) -> None:
        raise error or AssertionError(path)

    return list(Sources(sources, **options).paths(complain))


def test_a_folder_is_walked_sorted_with_its_hidden_files(tree: Path) -> None:
    expected = [".hidden.jpg", "a.jpg", "b.jpg", ".dot/e.jpg", "deep/c.jpg", "deep/er/d.png"]
    assert found(".") == [f"./{name}" for name in expected]


def test_a_file_is_itself(tree: Path) -> None:
    assert found("b.jpg", "a.jpg") == ["b.jpg", "a.jpg"]


def test_one_folder_can_be_skipped_under_any_name(tree: Path) -> None:
    (tree / "link").symlink_to(tree / "deep")
    assert not [path for path in found(".", skip=tree / "link") if "deep" in path]


def test_links_to_files_are_followed_links_to_folders_are_not(tree: Path) -> None:
    (tree / "file-link").symlink_to("a.jpg")
    (tree / "folder-link").symlink_to("deep")
    (tree / "loop").symlink_to(".")
    new = {*found(".")} - {f"./{name}" for name in TREE}
    assert new == {"./file-link"}


def test_a_link_to_nothing_is_given_so_that_it_is_reported(tree: Path) -> None:
    (tree / "broken").symlink_to("nowhere")
    assert "./broken" in found(".")
    assert look_at("broken").problem == "no such file or directory"


def test_what_is_no_file_is_passed_over_in_folders_and_told_by_name(tree: Path) -> None:
    os.mkfifo(tree / "pipe")
    assert "./pipe" not in found(".")
    assert look_at("pipe").problem == "is not a regular file"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.jpg", ["a.jpg", "b.jpg"]),
        (".*.jpg", [".hidden.jpg"]),
        ("[ab].jpg", ["a.jpg", "b.jpg"]),
        ("?.jpg", ["a.jpg", "b.jpg"]),
        ("**/*.jpg", ["a.jpg", "b.jpg", "deep/c.jpg"]),
        ("*/*/d.png", ["deep/er/d.png"]),
        ("d*", ["deep/c.jpg", "deep/er/d.png"]),
        ("deep/**", ["deep/c.jpg", "deep/er/d.png"]),
        ("*/er", ["deep/er/d.png"]),
    ],
)
def test_patterns_follow_the_shell(tree: Path, pattern: str, expected: list[str]) -> None:
    assert found(pattern) == expected
    absolute = found(f"{tree}/{pattern}")
    assert absolute == [f"{tree}/{name}" for name in expected]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tree: Path) -> None:
    (tree / "a[b].jpg").touch()
    assert found("a[b].jpg") == ["a[b].jpg"]


def test_a_large_folder_is_not_read_before_the_first_file(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The walk has taken at most a few thousand of the entries when it gives the first."""
    taken = 0
    real = os.scandir

    class Counting:
        def __init__(self, folder: str) -> None:
            self._entries = real(folder)

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            self._entries.close()

        def __iter__(self) -> Self:
            return self

        def __next__(self) -> os.DirEntry[str]:
            nonlocal taken
            taken += 1
            return next(self._entries)

    (tree / "many").mkdir()
    for number in range(10_000):
        os.close(os.open(tree / "many" / str(number), os.O_CREAT))
    monkeypatch.setattr(os, "scandir", Counting)
    first = list(islice(Sources(["many"]).paths(lambda *_: None), 10))
    assert len(first) == 10
    assert taken < 5000
    assert len(found("many")) == 10_000


def test_a_folder_that_cannot_be_listed_is_told(tree: Path) -> None:
    told = []
    sources = Sources(["."])
    (tree / "deep" / "c.jpg").unlink()
    walking = sources.paths(lambda path, error: told.append(path))
    next(walking)
    (tree / "deep").rename(tree / "gone")
    list(walking)
    assert told == ["./deep"]


@given(names=st.lists(st.binary(min_size=1).filter(lambda b: b"\0" not in b and b"\n" not in b)))
@pytest.mark.parametrize("mark", [b"\n", b"\0"])
def test_lists_of_paths_are_bytes_ended_by_a_newline_or_a_nul(
    mark: bytes, names: list[bytes]
) -> None:
    names = [n for n in names if not n.endswith(b"\r")]
    text = b"".join(name + mark for name in names)
    assert [os.fsencode(p) for p in listed_paths(io.BytesIO(text))] == names


def test_a_nul_ended_list_may_hold_newlines() -> None:
    assert list(listed_paths(io.BytesIO(b"a\nb\0c\0"))) == ["a\nb", "c"]


def test_a_list_need_not_end_with_a_mark_and_may_come_from_windows() -> None:
    assert list(listed_paths(io.BytesIO(b"a\r\n\r\nb"))) == ["a", "b"]


def test_a_listed_folder_is_walked(tree: Path) -> None:
    assert found("-", stdin=io.BytesIO(b"deep\na.jpg\n")) == [
        "deep/c.jpg",
        "deep/er/d.png",
        "a.jpg",
    ]


def test_uris_are_absolute_and_follow_no_link_but_a_parent(tree: Path) -> None:
    (tree / "link").symlink_to(tree / "deep" / "er")
    assert file_uri("a b.jpg") == f"{tree.as_uri()}/a%20b.jpg"
    assert file_uri("link/d.png") == f"{tree.as_uri()}/link/d.png"
    assert file_uri("link/../c.jpg") == f"{tree.as_uri()}/deep/c.jpg"
    assert Path("link/../c.jpg").exists()


@pytest.mark.parametrize("source", ["missing.jpg", "missing/*.jpg", "*.none"])
def test_a_source_that_is_not_there_is_given_so_that_it_is_reported(
    tree: Path, source: str
) -> None:
    assert found(source, "a.jpg") == [source, "a.jpg"]
    assert look_at(source).problem == "no such file or directory"


@pytest.mark.parametrize("sources", [[], [""], ["a.jpg", ""], ["-"]])
def test_sources_that_name_nothing_are_refused(tree: Path, sources: list[str]) -> None:
    with pytest.raises(UsageError):
        Sources(sources)


def test_matches_of_a_pattern_are_not_walked_into(tree: Path) -> None:
    assert list(matches("d*", lambda *_: None)) == ["deep"]
