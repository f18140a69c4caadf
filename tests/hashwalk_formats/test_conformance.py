"""Every built-in format passes the conformance kit that third-party formats run.

Examples are hashes that somebody else published, or that the reference package computes here
of a picture that the format is then asked to hash too.
"""

import base64
import json
from collections.abc import Callable, Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import cv2
import imagehash
import numpy as np
import pytest
from PIL import Image

from hashwalk.picture import Picture
from hashwalk.registry import GROUP, Registry, can_compute, get_format, registry
from hashwalk.testing import (
    Check,
    Example,
    conformance_checks,
    make_image,
    parametrize_with_checks,
)

VECTORS = Path(__file__).parents[1] / "vectors"
REFERENCE: dict[str, Any] = json.loads((VECTORS / "vectors.json").read_text())

IMAGEHASH_TESTS = "imagehash, tests/test_hash_is_constant.py"
BRIDGE = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"
BRIDGE_SOURCE = "ThreatExchange, pdq/data/reg-test-input/dih"
PEPPERS = (
    "c4d9f3e3e1c18101,706c6e66464c99b9,98d8f1ecd8f0f0e1,"
    "a082c0c49acc6dbd,f1f39b99c1c1b1b1,3a7ece1c9df4fcb9"
)
TINY_DIHEDRAL = (
    "3c1071cfcf7c38e38388ec379be6613cce6111c16f9c663b99fcd89962619107",
    "2e8d9a49d5722db2b6ac5b4f2ab294965a6c8d35b79a5ac3693c98d65611ab28",
    "6905db659229924996cd46994eb2cb969b349b6b3ac9cc91cca9723337343bad",
    "7bd830e380278718e3f9f0e57fe73e3c0f39279f62cff0693c69327c03440182",
    "3c108e30cf7cc71c838813c89be69ac3ce61ce3e6f9c99c499fc276662616ef8",
    "6965249a9a296db6d6ddb962ceb334699b3464943ac9336ecca98dcc3734c452",
    "2e8d65b6d532d24db6aca4b02ab26b695a6c72ca379aa53c693c6729561154d7",
    "79d8c71c802778e7c3f90e1a7fe7c1c30f39586062cf07963c69c9830344fc7d",
)


def by_imagehash(compute: Callable[[Image.Image], object], *published: str) -> list[Example]:
    """Return what imagehash published, and what it computes of a picture here."""
    image = make_image("RGB", 200, 150, seed=5)
    computed = Example(str(compute(image)), "the package imagehash", of=Picture(image))
    return [*(Example(text, IMAGEHASH_TESTS) for text in published), computed]


def by_opencv(hasher: Any) -> list[Example]:
    """Return what OpenCV computes of a picture here."""
    image = make_image("RGB", 200, 150, seed=5)
    computed = hasher.compute(np.asarray(image)[:, :, ::-1].copy())
    whole = computed.dtype == np.uint8
    text = computed.tobytes().hex() if whole else json.dumps(computed.ravel().tolist())
    return [Example(text, "the module cv2.img_hash", of=Picture(image))]


def by_pdq(name: str, *images: str) -> list[Example]:
    """Return what the reference programs printed of reference pictures."""
    return [
        Example(
            REFERENCE["images"][image][name]["hash"],
            "vectors.json",
            of=Picture(Image.open(VECTORS / "images" / image)),
        )
        for image in images
    ]


def by_vpdq(name: str) -> list[Example]:
    """Return the lines that the reference program printed of a clip."""
    lines = REFERENCE["clips"][name]["vpdq_1s"]
    return [Example("\n".join(lines), "ThreatExchange, vpdq/cpp")]


def by_tmk(*names: str) -> list[Example]:
    """Return what the reference program wrote of clips."""
    contents = [(VECTORS / f"tmk/{name}.tmk").read_bytes() for name in names]
    return [Example(base64.b64encode(c).decode(), "ThreatExchange, tmk/cpp") for c in contents]


def made_up(size: int) -> list[Example]:
    """Return texts of the right form, since no real value of a secret format is to be published."""
    value = bytes(range(256))[-size:]
    texts = (value.hex(), base64.b64encode(value).decode(), ",".join(map(str, value)))
    return [Example(text, "made up") for text in texts]


