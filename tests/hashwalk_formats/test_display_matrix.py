"""Formats that turn frames by their display matrix see the frames that it stands for."""

from __future__ import annotations

import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from hashwalk.hashing import hash_file
from hashwalk_formats.upright_scaling import UprightScaler

Pixels = NDArray[np.uint8]
Matrix = tuple[int, int, int, int]

WIDTH, HEIGHT = 192, 128
MATRICES: dict[str, tuple[Matrix, Callable[[Pixels], Pixels]]] = {
    "as it is": ((1, 0, 0, 1), np.asarray),
    "left to right": ((-1, 0, 0, 1), np.fliplr),
    "upside down": ((1, 0, 0, -1), np.flipud),
    "half a turn": ((-1, 0, 0, -1), lambda pixels: np.rot90(pixels, 2)),
    "clockwise": ((0, 1, -1, 0), lambda pixels: np.rot90(pixels, -1)),
    "counter-clockwise": ((0, -1, 1, 0), np.rot90),
    "rows to columns": ((0, 1, 1, 0), lambda pixels: pixels.swapaxes(0, 1)),
    "columns to rows": ((0, -1, -1, 0), lambda pixels: np.rot90(pixels, 2).swapaxes(0, 1)),
    "nothing left": ((0, 0, 0, 0), np.asarray),
    "nothing left of the height": ((1, 0, 0, 0), np.asarray),
}


def matrix_bytes(matrix: Matrix) -> bytes:
    """Return the nine numbers of a track header that turns or mirrors."""
    a, b, c, d = (number << 16 for number in matrix)
    return struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)


def draw(step: int) -> Pixels:
    """Return a moving mosaic that looks like none of its mirrorings, in letterbox."""
    mosaic = np.random.default_rng(step // 15).integers(20, 236, (5, 7, 3), dtype=np.uint8)
    image = Image.fromarray(mosaic).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    pixels = np.roll(np.asarray(image), (step, 2 * step), (0, 1))
    pixels[:16] = pixels[HEIGHT - 32 :] = 0
    return pixels


def write_lossless(path: Path, moved: Callable[[Pixels], Pixels]) -> Path:
    """Encode frames of which each plane's samples were moved."""
    with av.open(str(path), "w") as output:
        stream: Any = output.add_stream("libx264", rate=15, options={"qp": "0"})
        stream.pix_fmt = "yuv444p"
        stream.height, stream.width = moved(draw(0)[:, :, 0]).shape
        for step in range(30):
            planes = av.VideoFrame.from_ndarray(draw(step), "rgb24").to_ndarray(format="yuv444p")
            samples = np.ascontiguousarray(np.stack([moved(plane) for plane in planes]))
            output.mux(stream.encode(av.VideoFrame.from_ndarray(samples, "yuv444p")))
        output.mux(stream.encode())
    return path


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip that is upright."""
    return write_lossless(tmp_path_factory.mktemp("plain") / "clip.mp4", np.asarray)


@pytest.fixture(params=MATRICES)
def moved(request: pytest.FixtureRequest, plain: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A clip with a display matrix, and one whose samples were moved as the matrix says."""
    matrix, by_hand = MATRICES[request.param]
    content, upright = plain.read_bytes(), matrix_bytes((1, 0, 0, 1))
    at = content.index(upright, content.index(b"tkhd"))
    flagged = tmp_path / "flagged.mp4"
    flagged.write_bytes(content[:at] + matrix_bytes(matrix) + content[at + len(upright) :])
    return flagged, write_lossless(tmp_path / "moved.mp4", by_hand)


def test_a_display_matrix_hashes_as_the_frames_it_stands_for(moved: tuple[Path, Path]) -> None:
    flagged, by_hand = (hash_file(path, ["tmk-pdqf", "videohash"]) for path in moved)
    assert not flagged.failures
    assert flagged.hashes == by_hand.hashes


@pytest.mark.oracle
def test_a_display_matrix_means_what_ffmpeg_makes_of_it(moved: tuple[Path, Path]) -> None:
    program = shutil.which("ffmpeg")
    if program is None:
        pytest.skip("the program ffmpeg is not installed")
    quiet = [program, "-nostdin", "-loglevel", "error"]
    scaling = ["-frames:v", "1", "-s", "64x48", "-sws_flags", "bicubic", "-pix_fmt", "rgb24"]
    command = [*quiet, "-i", str(moved[0]), *scaling, "-f", "rawvideo", "-"]
    said = subprocess.run(command, capture_output=True, check=True).stdout
    with av.open(str(moved[0])) as container:
        pixels = UprightScaler(64, 48).pixels(next(container.decode(video=0)))
    theirs = np.frombuffer(said, np.uint8).reshape(pixels.shape)
    assert np.abs(pixels.astype(int) - theirs).mean() < 1
