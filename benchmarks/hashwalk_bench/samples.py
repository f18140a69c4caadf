"""Pictures and clips to try hashwalk on: originals, altered copies, and one broken file.

``python -m hashwalk_bench.samples FOLDER`` writes them.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

import av
import numpy as np
from av.video.stream import VideoStream
from PIL import Image, ImageOps

from hashwalk_bench.scenes import Pixels, scene

SECONDS = 4


class _Clip(NamedTuple):
    codec: str
    width: int
    height: int
    rate: int
    seed: int


_QUICK = {
    "libx264": {"preset": "veryfast"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "mpeg4": {},
}


def write_samples(folder: Path) -> None:
    """Write eleven pictures, one broken file and three clips into `folder`.

    The bytes are the same every time with the same versions of Pillow and PyAV.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_meadow(folder)
    _write_dunes(folder)
    _write_reef(folder)
    _write_clips(folder)


def _write_meadow(folder: Path) -> None:
    """Write a large JPEG with a smaller, a coarser, a cropped and an identical copy."""
    original = scene(1, 1280, 852)
    original.save(folder / "meadow.jpg", quality=90)
    original.resize((640, 426)).save(folder / "meadow-half.jpg", quality=90)
    original.save(folder / "meadow-coarse.jpg", quality=25)
    original.crop((64, 42, 1216, 810)).save(folder / "meadow-cropped.png")
    shutil.copyfile(folder / "meadow.jpg", folder / "meadow-again.jpg")
    whole = (folder / "meadow.jpg").read_bytes()
    (folder / "meadow-broken.jpg").write_bytes(whole[: len(whole) // 3])


def _write_dunes(folder: Path) -> None:
    """Write a lossless picture, and the same one in WebP, in grey and in 64 colours."""
    original = scene(2, 900, 600)
    original.save(folder / "dunes.png")
    original.save(folder / "dunes.webp", quality=60)
    original.convert("L").save(folder / "dunes-grey.png")
    original.quantize(64).save(folder / "dunes-64-colours.gif")


def _write_reef(folder: Path) -> None:
    """Write a picture that is to be shown rotated, and a mirrored one."""
    original = scene(3, 800, 1000)
    exif = Image.Exif()
    exif[0x0112] = 6
    original.save(folder / "reef.jpg", quality=85, exif=exif)
    ImageOps.mirror(original).save(folder / "reef-mirrored.jpg", quality=85)


def _write_clips(folder: Path) -> None:
    """Write a clip, a smaller copy of it in another codec, and another clip."""
    _encode(folder / "drift.mp4", _Clip("libx264", 640, 360, 25, 4))
    _encode(folder / "drift-small.webm", _Clip("libvpx-vp9", 320, 180, 25, 4))
    _encode(folder / "pulse.avi", _Clip("mpeg4", 480, 352, 15, 5))


def _drift(clip: _Clip) -> Iterator[Pixels]:
    """Yield the frames of a camera that moves over a scene, cutting to another one halfway."""
    for number in range(SECONDS * clip.rate):
        half, step = divmod(number, SECONDS * clip.rate // 2)
        if step == 0:
            ground = scene(clip.seed * 10 + half, 1280, 720)
        left, top = 200 * step // clip.rate, 75 * step // clip.rate
        view = ground.crop((left, top, left + 800, top + 800 * clip.height // clip.width))
        yield np.asarray(view.resize((clip.width, clip.height), Image.Resampling.BILINEAR))


def _encode(path: Path, clip: _Clip) -> None:
    """Write a clip without a date or a random number in it."""
    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as container:
        added = container.add_stream(clip.codec, rate=clip.rate, options=_QUICK[clip.codec])
        stream = cast("VideoStream", added)
        stream.width, stream.height, stream.pix_fmt = clip.width, clip.height, "yuv420p"
        stream.codec_context.thread_count = 1
        stream.bit_rate = 600_000
        for number, pixels in enumerate(_drift(clip)):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def main(arguments: list[str]) -> None:
    """Write the samples into the folder that the only argument names."""
    (folder,) = arguments
    write_samples(Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
