"""How fast hashwalk is, against decoding alone and against its peers, on one's own media.

``python -m hashwalk_bench.speed [FOLDER]`` prints the figures with the ratios to reach; without
a folder it draws its own media. One core, rounds interleaved, the least time of each file.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import av
from PIL import Image

from hashwalk.hashing import hash_file
from hashwalk_bench.load import (
    job_parent_bytes,
    job_seconds,
    write_distinct_copies,
    write_tiny_pictures,
)
from hashwalk_bench.peers import peers
from hashwalk_bench.rows import heading, row
from hashwalk_bench.samples import write_samples
from hashwalk_bench.timing import Action, least_seconds, one_core

FIVE = ("ahash", "phash", "dhash", "whash-haar", "pdq")
OF_VIDEOS = ("vpdq", "framewise:phash@1", "keyframes:pdq", "videohash", "tmk-pdqf")
FEW_FILES, MANY_FILES = 1_000, 100_000
PARTS = ("pictures", "clips", "video-formats", "workers", "memory")


def measure_pictures(pictures: Sequence[Path], rounds: int) -> None:
    """Print decoding, one pass over five formats, pdq alone and the peers."""
    rivals = peers()
    actions = {
        "decode alone": _decode_picture,
        "five": lambda path: hash_file(path, FIVE),
        "pdq": lambda path: hash_file(path, ("pdq",)),
        **rivals,
    }
    with one_core():
        seconds = least_seconds(actions, pictures, rounds)
    decode, together = seconds["decode alone"], sum(seconds[name] for name in rivals)
    heading(f"{len(pictures)} pictures, {_megabytes(pictures)}, {_megapixels(pictures)}")
    row("decode alone (Pillow, to RGB)", decode)
    row(f"decode + {' '.join(FIVE)}", seconds["five"], seconds["five"] / decode, "<= 2.5")
    row("decode + pdq", seconds["pdq"], seconds["pdq"] / decode, "<= 1.25")
    for name in rivals:
        row(f"peer: {name}, opening the file itself", seconds[name], seconds[name] / decode)
    row("peers one after the other", together, together / decode)
    row("  peers : hashwalk's one pass", None, together / seconds["five"], ">= 5")
    if "pdq_from_file" not in rivals:
        print("  (no threatexchange here: `pip install hashwalk[oracles]` brings it)")


def measure_clips(clips: Sequence[Path], rounds: int) -> None:
    """Print decoding of all frames, and the same with vPDQ and one framewise format."""
    formats = ("vpdq", "framewise:phash@1")
    actions = {
        "decode alone": _decode_clip,
        "hashes": lambda path: hash_file(path, formats),
    }
    with one_core():
        seconds = least_seconds(actions, clips, rounds)
    decode = seconds["decode alone"]
    heading(f"{len(clips)} clips, {_megabytes(clips)}")
    row("decode alone (PyAV, every frame)", decode)
    row(f"decode + {' '.join(formats)}", seconds["hashes"], seconds["hashes"] / decode, "<= 1.3")


def measure_video_formats(clips: Sequence[Path], rounds: int) -> None:
    """Print decoding of all frames, one pass over all video formats, and each format alone."""
    actions: dict[str, Action] = {
        "decode alone": _decode_clip,
        "all": lambda path: hash_file(path, OF_VIDEOS),
        **{name: _hashing(name) for name in OF_VIDEOS},
    }
    with one_core():
        seconds = least_seconds(actions, clips, rounds)
    decode = seconds["decode alone"]
    heading(f"{len(clips)} clips, {_megabytes(clips)}, in all video formats")
    row("decode alone (PyAV, every frame)", decode)
    row("decode + all video formats", seconds["all"], seconds["all"] / decode, "<= 1.8")
    for name in OF_VIDEOS:
        row(f"decode + {name} alone", seconds[name], seconds[name] / decode)


def measure_workers(pictures: Sequence[Path], count: int, rounds: int) -> None:
    """Print what a second worker brings to a whole job in all formats of a re-hash."""
    with tempfile.TemporaryDirectory() as folder:
        write_distinct_copies(pictures, Path(folder), count)
        both = [
            [job_seconds(Path(folder), ("--workers", str(n))) for n in (1, 2)]
            for _ in range(rounds)
        ]
    one, two = map(min, zip(*both, strict=True))
    heading(f"a job over {count} pictures in all formats, from start to exit")
    row("one worker", one)
    row("two workers", two)
    row("  one : two", None, one / two, ">= 1.6")


def measure_memory(few: int, many: int) -> None:
    """Print the peak memory of a job's parent process for few and for many tiny pictures."""
    peaks = []
    for count in (few, many):
        with tempfile.TemporaryDirectory() as folder:
            write_tiny_pictures(Path(folder), count)
            peaks.append(job_parent_bytes(Path(folder), ("-f", "sha256", "-f", "phash")))
    heading("the most memory that the parent process of a job holds", "MiB")
    row(f"{few:,} files", peaks[0] / 2**20)
    row(f"{many:,} files", peaks[1] / 2**20, peaks[1] / peaks[0], "<= 1.2")
    if many < MANY_FILES:
        print(f"  (to reach with {MANY_FILES:,} files: --memory-files {MANY_FILES} compares those)")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the arguments ask for."""
    asked = _parser().parse_args(arguments)
    with _media(asked.folder) as folder:
        pictures, clips = _usable(folder)
        if not (pictures or clips):
            raise SystemExit(f"{folder} holds no picture and no clip that can be read")
        if "pictures" in asked.only and pictures:
            measure_pictures(pictures, asked.rounds)
        if "clips" in asked.only and clips:
            measure_clips(clips, asked.rounds)
        if "video-formats" in asked.only and clips:
            measure_video_formats(clips, asked.rounds)
        if "workers" in asked.only and pictures:
            measure_workers(pictures, asked.job_files, asked.rounds)
    if "memory" in asked.only:
        measure_memory(FEW_FILES, asked.memory_files)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hashwalk_bench.speed", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="pictures and clips of your own")
    parser.add_argument("--rounds", type=int, default=3, help="the least of so many counts")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--job-files", type=int, default=600, help="pictures in the whole jobs")
    parser.add_argument("--memory-files", type=int, default=5000, help="tiny pictures: many")
    return parser


@contextmanager
def _media(folder: Path | None) -> Iterator[Path]:
    if folder:
        yield folder
        return
    with tempfile.TemporaryDirectory() as drawn:
        write_samples(Path(drawn))
        yield Path(drawn)


def _usable(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the pictures and the clips that can be read to their end."""
    found: dict[str, list[Path]] = {"picture": [], "video": [], "other": []}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        kind = hash_file(path, ()).media
        wanted = "vpdq" if kind and kind.type == "video" else "pdq"
        if kind and not hash_file(path, (wanted,)).failures:
            found[kind.type].append(path)
    return found["picture"], found["video"]


def _decode_picture(path: Path) -> object:
    with Image.open(path) as picture:
        return picture.convert("RGB")


def _decode_clip(path: Path) -> int:
    with av.open(str(path), metadata_errors="ignore") as container:
        return sum(1 for _ in container.decode(video=0))


def _hashing(format_id: str) -> Action:
    return lambda path: hash_file(path, (format_id,))


def _megabytes(paths: Sequence[Path]) -> str:
    return f"{sum(path.stat().st_size for path in paths) / 1e6:.1f} MB"


def _megapixels(pictures: Sequence[Path]) -> str:
    pixels = 0
    for path in pictures:
        with Image.open(path) as picture:
            pixels += picture.width * picture.height
    return f"{pixels / 1e6:.1f} Mpixel"


_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

if __name__ == "__main__":
    if _ONE_THREAD.items() <= os.environ.items():
        main()
    else:  # libraries read these when they are loaded, which has happened by now
        again = [sys.executable, "-m", "hashwalk_bench.speed", *sys.argv[1:]]
        os.execve(sys.executable, again, os.environ | _ONE_THREAD)  # noqa: S606
