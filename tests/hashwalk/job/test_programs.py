"""A format that a program computes is re-hashed like any other."""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hashwalk.crosswalk import Crosswalk
from hashwalk.results import ALL_FORMATS

Paint = Callable[..., Path]
Run = Callable[..., subprocess.CompletedProcess[str]]

PDNA = f"""#!{sys.executable} -IS
import base64, hashlib, sys, time
name = sys.argv[1].rpartition("/")[2]
if name == "refused.png":
    sys.exit(4)
if name == "slow.png":
    time.sleep(60)
if name == "garbage.png":
    sys.exit(print("segmentation fault"))
digest = hashlib.sha512(open(sys.argv[1], "rb").read()).digest()
print(base64.b64encode((digest * 3)[:144]).decode())
"""
CONFIG = """
[[format]]
id = "photodna"
command = ["./pdna", "{path}"]
encoding = "base64"
timeout_s = 3

[[format]]
id = "length"
kind = "file"
bits = 64
command = ["sh", "-c", "printf %016x $(stat -c %s \\"$1\\")", "sh", "{path}"]
encoding = "hex"

[[format]]
id = "gone"
kind = "video"
command = ["no-such-program-here", "{path}"]
encoding = "hex"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration with a program of its own beside it."""
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "pdna").write_text(PDNA)
    (folder / "pdna").chmod(0o755)
    (folder / "ours.toml").write_text(CONFIG)
    return folder / "ours.toml"


@pytest.fixture
def media(tmp_path: Path, paint: Paint, vectors_folder: Path) -> Path:
    """A few pictures, hard ones among them, a video and a text."""
    folder = tmp_path / "media"
    for seed, name in enumerate(["one", "-two words", "refused", "slow", "garbage"]):
        paint(folder / f"{name}.png", seed)
    shutil.copy(vectors_folder / "clips" / "halfsecond-h264-30fps.mp4", folder / "clip.mp4")
    (folder / "note.txt").write_text("no picture")
    return folder


def expected_photodna(path: Path) -> bytes:
    digest = hashlib.sha512(path.read_bytes()).digest()
    return (digest * 3)[:144]


def test_programs_hash_what_they_are_for_and_their_failures_are_rows(
    config: Path, media: Path, walk: Path, run_hashwalk: Run
) -> None:
    formats = [f"--format={i}" for i in ("photodna", "length", "gone", "md5")]
    done = run_hashwalk("--config", config, "rehash", media, "-o", walk, *formats)
    assert done.returncode == 3, done.stderr
    held = Crosswalk.open(walk)
    path_of = {m.sha256: media / Path(m.uri.replace("%20", " ")).name for m in held.media()}
    values = {(path_of[s].name, h.format): h.value for s, h in held.hashes()}
    names = {path.name for path in media.iterdir()}
    assert {n for n, f in values if f == "md5"} == names
    assert {n for n, f in values if f == "length"} == names
    assert values["note.txt", "length"] == (10).to_bytes(8, "big")
    assert {n for n, f in values if f == "photodna"} == {"one.png", "-two words.png"}
    assert values["one.png", "photodna"] == expected_photodna(media / "one.png")
    failed = {(Path(f.uri).name, f.format): str(f.code) for f in held.failures()}
    assert failed == {
        ("refused.png", "photodna"): "crashed",
        ("slow.png", "photodna"): "timeout",
        ("garbage.png", "photodna"): "crashed",
        ("clip.mp4", "gone"): "unsupported",
        ("note.txt", ALL_FORMATS): "unsupported",
    }


