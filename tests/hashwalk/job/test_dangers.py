"""A file that kills, hangs or bloats its worker costs one failure, and the job goes on."""

import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from hashwalk.crosswalk import Crosswalk
from hashwalk.errors import FailureCode
from hashwalk.job import rehash

Paint = Callable[..., Path]

pytestmark = pytest.mark.usefixtures("test_formats")


@pytest.mark.parametrize(
    ("deed", "code", "told"),
    [
        ("killed", FailureCode.CRASHED, "SIGKILL"),
        ("segfault", FailureCode.CRASHED, "SIGSEGV"),
        ("abort", FailureCode.CRASHED, "SIGABRT"),
        ("exit", FailureCode.CRASHED, "exit code 0"),
        ("hang", FailureCode.TIMEOUT, "longer than 2 s"),
    ],
)
def test_a_deadly_file_costs_one_failure_for_all_formats(  # noqa: PLR0917 - fixtures
    tmp_path: Path, walk: Path, paint: Paint, deed: str, code: FailureCode, told: str
) -> None:
    for number in range(12):
        paint(tmp_path / "media" / f"{number:02}.png", number)
    bad = paint(tmp_path / "media" / "05-bad.png", 99, deed=deed)
    formats = ["test-mean", "test-danger"]
    summary = rehash([bad.parent], walk, formats=formats, workers=2, timeout_s=2)
    (failure,) = Crosswalk.open(walk).failures()
    assert (failure.uri, failure.format, failure.code) == (bad.as_uri(), "*", code)
    assert told in failure.message
    assert (summary.files, summary.hashed, summary.failed) == (13, 12, 1)
    assert len(list(Crosswalk.open(walk).hashed())) == 24


def test_many_deadly_files_cost_themselves_only(tmp_path: Path, walk: Path, paint: Paint) -> None:
    deeds = ["segfault", "memory", "refuse", "exit"]
    for number in range(40):
        deed = deeds[number // 2 % 4] if number % 2 else ""
        paint(tmp_path / "media" / f"{number:02}.png", number, deed=deed)
    summary = rehash(
        [tmp_path / "media"], walk, formats=["test-danger"], workers=3, max_memory_mib=256
    )
    assert summary.failures == {
        FailureCode.CRASHED: 10,
        FailureCode.OUT_OF_MEMORY: 5,
        FailureCode.UNSUPPORTED: 5,
    }
    assert len(list(Crosswalk.open(walk).hashed())) == 20


def test_a_format_that_wants_too_much_memory_fails_alone(
    tmp_path: Path, walk: Path, paint: Paint
) -> None:
    source = paint(tmp_path / "a.png", deed="memory")
    rehash([source], walk, formats=["test-danger", "test-mean"], workers=1, max_memory_mib=256)
    (failure,) = Crosswalk.open(walk).failures()
    assert (failure.format, failure.code) == ("test-danger", FailureCode.OUT_OF_MEMORY)
    assert [name for _, name in Crosswalk.open(walk).hashed()] == ["test-mean"]


def test_a_file_has_the_same_memory_whatever_came_before_it(
    tmp_path: Path, walk: Path, paint: Paint
) -> None:
    """Each of them takes more than a quarter of the limit and gives nothing back."""
    for number in range(8):
        paint(tmp_path / "media" / f"{number}.png", number, deed="hold")
    summary = rehash(
        [tmp_path / "media"], walk, formats=["test-danger"], workers=1, max_memory_mib=256
    )
    assert (summary.hashes, summary.failed) == (8, 0)


def test_media_beyond_the_least_memory_are_said_to_be_so_and_no_worse(
    tmp_path: Path, walk: Path, paint: Paint
) -> None:
    """Neither damaged nor unsupported, by whichever library the memory was missed."""
    bomb(tmp_path / "grey.png", 6000)
    Image.new("RGB", (4000, 3000)).save(tmp_path / "colour.jpg")
    small = paint(tmp_path / "small.png", 1, size=300)
    rehash([tmp_path], walk, workers=1, max_memory_mib=64)
    held = Crosswalk.open(walk)
    failures = list(held.failures())
    assert {failure.code for failure in failures} == {FailureCode.OUT_OF_MEMORY}
    assert small.as_uri() not in {failure.uri for failure in failures}


def bomb(path: Path, side: int) -> None:
    """Write a picture of a few KB that decodes to side x side bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + check

    sides = side.to_bytes(4, "big") * 2
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(side + 1)) for _ in range(side)) + packer.flush()
    head = chunk(b"IHDR", sides + bytes((8, 0, 0, 0, 0)))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b""))


def test_a_decompression_bomb_passes_the_memory_limit_and_not_the_machine(
    tmp_path: Path, walk: Path, paint: Paint
) -> None:
    paint(tmp_path / "media" / "good.png", 1)
    bomb(tmp_path / "media" / "bomb.png", 16_000)
    summary = rehash(
        [tmp_path / "media"],
        walk,
        formats=["test-mean"],
        workers=1,
        max_memory_mib=300,
        max_pixels=1 << 30,
    )
    (failure,) = Crosswalk.open(walk).failures()
    assert failure.code == FailureCode.OUT_OF_MEMORY
    assert (summary.files, summary.failed) == (2, 1)
    assert len(list(Crosswalk.open(walk).hashed())) == 1


def test_a_limit_on_pixels_refuses_before_decoding(tmp_path: Path, walk: Path) -> None:
    bomb(tmp_path / "bomb.png", 4000)
    rehash([tmp_path / "bomb.png"], walk, formats=["test-mean"], workers=1, max_pixels=1_000_000)
    (failure,) = Crosswalk.open(walk).failures()
    assert failure.code == FailureCode.TOO_LARGE


def test_a_deadly_file_is_not_tried_again_without_being_asked(
    tmp_path: Path, walk: Path, paint: Paint
) -> None:
    source = paint(tmp_path / "a.png", deed="segfault")
    for retry, failed, standing in ((False, 1, 0), (False, 0, 1), (True, 1, 0)):
        summary = rehash([source], walk, formats=["test-danger"], workers=1, retry_failed=retry)
        assert (summary.failed, summary.standing) == (failed, standing)


def test_a_deadly_file_under_two_names_is_two_failures(
    tmp_path: Path, walk: Path, paint: Paint
) -> None:
    source = paint(tmp_path / "media" / "a.png", deed="killed")
    (tmp_path / "media" / "b.png").write_bytes(source.read_bytes())
    rehash([source.parent], walk, formats=["test-danger"], workers=2)
    assert [f.format for f in Crosswalk.open(walk).failures()] == ["*", "*"]
