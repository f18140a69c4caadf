"""Another program's hash is taken, and whatever else it does is a failure that tells no value."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hashwalk.command import MAX_OUTPUT_BYTES, Command, CommandFormat
from hashwalk.encodings import Base64, CommaBytes, Hex
from hashwalk.errors import MediaCrashError, MediaError, MediaTimeoutError, UnsupportedError
from hashwalk.format import FormatSpec, Kind
from hashwalk.opaque import OpaqueFormat
from hashwalk.testing import Check, Example, conformance_checks, parametrize_with_checks

VALUE = bytes(range(8))
Script = Callable[..., CommandFormat]


def carrier() -> OpaqueFormat:
    """Return the format that carries what the programs compute."""
    return OpaqueFormat(
        FormatSpec(
            id="secret",
            summary="somebody's secret",
            kind=Kind.FILE,
            bits=64,
            threshold=None,
            licence="proprietary",
            encodings=(Hex(64), Base64(64), CommaBytes(64)),
            source="these tests",
        )
    )


def by_shell(script: str, *, encoding: str = "hex", timeout_s: float = 20.0) -> CommandFormat:
    """Return the format that a shell script computes of ``$1``."""
    command = Command(("sh", "-c", script, "sh", "{path}"), Path("/"), timeout_s)
    return CommandFormat(carrier(), command, encoding)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file to hash."""
    path = tmp_path / "file"
    path.write_bytes(b"content")
    return path


@pytest.mark.parametrize(
    ("encoding", "text"),
    [("hex", "0001020304050607"), ("base64", "AAECAwQFBgc="), ("comma", "0, 1,2,3,4,5,6,7")],
)
def test_what_a_program_prints_is_read_in_the_encoding_that_is_configured(
    file: Path, encoding: str, text: str
) -> None:
    assert by_shell(f"echo '{text}'", encoding=encoding).hash_path(file).value == VALUE


def test_the_file_is_one_argument_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / 'a b\'; echo "$(id)" *.jpg'
    path.write_bytes(VALUE)
    made = by_shell("test $# = 1 && od -An -v -tx1 \"$1\" | tr -d ' \\n'")
    assert made.hash_path(path).value == VALUE


def test_the_path_may_be_a_part_of_an_argument(file: Path) -> None:
    command = Command(("dd", "if={path}", "status=none"), Path("/"), 20.0)
    file.write_text("0001020304050607\n")
    assert CommandFormat(carrier(), command, "hex").hash_path(file).value == VALUE


def test_a_program_has_nothing_to_read_and_is_in_the_folder_of_the_configuration(
    file: Path, tmp_path: Path
) -> None:
    script = 'test -z "$(cat)" && test "$(pwd -P)" = "$EXPECTED" && echo 0001020304050607'
    command = Command(("sh", "-c", script, "sh", "{path}"), tmp_path.resolve(), 20.0)
    os.environ["EXPECTED"] = str(tmp_path.resolve())
    try:
        assert CommandFormat(carrier(), command, "hex").hash_path(file).value == VALUE
    finally:
        del os.environ["EXPECTED"]


@pytest.mark.parametrize(
    ("script", "error", "reason"),
    [
        ("echo 0001020304050607; exit 3", MediaCrashError, "sh ended with exit code 3"),
        ("kill -SEGV $$", MediaCrashError, "sh was ended by signal 11"),
        ("echo 00010203040506", MediaCrashError, "something else than one secret hash as hex"),
        ("echo AAECAwQFBgc=", MediaCrashError, "something else than one secret hash as hex"),
        ("echo 0001020304050607; echo 0001020304050607", MediaCrashError, "something else"),
        ("printf '\\377\\376'", MediaCrashError, "something else than one secret hash"),
        (":", MediaCrashError, "something else than one secret hash"),
        ("yes 0001020304050607", MediaCrashError, "prints more than a hash can have"),
        ("sleep 60", MediaTimeoutError, "took longer than 0.3 s"),
        ("echo 0001020304050607; exec >&-; sleep 60", MediaTimeoutError, "took longer"),
        ("trap '' TERM INT HUP; sleep 60 & wait", MediaTimeoutError, "took longer"),
        ("sleep 60 & echo 0001020304050607", MediaTimeoutError, "took longer"),
        ("setsid sleep 2 & echo 0001020304050607", MediaTimeoutError, "took longer"),
        ("head -c 1000000000 /dev/zero", MediaCrashError, "prints more than a hash can have"),
    ],
)
def test_whatever_goes_wrong_is_a_failure_that_does_not_tell_what_was_printed(
    file: Path, script: str, error: type[MediaError], reason: str
) -> None:
    started = time.monotonic()
    with pytest.raises(error, match=reason) as caught:
        by_shell(script, timeout_s=0.3 if "sleep" in script else 20.0).hash_path(file)
    assert time.monotonic() - started < 10
    told = "".join(f"{error!r} {error.args}" for error in chain(caught.value))
    assert not any(printed in told for printed in ("0001020304", "AAEC", "xff"))


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those that it was raised from or after, if they name no command line."""
    while error is not None and not isinstance(error, subprocess.TimeoutExpired):
        yield error
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("program", ["no-such-program-here", "/etc/passwd", "/", "/dev/null/x"])
def test_a_program_that_cannot_be_started_is_a_failure(file: Path, program: str) -> None:
    made = CommandFormat(carrier(), Command((program, "{path}"), Path("/"), 20.0), "hex")
    with pytest.raises(UnsupportedError, match="cannot be started"):
        made.hash_path(file)


def test_a_program_that_is_too_slow_leaves_no_process_behind(file: Path, tmp_path: Path) -> None:
    told = tmp_path / "pid"
    script = f"sleep 60 & echo $! > '{told}'; wait"
    with pytest.raises(MediaTimeoutError):
        by_shell(script, timeout_s=0.5).hash_path(file)
    child = Path("/proc") / told.read_text().strip() / "stat"
    deadline = time.monotonic() + 5
    while _is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _is_alive(child)


def _is_alive(stat: Path) -> bool:
    try:
        return stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_program_may_print_as_much_as_the_limit(file: Path) -> None:
    made = by_shell(
        f"head -c {MAX_OUTPUT_BYTES - 17} /dev/zero | tr '\\0' ' '; echo 0001020304050607"
    )
    assert made.hash_path(file).value == VALUE


FIRST_BYTES = "head -c 8 \"$1\" | od -An -v -tx1 | tr -d ' \\n' | head -c 16"
PADDED = f"printf '%-16s' \"$({FIRST_BYTES})\" | tr ' ' 0"


@parametrize_with_checks(
    conformance_checks(
        by_shell(PADDED), examples=[Example("0001020304050607", source="these tests")]
    )
)
def test_a_format_that_a_program_computes_conforms(check: Check) -> None:
    check()