def test_the_same_again_does_nothing_and_says_nothing_of_values(
    config: Path, media: Path, walk: Path, run_hashwalk: Run
) -> None:
    (media / "slow.png").unlink()
    command = ["--config", config, "rehash", media, "-o", walk, "-f", "photodna", "--json"]
    first, second = run_hashwalk(*command), run_hashwalk(*command)
    assert (first.returncode, second.returncode) == (3, 3)
    assert json.loads(first.stdout)["hashes"] == 2
    assert json.loads(second.stdout)["hashes"] == 0
    secret = base64.b64encode(expected_photodna(media / "one.png")).decode()
    shown = [
        run_hashwalk("crosswalk", command, walk, *as_json)
        for command in ("show", "coverage", "verify")
        for as_json in ((), ("--json",))
    ]
    shown.append(run_hashwalk("--config", config, "hash", media / "one.png", "-f", "photodna"))
    digits = expected_photodna(media / "one.png").hex()
    for printed in (first, second, *shown):
        assert secret[:12] not in printed.stdout + printed.stderr
        assert digits[:12] not in printed.stdout + printed.stderr
        assert "segmentation" not in printed.stdout + printed.stderr


def test_a_program_is_added_to_files_that_cannot_be_decoded(
    config: Path, media: Path, walk: Path, run_hashwalk: Run
) -> None:
    """It reads the file by itself, so that no failure to decode stands in its way."""
    cut = media / "cut.png"
    cut.write_bytes((media / "one.png").read_bytes()[:100])
    assert run_hashwalk("rehash", cut, "-o", walk, "-f", "pdq").returncode == 3
    both = ["rehash", cut, "-o", walk, "-f", "pdq", "-f", "photodna"]
    assert run_hashwalk("--config", config, *both).returncode == 3
    held = Crosswalk.open(walk)
    assert [h.value for _, h in held.hashes()] == [expected_photodna(cut)]
    assert [f.format for f in held.failures()] == [ALL_FORMATS]


def test_a_program_ends_with_the_worker_that_waits_for_it(
    tmp_path: Path, media: Path, walk: Path, run_hashwalk: Run
) -> None:
    """The time limit of the job kills the worker; its program must not go on alone."""
    told = tmp_path / "pid"
    config = tmp_path / "hang.toml"
    program = json.dumps(["sh", "-c", f"echo $$ > '{told}'; exec sleep 60", "sh", "{path}"])
    config.write_text(
        f"[[format]]\nid = 'hang'\nkind = 'picture'\ncommand = {program}\nencoding = 'hex'\n"
    )
    command = ["rehash", media / "one.png", "-o", walk, "-f", "hang", "--timeout", "1"]
    done = run_hashwalk("--config", config, *command)
    assert done.returncode == 3
    assert "\ttimeout\t" in done.stderr
    process = Path("/proc") / told.read_text().strip()
    deadline = time.monotonic() + 5
    while process.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not process.exists()


def test_the_environment_names_the_file_too(config: Path, media: Path, run_hashwalk: Run) -> None:
    done = run_hashwalk(
        "hash", "-f", "photodna", media / "one.png", "--json", env={"HASHWALK_CONFIG": str(config)}
    )
    assert done.returncode == 0, done.stderr
    value = base64.b64decode(json.loads(done.stdout)["value"])
    assert value == expected_photodna(media / "one.png")


def test_without_a_program_it_is_said_in_one_line_what_it_takes(
    media: Path, walk: Path, run_hashwalk: Run
) -> None:
    done = run_hashwalk("rehash", media, "-o", walk, "-f", "photodna")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "photodna hashes can be carried and compared, but not computed here" in done.stderr
    assert "a licensee plugs its own program in" in done.stderr
    assert not walk.exists()


def test_a_broken_configuration_is_one_line(
    config: Path, media: Path, walk: Path, run_hashwalk: Run
) -> None:
    config.write_text("[[format]]\nid = 'x'\nprogram = 'x'\n")
    done = run_hashwalk("--config", config, "rehash", media, "-o", walk)
    assert done.returncode == 2
    assert done.stderr == (
        f"hashwalk: {config}: format 'x': unknown key 'program'; "
        "known are bits, command, encoding, id, kind, strong, summary, timeout_s, used_by, weak\n"
    )
