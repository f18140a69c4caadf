"""Every picture hasher of perception is a format: its own values, distances and texts.

perception and the newest OpenCV and rich exclude each other, so that these tests are run in an
environment of their own; where the package is missing they are skipped.
"""

import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from hashwalk.errors import UnknownFormatError, UnsupportedError
from hashwalk.format import Format, PictureHasher
from hashwalk.picture import Picture
from hashwalk.registry import get_format, registry
from hashwalk.testing import Example, conformance_checks, make_image

HASHERS = (
    "averagehash",
    "blockmean",
    "colormoment",
    "dhash",
    "marrhildreth",
    "phash",
    "phashf",
    "phashu8",
    "wavelethash",
)


@pytest.fixture(scope="module")
def hashers() -> dict[str, Any]:
    """perception's own classes, by lower-case name."""
    package = pytest.importorskip("perception.hashers", reason="perception is not installed")
    found = {n.lower(): c for n, c in vars(package).items() if inspect.isclass(c)}
    return {n: c for n, c in found.items() if issubclass(c, package.ImageHasher)}


def made(name: str) -> Format:
    return get_format(f"perception:{name}")


def hash_of(offered: Format, image: Image.Image) -> Any:
    assert isinstance(offered, PictureHasher)
    return offered.hash_picture(Picture(image))


@pytest.mark.parametrize("name", HASHERS)
def test_the_text_is_what_perception_writes(
    hashers: dict[str, Any], name: str, vectors_folder: Path
) -> None:
    images = [Image.open(p) for p in sorted((vectors_folder / "images").glob("fractal-*"))]
    images += [make_image("RGB", 200, 150, seed) for seed in range(5)]
    for image in images:
        found = hash_of(made(name), image)
        for encoding in ("base64", "hex"):
            expected = hashers[name]().compute(image, hash_format=encoding)
            assert made(name).render(found, encoding) == expected
            assert made(name).parse(expected, encoding) == found


@pytest.mark.parametrize("name", HASHERS)
def test_the_distance_is_perceptions_own(hashers: dict[str, Any], name: str) -> None:
    """Where that is a share of the bits, ours is their number."""
    offered, hasher = made(name), hashers[name]()
    images = [make_image("RGB", 200, 150, seed) for seed in range(4)]
    for one in images:
        for two in images:
            a, b = (hash_of(offered, image) for image in (one, two))
            expected = hasher.compute_distance(offered.render(a), offered.render(b))
            scale = offered.spec.bits if hasher.distance_metric == "hamming" else 1
            assert offered.distance(a, b) == pytest.approx(expected * scale, rel=1e-6)


@pytest.mark.parametrize("name", HASHERS)
def test_the_format_conforms(hashers: dict[str, Any], name: str) -> None:
    image = make_image("RGB", 200, 150, seed=5)
    example = Example(hashers[name]().compute(image), "the package perception", of=Picture(image))
    for check in conformance_checks(f"perception:{name}", examples=[example]):
        check()


def test_a_picture_without_features_is_refused_where_perception_has_no_hash(
    hashers: dict[str, Any],
) -> None:
    black = Image.fromarray(np.zeros((64, 64, 3), np.uint8))
    assert hashers["phashu8"]().compute(black) is None
    with pytest.raises(UnsupportedError, match="PHashU8 finds nothing to hash"):
        hash_of(made("phashu8"), black)


def test_it_may_be_a_format_of_frames(hashers: dict[str, Any], vectors_folder: Path) -> None:
    assert hashers
    clip = vectors_folder / "clips" / "halfsecond-h264-30fps.mp4"
    command = [sys.executable, "-m", "hashwalk", "hash", "-f", "framewise:perception:phash@1"]
    done = subprocess.run([*command, clip], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["nohash", "videohasher", "tmkl1", "imagehasher", "PHash", ""])
def test_what_is_no_picture_hasher_is_refused_with_a_list(
    hashers: dict[str, Any], name: str
) -> None:
    assert hashers
    with pytest.raises(UnknownFormatError, match="it has averagehash, blockmean"):
        made(name)


@pytest.mark.parametrize(("name", "meant"), [("PHash", "phash"), ("blockmeen", "blockmean")])
def test_a_name_that_is_nearly_right_is_suggested(
    hashers: dict[str, Any], name: str, meant: str
) -> None:
    assert hashers
    with pytest.raises(UnknownFormatError, match=f"did you mean perception:{meant}"):
        made(name)


def test_without_the_package_it_is_said_what_to_install() -> None:
    program = (
        "import sys; sys.modules['perception.hashers'] = sys.modules['perception'] = None\n"
        "from hashwalk import get_format, errors\n"
        "try: get_format('perception:phash')\n"
        "except errors.UnknownFormatError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert "`pip install perception`" in done.stdout
    assert done.stdout.count("\n") == 1


def test_the_family_is_listed_whether_or_not_the_package_is_there() -> None:
    assert "perception" in {family.prefix for family in registry().families()}
    assert not any(name.startswith("perception") for name in registry().problems())
