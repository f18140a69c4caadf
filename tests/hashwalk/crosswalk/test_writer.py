"""What is committed stays, what is not was never there, and one job writes at a time."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hashwalk.crosswalk import Crosswalk, CrosswalkWriter, Manifest
from hashwalk.errors import (
    CrosswalkBusyError,
    CrosswalkError,
    CrosswalkSchemaError,
    FailureCode,
)
from hashwalk.format import Hash, Part
from hashwalk.registry import get_format
from hashwalk.results import Failure, HashedFile, Label, Media

PHASH = Hash.of("phash", bytes(8))

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
int32 = st.integers(-(2**31), 2**31 - 1)
int64 = st.integers(-(2**63), 2**63 - 1)
sha256 = st.binary(min_size=32, max_size=32).map(bytes.hex)
maybe = st.none()
media_rows = st.builds(
    Media,
    uri=text,
    sha256=sha256,
    md5=text,
    size=int64,
    mtime_ns=int64,
    type=st.sampled_from(["picture", "video", "other"]),
    container=maybe | text,
    codec=maybe | text,
    width=maybe | int32,
    height=maybe | int32,
    duration_s=maybe | st.floats(allow_nan=False),
    frames=maybe | int64,
    orientation=maybe | int32,
    rotation=maybe | int32,
    decoder=maybe | text,
    decoder_version=maybe | text,
    labels=st.lists(st.builds(Label, text, text, text, text), max_size=3).map(tuple),
)
parts = st.builds(
    Part,
    st.binary(max_size=40),
    maybe | int32,
    maybe | st.floats(allow_nan=False),
    maybe | int64,
)
hashes = st.builds(
    Hash, st.sampled_from(["phash", "vpdq", "ζ"]), st.lists(parts, min_size=1).map(tuple)
)
failures = st.builds(
    Failure,
    uri=text,
    format=text,
    code=st.sampled_from(FailureCode),
    message=st.text(max_size=20),
    size=int64,
    mtime_ns=int64,
    sha256=maybe,
)


def modes(root: Path) -> set[tuple[bool, int]]:
    return {(p.is_dir(), stat.S_IMODE(p.stat().st_mode)) for p in [root, *root.rglob("*")]}


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    media=st.lists(media_rows, max_size=4, unique_by=lambda m: m.uri),
    values=st.lists(hashes, max_size=4, unique_by=lambda h: h.format),
)
def test_rows_come_back_as_they_went_in(
    media: list[Media], values: list[Hash], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("walks") / "walk"
    with CrosswalkWriter.open(root, formats=()) as writer:
        for item in media:
            writer.add(HashedFile(media=item, hashes=tuple(values)))
    read = Crosswalk.open(root)
    assert list(read.media()) == sorted(media, key=lambda m: m.uri.encode())
    for item in media:
        assert read.lookup(item.sha256) == {value.format: value for value in values}


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(failures.filter(lambda f: f.format != "*"), min_size=1, max_size=4))
def test_any_message_can_be_stored(
    rows: list[Failure], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("walks") / "walk"
    whole_file = [
        Failure(
            uri=f"file:///{number}",
            format="*",
            code=row.code,
            message=row.message,
            size=row.size,
            mtime_ns=row.mtime_ns,
        )
        for number, row in enumerate(rows)
    ]
    with CrosswalkWriter.open(root, formats=()) as writer:
        writer.add(HashedFile(media=None, failures=tuple(whole_file)))
    read = [failure.message for failure in Crosswalk.open(root).failures()]
    assert read == [row.message.encode("utf-8", "backslashreplace").decode() for row in whole_file]


def test_files_are_private_even_under_a_generous_umask(tmp_path: Path, make_media: Any) -> None:
    before = os.umask(0)
    try:
        with CrosswalkWriter.open(tmp_path / "walk", formats=()) as writer:
            media = make_media("a.jpg")
            failure = Failure(
                uri="x", format="*", code=FailureCode.CRASHED, message="", size=0, mtime_ns=0
            )
            writer.add(HashedFile(media=media, hashes=(PHASH,), failures=(failure,)))
    finally:
        os.umask(before)
    assert modes(tmp_path / "walk") == {(True, 0o700), (False, 0o600)}


def test_nothing_to_write_writes_no_batch(tmp_path: Path) -> None:
    with CrosswalkWriter.open(tmp_path / "walk", formats=()) as writer:
        writer.flush()
    assert list((tmp_path / "walk" / "media").iterdir()) == []


def test_pending_rows_count_what_the_next_flush_writes(tmp_path: Path, make_media: Any) -> None:
    frames = Hash("vpdq", (Part(bytes(32)), Part(bytes(32)), Part(bytes(32))))
    with CrosswalkWriter.open(tmp_path / "walk", formats=()) as writer:
        for _ in range(2):
            writer.add(HashedFile(media=make_media("a.mp4"), hashes=(frames, PHASH)))
        assert writer.pending_rows == 1 + 3 + 1
        writer.flush()
        assert writer.pending_rows == 0


def test_a_hash_without_any_value_is_a_failure_of_its_format(
    tmp_path: Path, make_media: Any
) -> None:
    with CrosswalkWriter.open(tmp_path / "walk", formats=()) as writer:
        writer.add(HashedFile(media=make_media("a.jpg"), hashes=(Hash("empty", ()), PHASH)))
    read = Crosswalk.open(tmp_path / "walk")
    assert [(f.format, f.code) for f in read.failures()] == [("empty", FailureCode.CRASHED)]
    assert [h.format for _, h in read.hashes()] == ["phash"]


def test_an_interrupted_job_keeps_its_rows_and_a_broken_one_drops_them(
    tmp_path: Path, make_media: Any
) -> None:
    def write(name: str, error: type[BaseException]) -> None:
        with CrosswalkWriter.open(tmp_path / "w", formats=()) as writer:
            writer.add(HashedFile(media=make_media(name)))
            raise error

    with pytest.raises(KeyboardInterrupt):
        write("kept.jpg", KeyboardInterrupt)
    with pytest.raises(RuntimeError):
        write("dropped.jpg", RuntimeError)
    assert [m.uri for m in Crosswalk.open(tmp_path / "w").media()] == ["file:///media/kept.jpg"]


def test_a_second_writer_is_refused_until_the_first_is_done(tmp_path: Path) -> None:
    with (
        CrosswalkWriter.open(tmp_path / "walk", formats=()),
        pytest.raises(CrosswalkBusyError, match="another job"),
    ):
        CrosswalkWriter.open(tmp_path / "walk", formats=())
    CrosswalkWriter.open(tmp_path / "walk", formats=()).close()


def test_a_forked_worker_does_not_keep_the_lock(tmp_path: Path) -> None:
    program = (
        "import os, sys, signal, time\n"
        "from hashwalk.crosswalk import CrosswalkWriter\n"
        f"writer = CrosswalkWriter.open({str(tmp_path / 'walk')!r}, formats=())\n"
        "child = os.fork()\n"
        "if not child: os.close(1), time.sleep(60), os._exit(0)\n"
        "print(child, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=False)
    assert done.returncode == -signal.SIGKILL
    try:
        CrosswalkWriter.open(tmp_path / "walk", formats=()).close()
    finally:
        os.kill(int(done.stdout), signal.SIGKILL)


@pytest.mark.parametrize("uncommitted", ["hashes", "failures"])
def test_readers_pass_over_a_batch_without_media_part_and_the_next_writer_removes_it(
    uncommitted: str, write_crosswalk: Any, make_media: Any, make_failure: Any
) -> None:
    first, second = make_media("a.jpg"), make_media("b.jpg")
    root = write_crosswalk(
        [HashedFile(media=first, hashes=(PHASH,))],
        [HashedFile(media=second, hashes=(PHASH,), failures=(make_failure(second, "vpdq"),))],
    )
    (root / "media" / "000000000002.parquet").unlink()
    kept = root / uncommitted / "000000000002.parquet"
    temporary = root / uncommitted / ".000000000003.parquet.tmp"
    temporary.write_bytes(b"PAR1 half a par")
    read = Crosswalk.open(root)
    assert [m.uri for m in read.media()] == [first.uri]
    assert [sha for sha, _ in read.hashes()] == [first.sha256]
    assert list(read.failures()) == []
    CrosswalkWriter.open(root, formats=()).close()
    assert not kept.exists()
    assert not temporary.exists()


@pytest.mark.parametrize("left", [[], [".lock"], [".lock", ".crosswalk.json.tmp"]])
def test_a_job_that_was_killed_before_the_manifest_can_start_again(
    left: list[str], tmp_path: Path, make_media: Any
) -> None:
    (tmp_path / "walk").mkdir()
    for name in left:
        (tmp_path / "walk" / name).touch()
    with CrosswalkWriter.open(tmp_path / "walk", formats=()) as writer:
        writer.add(HashedFile(media=make_media("a.jpg")))
    assert Crosswalk.open(tmp_path / "walk").count_files() == 1


KILLED = """
import os, signal, sys
from hashwalk.crosswalk import CrosswalkWriter
from hashwalk.format import Hash
from hashwalk.results import HashedFile, Media

