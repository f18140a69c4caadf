"""videohash equals the Python package on the reference clips, and reads its old lists."""

from __future__ import annotations

import io
import math
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from hashwalk.errors import FailureCode, HashParseError
from hashwalk.format import Hash
from hashwalk.hashing import hash_file
from hashwalk.media.frames import DecodedFrame
from hashwalk.media.limits import Limits
from hashwalk.media.videos import OpenVideo
from hashwalk.tally import Tally
from hashwalk.testing import make_pixels
from hashwalk.viewing import show
from hashwalk_formats import videohash_candidates, videohash_collage
from hashwalk_formats.videohash import VIDEOHASH
from hashwalk_formats.wavelet import wavelet_bits

VALUES = st.binary(min_size=8, max_size=8)

Pixels = NDArray[np.uint8]


def jpeg_of(image: Image.Image) -> bytes:
    stored = io.BytesIO()
    image.save(stored, "JPEG")
    return stored.getvalue()


def whole_collage(jpegs: list[bytes]) -> Pixels:
    """Return the collage as it is defined, with all of its black."""
    columns = round(math.sqrt(len(jpegs)))
    place = math.ceil(1024 / columns)
    height = math.ceil(1024 / (columns * 144) * 144 * math.ceil(len(jpegs) / columns))
    canvas = Image.new("RGB", (1024, height))
    for index, jpeg in enumerate(jpegs):
        picture = Image.open(io.BytesIO(jpeg))
        picture.thumbnail((place, place), Image.Resampling.LANCZOS)
        canvas.paste(picture, (index % columns * place, index // columns * place))
    grey = Image.open(io.BytesIO(jpeg_of(canvas))).convert("L")
    return np.asarray(grey.resize((1024, 1024), Image.Resampling.LANCZOS))


@pytest.mark.parametrize("count", [1, 2, 3, 5, 7, 12, 43, 50, 58])
def test_black_that_is_left_out_of_a_collage_changes_none_of_its_pixels(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Pixels] = []

    def observed(pixels: Pixels) -> NDArray[np.bool_]:
        seen.append(pixels)
        return wavelet_bits(pixels)

    monkeypatch.setattr(videohash_collage, "wavelet_bits", observed)
    pictures = [Image.fromarray(make_pixels(144, 144, seed)) for seed in range(count)]
    jpegs = [jpeg_of(picture) for picture in pictures]
    videohash_collage.bits_of_pictures(jpegs)
    np.testing.assert_array_equal(seen[0], whole_collage(jpegs))


def videohash_of(path: Path) -> int:
    found = hash_file(path, ["videohash"])
    assert not found.failures
    return int.from_bytes(found.hashes[0].value, "big")


def test_a_reference_clip_has_the_package_s_hash(
    vectors: dict[str, Any], vectors_folder: Path, clip_name: str
) -> None:
    expected = int(vectors["clips"][clip_name]["videohash"]["hash"], 16)
    assert videohash_of(vectors_folder / "clips" / clip_name) == expected


class CountingVideo(OpenVideo):
    passes = 0

    def frames(self, *args: Any, **keywords: Any) -> Iterator[DecodedFrame]:
        self.passes += 1
        return super().frames(*args, **keywords)


@pytest.mark.parametrize(("room", "passes"), [(64 << 20, 1), (0, 2)])
@pytest.mark.parametrize("name", ["letterbox-h264-30fps.mp4", "rotated-h264-60fps.mp4"])
def test_a_crop_that_is_known_too_late_takes_a_second_pass(  # noqa: PLR0917
    vectors: dict[str, Any],
    vectors_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    room: int,
    passes: int,
) -> None:
    """Without room for frames it is known too late for every crop."""
    monkeypatch.setattr(videohash_candidates, "_MOST_BYTES", room)
    path, tally = vectors_folder / "clips" / name, Tally("file:///clip")
    with path.open("rb") as file, CountingVideo(file, path.stat().st_size, "mp4") as video:
        show(video, {"videohash": VIDEOHASH}, Limits(), tally)
    expected = int(vectors["clips"][name]["videohash"]["hash"], 16)
    assert tally.hashes["videohash"].value == expected.to_bytes(8, "big")
    assert video.passes == passes


@given(VALUES)
def test_a_hash_is_written_with_all_its_digits_and_read_without(value: bytes) -> None:
    number = int.from_bytes(value, "big")
    assert VIDEOHASH.render(Hash.of("videohash", value)) == f"{number:016x}"
    for text in (
        f"{number:016x}",
        hex(number),
        f"0x{number:016X}",
        bin(number),
        f"0b{number:064b}",
    ):
        assert VIDEOHASH.parse(text).value == value


@given(VALUES)
def test_the_package_s_own_texts_can_be_written(value: bytes) -> None:
    number, whole = int.from_bytes(value, "big"), Hash.of("videohash", value)
    assert VIDEOHASH.render(whole, "0x") == hex(number)
    assert VIDEOHASH.render(whole, "0b") == f"0b{number:064b}"


@pytest.mark.parametrize(
    "text",
    ["", "0x", "0b", "f0", "0x1" + 16 * "0", "0b1" + 64 * "0", "0b2", "0x-1", "0x1_0", "0xg"],
)
def test_what_is_no_hash_is_refused(text: str) -> None:
    with pytest.raises(HashParseError) as error:
        VIDEOHASH.parse(text)
    assert len(text) < 4 or text not in str(error.value)


@pytest.mark.parametrize(("bits", "verdict"), [(10, True), (11, False)])
def test_a_match_differs_in_ten_bits_at_most(bits: int, verdict: bool) -> None:
    a, b = (Hash.of("videohash", n.to_bytes(8, "big")) for n in (0, (1 << bits) - 1))
    assert VIDEOHASH.compare(a, b).match is verdict


def colours(step: int, width: int, height: int) -> Pixels:
    """Return a moving coloured mosaic."""
    mosaic = np.random.default_rng(step // 20).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    image = Image.fromarray(mosaic).resize((width, height), Image.Resampling.BICUBIC)
    return np.roll(np.asarray(image), (step, 2 * step), (0, 1))


def barred(top: int, left: int) -> Callable[[int, int, int], Pixels]:
    def draw(step: int, width: int, height: int) -> Pixels:
        pixels = colours(step, width, height)
        pixels[:top] = pixels[height - top :] = pixels[:, :left] = pixels[:, width - left :] = 0
        return pixels

    return draw


def brightening(step: int, width: int, height: int) -> Pixels:
    """Return black, then a small bright part, then all of the picture."""
    pixels = colours(step, width, height)
    if step < 70:
        pixels[: height // 4] = 0
    return pixels if step > 25 else np.zeros_like(pixels)


def write_clip(  # noqa: PLR0917
    path: Path,
    codec: str,
    pixel_format: str,
    size: tuple[int, int] = (320, 240),
    times: Iterator[int] | range = range(0, 8000, 100),
    draw: Callable[[int, int, int], Pixels] = colours,
) -> Path:
    """Encode a clip whose frames are shown at `times`, in milliseconds."""
    with av.open(str(path), "w") as output:
        stream: Any = output.add_stream(codec, rate=10)
        stream.width, stream.height = size
        stream.pix_fmt, stream.time_base = pixel_format, Fraction(1, 1000)
        stream.codec_context.time_base = Fraction(1, 10 if path.suffix == ".avi" else 1000)
        for step, time in enumerate(times):
            frame = av.VideoFrame.from_ndarray(draw(step, *size), "rgb24")
            frame.time_base = Fraction(1, 1000)
            frame.pts = time
            output.mux(stream.encode(frame))
        output.mux(stream.encode())
    return path


HARD: dict[str, tuple[Any, ...]] = {
    "bars.mp4": ("libx264", "yuv420p", (320, 240), range(0, 8000, 100), barred(30, 10)),
    "brightening.mp4": ("libx264", "yuv420p", (320, 240), range(0, 12000, 100), brightening),
    "deep.mkv": ("ffv1", "yuv422p10le", (202, 122), range(0, 6000, 200)),
    "full-range.avi": ("mjpeg", "yuvj420p", (322, 242)),
    "gaps.mkv": ("ffv1", "yuv420p", (320, 240), [*range(0, 3000, 40), *range(7300, 9000, 40)]),
    "slow.mkv": ("ffv1", "yuv444p", (320, 240), range(0, 14000, 2900)),
}


@pytest.fixture
def package_s_hash(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Path], int]:
    """The package's own hash; its Pillow had a name for LANCZOS that is gone."""
    monkeypatch.setattr(Image, "ANTIALIAS", Image.Resampling.LANCZOS, raising=False)
    videohash = pytest.importorskip("videohash", reason="the extra `oracles` is not installed")
    if shutil.which("ffmpeg") is None:
        pytest.skip("videohash needs the program ffmpeg, which is not installed")

    def compute(path: Path) -> int:
        found = videohash.VideoHash(path=str(path), storage_path=f"{tmp_path}/work/")
        return int(found.hash_hex, 16)

    (tmp_path / "work").mkdir()
    return compute


@pytest.fixture(scope="session")
def tolerated_bits() -> int:
    """None with FFmpeg 5, whose arithmetic this is; other versions scale in other ways."""
    program = shutil.which("ffmpeg")
    if program is None:
        return 0
    said = subprocess.run([program, "-version"], capture_output=True, text=True, check=True).stdout
    return 0 if re.match(r"ffmpeg version n?5\.", said) else 10


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("name", HARD)
def test_a_hard_clip_has_the_package_s_hash(
    name: str, tmp_path: Path, package_s_hash: Callable[[Path], int], tolerated_bits: int
) -> None:
    path = write_clip(tmp_path / name, *HARD[name])
    assert (videohash_of(path) ^ package_s_hash(path)).bit_count() <= tolerated_bits


@pytest.mark.parametrize("pixel_format", ["yuyv422", "nv12", "rgb555le", "yuv420p10be"])
def test_pixels_of_any_layout_are_hashed(tmp_path: Path, pixel_format: str) -> None:
    """Their hash is near that of the same pixels in a usual layout."""
    path = tmp_path / "clip.nut"
    hashes = [videohash_of(write_clip(path, "rawvideo", f)) for f in (pixel_format, "yuv422p")]
    assert (hashes[0] ^ hashes[1]).bit_count() <= 10


def test_a_stream_without_times_is_unsupported(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.h264", "libx264", "yuv420p")
    (failure,) = hash_file(path, ["videohash"]).failures
    assert (failure.code, "time" in failure.message) == (FailureCode.UNSUPPORTED, True)


def test_a_bright_part_under_16_pixels_is_unsupported(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mkv", "ffv1", "yuv420p", (64, 48), draw=barred(20, 28))
    (failure,) = hash_file(path, ["videohash"]).failures
    assert (failure.code, "small" in failure.message) == (FailureCode.UNSUPPORTED, True)
