"""Other implementations of hashwalk's formats, and the program that has one of them hash files.

``PYTHON implementations.py NAME CALL…`` is run by the interpreter in which NAME is installed, so
that this file imports the standard library alone, and NAME when it is asked for. It prints a line
of JSON with what is installed, and then answers each line on its standard input,
``{"path": …, "calls": […]}``, by ``{"values": {call: [hex, …]}, "failed": {call: reason}}``.
It needs Python 3.9 or later.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

Hasher = Callable[[str], list[bytes]]
"""From a path to packed values, most significant bit first."""

_BY_OPENCV = "OpenCV decodes the file, and may round pixels otherwise than Pillow"


class Claim(NamedTuple):
    """A function that is said to compute a format of hashwalk's.

    `start` imports what it takes and returns the function. `tolerance` is how far its hashes
    may be from hashwalk's, in the units of the format's distance, and `reason` why it is not 0.
    """

    call: str
    format: str
    start: Callable[[], Hasher]
    tolerance: float = 0
    reason: str = ""


class Implementation(NamedTuple):
    """A program: the name it is asked for by, its distribution on PyPI, and what it claims.

    `remark` is what its users should know before they compare.
    """

    name: str
    distribution: str
    claims: tuple[Claim, ...]
    remark: str = ""


def _imagehash(function: str, **parameters: int) -> Callable[[], Hasher]:
    def start() -> Hasher:
        hashing, image = getattr(import_module("imagehash"), function), import_module("PIL.Image")
        pack = import_module("numpy").packbits

        def hashes(path: str) -> list[bytes]:
            with image.open(path) as picture:
                found = hashing(picture, **parameters)
            return [pack(one.hash).tobytes() for one in getattr(found, "segment_hashes", [found])]

        return hashes

    return start


def _pdqhash(function: str, read: Callable[[str], Any]) -> Callable[[], Hasher]:
    def start() -> Hasher:
        hashing, pack = getattr(import_module("pdqhash"), function), import_module("numpy").packbits
        import_module("cv2" if read is _rgb_by_opencv else "PIL.Image")

        def hashes(path: str) -> list[bytes]:
            found, _ = hashing(read(path))
            return [pack(one).tobytes() for one in (found if function != "compute" else [found])]

        return hashes

    return start


def _rgb_by_pillow(path: str) -> Any:  # noqa: ANN401
    with import_module("PIL.Image").open(path) as picture:
        return import_module("numpy").asarray(picture.convert("RGB"))


def _rgb_by_opencv(path: str) -> Any:  # noqa: ANN401
    opencv: Any = import_module("cv2")
    return opencv.cvtColor(_bgr_by_opencv(path, opencv.IMREAD_COLOR), opencv.COLOR_BGR2RGB)


def _bgr_by_opencv(path: str, flags: int) -> Any:  # noqa: ANN401
    pixels = import_module("cv2").imread(path, flags)
    if pixels is None:
        raise ValueError("OpenCV does not read it")
    return pixels


def _opencv(algorithm: str) -> Callable[[], Hasher]:
    def start() -> Hasher:
        opencv: Any = import_module("cv2")
        hasher = getattr(opencv.img_hash, algorithm).create()
        as_stored = opencv.IMREAD_COLOR | opencv.IMREAD_IGNORE_ORIENTATION
        return lambda path: [hasher.compute(_bgr_by_opencv(path, as_stored)).tobytes()]

    return start


def _perception(name: str) -> Callable[[], Hasher]:
    def start() -> Hasher:
        if name == "PDQHash":
            import_module("pdqhash")  # without which perception does not offer it
        hasher = getattr(import_module("perception.hashers"), name)()
        return lambda path: [bytes.fromhex(hasher.compute(path, hash_format="hex"))]

    return start


def _threatexchange() -> Hasher:
    signal = import_module("threatexchange.signal_type.pdq.signal").PdqSignal
    import_module("pdqhash")
    return lambda path: [bytes.fromhex(signal.hash_from_file(Path(path)))]


def _threatengine() -> Hasher:
    hashing = import_module("threatengine").pdq_hash_file
    return lambda path: [bytes.fromhex(hashing(path)[0])]


def _blockhash() -> Hasher:
    core, image = import_module("blockhash.core"), import_module("PIL.Image")
    normalised = import_module("blockhash.utility").normalize_image

    def hashes(path: str) -> list[bytes]:
        with image.open(path) as picture:
            picture.load()
            return [bytes.fromhex(core.blockhash(normalised(picture), 16))]

    return hashes


def _videohash() -> Hasher:
    image: Any = import_module("PIL.Image")
    image.ANTIALIAS = image.LANCZOS  # a name that Pillow no longer has
    package: Any = import_module("videohash")

    def hashes(path: str) -> list[bytes]:
        with tempfile.TemporaryDirectory() as folder:
            found = package.VideoHash(path=path, storage_path=f"{folder}/")
            return [int(found.hash, 2).to_bytes(8, "big")]

    return hashes


_IMAGEHASH = Implementation(
    "imagehash",
    "ImageHash",
    (
        Claim("average_hash", "ahash", _imagehash("average_hash")),
        Claim("phash", "phash", _imagehash("phash")),
        Claim("phash, 16", "phash-256", _imagehash("phash", hash_size=16)),
        Claim("dhash", "dhash", _imagehash("dhash")),
        Claim("dhash, 16", "dhash-256", _imagehash("dhash", hash_size=16)),
        Claim("dhash_vertical", "dhash-vertical", _imagehash("dhash_vertical")),
        Claim("whash", "whash-haar", _imagehash("whash")),
        Claim("colorhash", "colorhash", _imagehash("colorhash")),
        Claim("crop_resistant_hash", "crop-resistant", _imagehash("crop_resistant_hash")),
    ),
    "another version of Pillow resizes otherwise, by some bits",
)
_PDQHASH = Implementation(
    "pdqhash",
    "pdqhash",
    (
        Claim("compute", "pdq", _pdqhash("compute", _rgb_by_pillow)),
        Claim("compute_dihedral", "pdq-dihedral", _pdqhash("compute_dihedral", _rgb_by_pillow)),
        Claim("compute of imread", "pdq", _pdqhash("compute", _rgb_by_opencv), 10, _BY_OPENCV),
    ),
    "it is handed pixels: those of Pillow, and those of OpenCV's imread, as its own example has "
    "it, which turns pictures by their EXIF tag",
)
_THREATEXCHANGE = Implementation(
    "threatexchange",
    "threatexchange",
    (Claim("PdqSignal", "pdq", _threatexchange),),
    "it hands palette and CMYK pixels to pdqhash as numbers, not as colours",
)
_OPENCV = Implementation(
    "opencv",
    "opencv-contrib-python-headless",
    (
        Claim("AverageHash", "cv-average", _opencv("AverageHash")),
        Claim("PHash", "cv-phash", _opencv("PHash")),
        Claim("BlockMeanHash", "cv-block-mean", _opencv("BlockMeanHash")),
        Claim("MarrHildrethHash", "cv-marr-hildreth", _opencv("MarrHildrethHash")),
    ),
    "its imread is told not to turn pictures by their EXIF tag",
)
_PERCEPTION = Implementation(
    "perception",
    "perception[pdq]",
    (
        Claim("AverageHash", "ahash", _perception("AverageHash")),
        Claim("PHash", "phash", _perception("PHash")),
        Claim("DHash", "dhash", _perception("DHash")),
        Claim("WaveletHash", "whash-haar", _perception("WaveletHash")),
        Claim("MarrHildreth", "cv-marr-hildreth", _perception("MarrHildreth")),
        Claim("PDQHash", "pdq", _perception("PDQHash"), 10, _BY_OPENCV),
    ),
    "it resizes by areas where imagehash uses Lanczos, asks in DHash which pixel is darker, gives "
    "OpenCV's hash RGB for BGR, and turns pictures by their EXIF tag",
)
_THREATENGINE = Implementation(
    "threatengine",
    "threatengine",
    (Claim("pdq_hash_file", "pdq", _threatengine),),
    "what version 0.3.0 calls PDQ is not PDQ: do not exchange it",
)
_VIDEOHASH = Implementation(
    "videohash",
    "videohash",
    (Claim("VideoHash", "videohash", _videohash, 2, "the program ffmpeg decodes, in any version"),),
    "it needs the program ffmpeg; the name ANTIALIAS, which Pillow no longer has, is restored",
)
_BLOCKHASH = Implementation(
    "blockhash", "phash-blockhashio", (Claim("blockhash, 16", "blockhash", _blockhash),)
)

IMPLEMENTATIONS = {
    each.name: each
    for each in (
        _BLOCKHASH,
        _IMAGEHASH,
        _OPENCV,
        _PDQHASH,
        _PERCEPTION,
        _THREATENGINE,
        _THREATEXCHANGE,
        _VIDEOHASH,
    )
}
"""By the name that an implementation is asked for by."""


def main(arguments: list[str]) -> None:
    """Answer until standard input ends; what the program prints goes to standard error."""
    with os.fdopen(os.dup(1), "w", encoding="ascii") as answers:
        os.dup2(2, 1)
        name, *calls = arguments
        hashers, missing = _started(IMPLEMENTATIONS[name], calls)
        answer: dict[str, object] = {**_installed(IMPLEMENTATIONS[name]), "missing": missing}
        _say(answer, answers)
        for line in sys.stdin:
            asked = json.loads(line)
            wanted = {call: hashers[call] for call in asked["calls"] if call in hashers}
            _say(_hashed(asked["path"], wanted), answers)


def _say(answer: dict[str, object], answers: Any) -> None:  # noqa: ANN401
    print(json.dumps(answer), file=answers, flush=True)


def _started(
    implementation: Implementation, calls: list[str]
) -> tuple[dict[str, Hasher], dict[str, str]]:
    hashers, missing = {}, {}
    for claim in implementation.claims:
        if claim.call in calls:
            try:
                hashers[claim.call] = claim.start()
            except Exception as error:  # noqa: BLE001 - it is somebody else's program
                missing[claim.call] = _reason(error)
    return hashers, missing


def _reason(error: Exception) -> str:
    needs = isinstance(error, ModuleNotFoundError) and error.name
    return f"it needs the module {needs}" if needs else type(error).__name__


def _installed(implementation: Implementation) -> dict[str, object]:
    try:
        found = version(implementation.distribution.partition("[")[0])
    except PackageNotFoundError:
        found = ""
    libraries = {}
    for name, module in (("Pillow", "PIL"), ("numpy", "numpy"), ("OpenCV", "cv2")):
        if module in sys.modules:
            libraries[name] = str(getattr(sys.modules[module], "__version__", ""))
    return {"version": found, "python": platform.python_version(), "libraries": libraries}


def _hashed(path: str, hashers: dict[str, Hasher]) -> dict[str, object]:
    values, failed = {}, {}
    for call, hashes in hashers.items():
        try:
            values[call] = [value.hex() for value in hashes(path)]
        except Exception as error:  # noqa: BLE001 - its message may hold anything
            failed[call] = type(error).__name__
    return {"values": values, "failed": failed}


if __name__ == "__main__":
    # The files beside this one are no modules that a program may import by accident.
    sys.path[:] = [folder for folder in sys.path if folder != str(Path(__file__).parent)]
    main(sys.argv[1:])
