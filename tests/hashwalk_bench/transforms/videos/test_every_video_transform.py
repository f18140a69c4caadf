"""What holds of all video transforms."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hashwalk.hashing import hash_file
from hashwalk_bench.errors import TransformError
from hashwalk_bench.transforms import TRANSFORMS, Made, Medium, Subject, open_subject
from hashwalk_bench.transforms.declaration import Transform

PARAMETERS: dict[str, dict[str, object]] = {
    "h264": {"crf": 35},
    "h265": {"crf": 35},
    "vp9": {"crf": 35},
    "av1": {"crf": 35},
    "scale": {"lines": 48},
    "anamorphic": {"squeeze": 0.75},
    "rotation_flag": {"degrees": "90"},
    "stored_turned": {"degrees": "90"},
    "frame_rate": {"rate": 10.0},
    "dropped_frames": {"share": 0.3},
    "doubled_frames": {"share": 0.3},
    "speed": {"factor": 2.0},
    "trim": {"share": 0.2, "side": "end"},
    "middle": {"share": 0.5},
    "excerpt": {"seconds": 0.5},
    "embed": {"times": 2.0},
    "black_start": {"seconds": 0.5},
    "black_start_share": {"share": 0.05},
    "loop": {"times": 2},
    "picture_in_picture": {"share": 0.5},
    "frames_crop": {"share": 0.1},
}
"""One call of each transform that needs parameters; of the edits of frames one stands for all."""

EDITS = [
    transform
    for transform in TRANSFORMS
    if transform.medium is Medium.VIDEO
    and transform.name != "sound_removed"
    and (transform.name in PARAMETERS or not transform.name.startswith("frames_"))
]


@pytest.mark.parametrize("transform", EDITS, ids=lambda transform: transform.name)
def test_gives_another_file_that_is_the_same_at_each_call_and_can_be_hashed(
    transform: Transform, make: Callable[..., Made], moving: Subject
) -> None:
    """Bytes differ from the source's, but for the copy; they and the span never vary."""
    values = PARAMETERS.get(transform.name, {})
    once = make(transform.name, **values)
    data = once.path.read_bytes()
    assert make(transform.name, **values) == once
    assert once.path.read_bytes() == data
    is_same = hashlib.sha256(data).hexdigest() == moving.media.sha256
    assert is_same == (transform.name == "copy")
    hashed = hash_file(once.path, ("vpdq",))
    assert not hashed.failures
    assert [found.format for found in hashed.hashes] == ["vpdq"]


DIGESTS_OF_CODECS = """
import hashlib, pathlib, sys
from hashwalk_bench.transforms import Call, Medium, apply, open_subject

source, folder = map(pathlib.Path, sys.argv[1:])
moving = open_subject(source, Medium.VIDEO)
for name in ("h264", "h265", "vp9", "av1"):
    made = apply(Call(Medium.VIDEO, name, (("crf", 35),)), moving, folder, seed=3)
    print(name, hashlib.sha256(made.path.read_bytes()).hexdigest())
"""


def test_encoders_do_not_depend_on_what_memory_held_before(moving: Subject, tmp_path: Path) -> None:
    """Memory that was never written is filled with other bytes in each process."""
    command = [sys.executable, "-c", DIGESTS_OF_CODECS, moving.path, tmp_path]
    told = {
        subprocess.check_output(command, env={**os.environ, "MALLOC_PERTURB_": fill})
        for fill in ("85", "255")
    }
    assert len(told) == 1


@pytest.mark.parametrize("name", ["embed", "excerpt", "shuffle", "variable_rate", "subtitles"])
def test_another_seed_draws_another_variant(make: Callable[..., Made], name: str) -> None:
    """Chance follows from the seed."""
    values = PARAMETERS.get(name, {})
    drawn = {make(name, seed=seed, **values).path.read_bytes() for seed in range(4)}
    assert len(drawn) > 1


def test_no_frame_edit_is_one_of_files() -> None:
    """All edits of pixels are offered for frames, encodings of pictures are not."""
    names = {t.name for t in TRANSFORMS if t.medium is Medium.VIDEO}
    assert "frames_mirror" in names
    assert "frames_jpeg" not in names


def test_an_edit_of_frames_without_effect_is_refused_and_leaves_no_file(
    make: Callable[..., Made], tmp_path: Path
) -> None:
    """A grey video made grey is no variant of it."""
    grey = open_subject(make("frames_grey").path, Medium.VIDEO)
    held = list(tmp_path.iterdir())
    with pytest.raises(TransformError, match="changes nothing of this video"):
        make("frames_grey", of=grey, seed=4)
    assert len(held) == 1
    assert not [path for path in tmp_path.iterdir() if path not in held]


def test_a_broken_source_is_refused_in_one_line(moving: Subject, tmp_path: Path) -> None:
    """Nothing is made of a video that breaks off."""
    whole = Path(moving.path).read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(TransformError) as refusal:
        open_subject(path, Medium.VIDEO).clip  # noqa: B018
    assert "\n" not in str(refusal.value)


def test_a_failed_transform_leaves_no_file(make: Callable[..., Made], tmp_path: Path) -> None:
    """A video without sound has none to remove, and nothing is written."""
    with pytest.raises(TransformError, match="no sound"):
        make("sound_removed")
    assert not list(tmp_path.iterdir())