RFC_1321 = "RFC 1321, A.5"
FIPS_180 = "FIPS 180-2, appendices A and B"
BLOCKHASH = "blockhash-js, test/data/clipper_ship_16_2.txt"
EXAMPLES: dict[str, list[Example]] = {
    "md5": [
        Example("d41d8cd98f00b204e9800998ecf8427e", RFC_1321, of=b""),
        Example("900150983cd24fb0d6963f7d28e17f72", RFC_1321, of=b"abc"),
    ],
    "sha1": [Example("a9993e364706816aba3e25717850c26c9cd0d89d", FIPS_180, of=b"abc")],
    "sha256": [
        Example(
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            FIPS_180,
            of=b"abc",
        )
    ],
    "ahash": by_imagehash(imagehash.average_hash, "ffd7918181c9ffff", "9f172786e71f1e00"),
    "phash": by_imagehash(imagehash.phash, "ba8c84536bd3c366"),
    "phash-256": by_imagehash(lambda image: imagehash.phash(image, hash_size=16)),
    "dhash": by_imagehash(imagehash.dhash, "0026273b2b19550e"),
    "dhash-256": by_imagehash(lambda image: imagehash.dhash(image, hash_size=16)),
    "dhash-vertical": by_imagehash(imagehash.dhash_vertical),
    "whash-haar": by_imagehash(imagehash.whash, "ffd391818181a5e7"),
    "colorhash": by_imagehash(imagehash.colorhash, "07007000000"),
    "crop-resistant": by_imagehash(imagehash.crop_resistant_hash, PEPPERS),
    "cv-average": by_opencv(cv2.img_hash.AverageHash.create()),
    "cv-phash": by_opencv(cv2.img_hash.PHash.create()),
    "cv-block-mean": by_opencv(cv2.img_hash.BlockMeanHash.create()),
    "cv-marr-hildreth": by_opencv(cv2.img_hash.MarrHildrethHash.create()),
    "cv-radial-variance": by_opencv(cv2.img_hash.RadialVarianceHash.create()),
    "cv-color-moment": by_opencv(cv2.img_hash.ColorMomentHash.create()),
    "pdq": [
        Example(BRIDGE, BRIDGE_SOURCE),
        *by_pdq("pdq", "chart-640x480.png", "tiny-42x34.png", "chart-palette.png"),
    ],
    "pdq-512": [
        Example(BRIDGE, BRIDGE_SOURCE),
        *by_pdq("pdq_512", "chart-640x480.png", "tiny-42x34.png"),
    ],
    "pdq-dihedral": [
        Example(
            ",".join(TINY_DIHEDRAL),
            "pdqhash 0.2.8, compute_dihedral",
            of=Picture(Image.open(VECTORS / "images/tiny-42x34.png")),
        )
    ],
    "blockhash": [
        Example("00007ff07ff07fe07fe67ff07560600077fe701e7f5e000079fd40410001ffff", BLOCKHASH)
    ],
    "videohash": [
        Example(REFERENCE["clips"][name]["videohash"]["hash"], "PyPI videohash 3.0.1")
        for name in ("fractal-h264-30fps.mp4", "tenbit-av1-30fps.mp4")
    ],
    "vpdq": by_vpdq("fractal-h264-30fps.mp4"),
    "vpdq-all": by_vpdq("life-mpeg4-15fps.avi"),
    "tmk-pdqf": by_tmk("life-mpeg4-15fps", "fractal-h264-30fps"),
    "photodna": made_up(144),
    "netclean": made_up(20),
    "videntifier": made_up(64),
    "ssvh-pdna": made_up(144),
    "ssvh-safer-hash": made_up(32),
    "csai-match": made_up(32),
    "neuralhash": made_up(12),
    "saferhash": made_up(18),
    "iscc-image": [Example("ISCC:EEAZJGZ6DIWZ6NYC", "iscc-core 1.5.0, of random pixels")],
    "iscc-video": [Example("ISCC:EMAZJGZ6DIWZ6NYC", "iscc-core 1.5.0, of made-up features")],
    "framewise:phash@1": [Example("0,,ba8c84536bd3c366,0.000", IMAGEHASH_TESTS)],
    "framewise:crop-resistant@1": [
        Example(
            "0,,ba8c84536bd3c366,0.000\n0,,0123456789abcdef,0.000\n30,,fedcba9876543210,1.000",
            "made up: two regions of a frame, one of the next",
        )
    ],
    "keyframes:pdq": [Example(f"0,100,{BRIDGE},0.000", BRIDGE_SOURCE)],
}
OF_OTHER_PACKAGES = {"perception", "threatexchange"}
"""Families that only another package computes; tests of their own check them where it is."""
EXPECTED_FAILURES = {
    "whash-haar": {
        "grey-sizes": "the size of its plane follows from the picture's, as imagehash's"
    },
}


def checks() -> Iterator[Check]:
    for format_id, examples in EXAMPLES.items():
        expected = EXPECTED_FAILURES.get(format_id, {})
        yield from conformance_checks(format_id, examples=examples, expected_failures=expected)


@parametrize_with_checks(checks())
def test_a_built_in_format_conforms(check: Check) -> None:
    check()


def test_every_built_in_format_is_checked() -> None:
    built_in = Registry(p for p in distribution("hashwalk").entry_points if p.group == GROUP)
    assert built_in.problems() == {}
    single, families = set(built_in), built_in.families()
    assert single == {name for name in EXAMPLES if ":" not in name}
    checked = {name.partition(":")[0] for name in EXAMPLES if ":" in name}
    assert {family.prefix for family in families} == checked | OF_OTHER_PACKAGES


@pytest.mark.parametrize("format_id", EXAMPLES)
def test_a_built_in_format_says_how_true_and_how_good_it_is_and_who_uses_it(format_id: str) -> None:
    """In a few lines each; what hashwalk cannot compute says so."""
    spec = get_format(format_id).spec
    said = {n: getattr(spec, n) for n in ("fidelity", "strong", "weak", "used_by")}
    assert [n for n, text in said.items() if not text.strip() or not text.isprintable()] == []
    limit = 800 if ":" in format_id else 350
    assert [n for n, text in said.items() if len(text) > limit] == []
    if not can_compute(registry()[format_id]) and format_id != "iscc-image":
        assert said["fidelity"].startswith("carried, not computed")