calls = 0
limit = int(sys.argv[2])

def counted(name):
    real = getattr(os, name)
    def call(*arguments, **keywords):
        global calls
        calls += 1
        if calls == limit:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **keywords)
    setattr(os, name, call)

for name in ("open", "fsync", "replace", "mkdir", "rename", "close"):
    counted(name)
with CrosswalkWriter.open(sys.argv[1], formats=()) as writer:
    for number in range(3):
        sha256 = f"{number:064x}"
        media = Media(uri=str(number), sha256=sha256, md5="", size=0, mtime_ns=0, type="other")
        writer.add(HashedFile(media=media, hashes=(Hash.of("x", b"x"),)))
        writer.flush()
        print(number, flush=True)
"""


def test_killed_at_any_step_a_job_loses_nothing_it_committed(tmp_path: Path) -> None:
    steps, outcome = 0, -signal.SIGKILL
    while outcome == -signal.SIGKILL:
        steps += 11
        root = tmp_path / str(steps)
        done = subprocess.run(
            [sys.executable, "-c", KILLED, root, str(steps)], stdout=subprocess.PIPE, check=False
        )
        outcome = done.returncode
        committed = len(done.stdout.split())
        CrosswalkWriter.open(root, formats=()).close()
        read = Crosswalk.open(root)
        uris = [m.uri for m in read.media()]
        assert uris in ([str(n) for n in range(committed)], [str(n) for n in range(committed + 1)])
        assert [int(sha256, 16) for sha256, _ in read.hashes()] == list(map(int, uris))
        assert [p for p in root.rglob("*") if p.name.endswith(".tmp")] == []
    assert outcome == 0
    assert steps > 30


def test_a_folder_with_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(CrosswalkSchemaError, match="not a cross-walk and not empty"):
        CrosswalkWriter.open(tmp_path, formats=())
    assert [p.name for p in tmp_path.iterdir()] == ["holiday.jpg"]
    with pytest.raises(CrosswalkSchemaError, match="is a file"):
        CrosswalkWriter.open(tmp_path / "holiday.jpg", formats=())


def test_a_disk_that_refuses_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CrosswalkError, match=r"\): make it writable or free some"):
        CrosswalkWriter.open(tmp_path / "file" / "walk", formats=())


def test_another_version_of_a_format_is_refused(write_crosswalk: Any) -> None:
    root = write_crosswalk()
    text = (root / "crosswalk.json").read_text()
    (root / "crosswalk.json").write_text(text.replace('"version": 1', '"version": 9'))
    with pytest.raises(CrosswalkSchemaError, match="phash hashes of version 9 are recorded"):
        CrosswalkWriter.open(root, formats=[get_format("phash")])
    CrosswalkWriter.open(root, formats=[get_format("md5")]).close()


def test_new_formats_join_those_that_are_there(tmp_path: Path) -> None:
    for format_id in ("phash", "md5"):
        CrosswalkWriter.open(tmp_path / "walk", formats=[get_format(format_id)]).close()
    recorded = Crosswalk.open(tmp_path / "walk").manifest.formats
    assert {f: (e.kind, e.bits, e.value_bytes) for f, e in recorded.items()} == {
        "phash": ("picture", 64, 8),
        "md5": ("file", 128, 16),
    }


def test_another_version_of_a_library_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "walk").mkdir()
    Manifest.new().with_libraries({"Pillow": ["1.1.6"]}).save(tmp_path / "walk")
    with CrosswalkWriter.open(tmp_path / "walk", formats=[get_format("phash")]) as writer:
        assert [w for w in writer.warnings if "Pillow (1.1.6, " in w]
    with CrosswalkWriter.open(tmp_path / "new", formats=[get_format("phash")]) as writer:
        assert writer.warnings == []
