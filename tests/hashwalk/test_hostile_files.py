"""Files that were damaged on purpose give failures, and never end a process."""

from __future__ import annotations

import io
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

MakeClip = Callable[..., Path]

FUZZ = """
import sys
from pathlib import Path
from hashwalk.hashing import hash_file
from collections import Counter
codes = Counter()
for path in sorted(Path(sys.argv[1]).iterdir()):
    result = hash_file(path, ["md5", "colorhash", "framewise:ahash@1", "keyframes:ahash"])
    assert result.media is not None, path
    codes.update(f.code.value for f in result.failures)
print(*sorted(codes))
"""


def _seeds(folder: Path, make_clip: MakeClip, pixels: Any) -> list[bytes]:
    """One small file of each kind."""
    image = Image.fromarray(pixels(80, 48))
    other = Image.fromarray(pixels(80, 48, 5))
    seeds = []
    for pillow_format in ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "BMP", "TIFF"):
        buffer = io.BytesIO()
        several = pillow_format in ("PNG", "WEBP", "GIF")
        options: dict[str, Any] = {"save_all": True, "append_images": [other]} if several else {}
        image.copy().save(buffer, pillow_format, **options)
        seeds.append(buffer.getvalue())
    for codec, container in (
        ("mpeg4", "mp4"),
        ("mpeg4", "avi"),
        ("libx264", "matroska"),
        ("libvpx", "webm"),
        ("mpeg2video", "mpegts"),
        ("libx264", "h264"),
        ("flv", "flv"),
    ):
        clip = make_clip(folder / "seed", codec, container, frames=8, size=(64, 48), rate=25)
        seeds.append(clip.read_bytes())
    return seeds


def _mutations(seed: bytes, chance: random.Random, count: int) -> Sequence[bytes]:
    """Bytes flipped anywhere or in the header, cut, and with a piece twice."""
    mutations = []
    for number in range(count):
        data = bytearray(seed)
        reach = min(len(data), 400) if number % 2 else len(data)
        for _ in range(chance.choice((1, 4, 60))):
            data[chance.randrange(reach)] = chance.choice((0, 255, chance.randrange(256)))
        if number % 4 == 2:
            del data[chance.randrange(1, len(data)) :]
        if number % 4 == 3:
            place = chance.randrange(len(data))
            data[place:place] = data[place // 2 : place]
        mutations.append(bytes(data))
    return mutations


@pytest.mark.timeout(120)
def test_damaged_files_give_failures_and_never_a_crash(
    tmp_path: Path, make_clip: MakeClip, make_pixels: Callable[..., Any]
) -> None:
    """350 files, damaged at random, in a process of their own: it ends well and says nothing."""
    chance = random.Random(20_240_501)  # noqa: S311 - damage is no secret
    folder = tmp_path / "files"
    folder.mkdir()
    for i, seed in enumerate(_seeds(tmp_path, make_clip, make_pixels)):
        for j, mutation in enumerate(_mutations(seed, chance, 25)):
            (folder / f"{i:02}-{j:02}").write_bytes(mutation)
    ran = subprocess.run(
        [sys.executable, "-c", FUZZ, str(folder)], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    codes = set(ran.stdout.split())
    assert {"truncated", "unreadable"} <= codes
    assert codes <= {"truncated", "unreadable", "unsupported", "too-large"}
