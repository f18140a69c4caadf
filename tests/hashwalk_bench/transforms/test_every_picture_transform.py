"""What holds for every picture transform: it does something, the same each time, hashable."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import pytest
from PIL import Image

from hashwalk import hash_file
from hashwalk_bench.errors import TransformError
from hashwalk_bench.scenes import scene
from hashwalk_bench.transforms import (
    TRANSFORMS,
    Call,
    Medium,
    Subject,
    Value,
    apply,
    check,
    describe,
    family,
    open_subject,
)


def example(name: str, **parameters: Value) -> Call:
    """Return the call of a picture transform."""
    return Call(Medium.PICTURE, name, tuple(parameters.items()))


EXAMPLES = (
    example("copy"),
    *(example("reencode", container=container) for container in ("PNG", "BMP", "TIFF")),
    *(example("jpeg", quality=quality) for quality in (95, 75, 50, 30, 20, 10)),
    example("jpeg", quality=75, chroma="4:4:4"),
    example("jpeg_twice", first=50, second=80),
    *(example("webp", quality=quality) for quality in (80, 30)),
    example("avif", quality=50),
    example("gif"),
    example("cmyk"),
    example("exif_orientation", orientation=6),
    *(example("flatten", onto=onto) for onto in ("white", "black")),
    *(example("scale", factor=factor) for factor in (2, 0.5, 0.25)),
    example("scale_to", side=96),
    *(example("aspect", change=change) for change in (0.1, -0.1)),
    example("square"),
    *(example("crop", share=share) for share in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25)),
    *(example("crop", share=0.25, sides=sides) for sides in ("left", "top-right", "bottom-left")),
    *(example("border", share=0.0625, fill=fill) for fill in ("black", "white", "blurred")),
    example("border_px", pixels=30),
    example("letterbox", share=0.125),
    example("pillarbox", share=0.125, fill="blurred"),
    *(example("rotate", degrees=degrees) for degrees in (1, 2, 4, 5, 10, 15, 25, 90, 180, 270)),
    example("rotate", degrees=15, canvas="kept"),
    *(example("mirror", swaps=swaps) for swaps in ("left-right", "top-bottom")),
    example("perspective", share=0.2),
    example("shear", degrees=5),
    *(
        example(name, change=change)
        for name in ("brightness", "contrast", "saturation")
        for change in (0.05, -0.05, 0.1, -0.1, 0.2, -0.2, 0.5, -0.5)
    ),
    *(example("gamma", exponent=exponent) for exponent in (0.5, 2)),
    example("grey"),
    example("sepia"),
    example("invert"),
    example("hue", degrees=90),
    example("vignette"),
    *(example("blur", sigma=sigma) for sigma in (1, 2, 4)),
    example("median", radius=2),
    example("sharpen"),
    example("gaussian_noise", sigma=25),
    example("salt_and_pepper", share=0.05),
    *(example(name, share=share) for name in ("text", "logo") for share in (0.05, 0.1, 0.2)),
    example("emoji", share=0.1),
    example("watermark"),
    example("caption"),
    example("screenshot"),
    example("collage"),
    *(example("half", keeps=keeps) for keeps in ("left", "bottom")),
    *(example("background", share=share) for share in (0.25, 0.5)),
    example("messaging"),
    example("screenshot_cropped"),
)
EDITS = [call for call in EXAMPLES if call.name != "copy"]
ONE_OF_EACH = {call.name: call for call in EXAMPLES}.values()


def _id(call: Call) -> str:
    return call.id


def test_the_examples_name_every_picture_transform() -> None:
    """No transform of the catalogue is left untried."""
    names = {t.name for t in TRANSFORMS if t.medium is Medium.PICTURE}
    assert names == {call.name for call in EXAMPLES}


def test_the_examples_have_words_of_their_own() -> None:
    """No two calls are told to people in the same words, and all have a family."""
    words = [describe(call) for call in EXAMPLES]
    assert len(set(words)) == len(words)
    assert all(family(call) for call in EXAMPLES)


@pytest.mark.parametrize("call", EDITS, ids=_id)
def test_an_edit_does_something_that_can_be_hashed(
    call: Call, subject: Subject, tmp_path: Path
) -> None:
    """The file differs from the source and has every hash that is asked of it."""
    check(call)
    made = apply(call, subject, tmp_path, seed=1)
    hashed = hash_file(made.path, ("pdq", "sha256"))
    assert not hashed.failures
    assert hashed.media is not None
    assert hashed.media.sha256 != subject.media.sha256
    assert made.span is None


@pytest.mark.parametrize("call", EXAMPLES, ids=_id)
def test_the_same_call_and_seed_give_the_same_bytes(
    call: Call, source_path: Path, subject: Subject, tmp_path: Path
) -> None:
    """A second decoding of the source, in another folder, makes an equal file."""
    again = tmp_path / "again"
    again.mkdir()
    first = apply(call, subject, tmp_path, seed=1).path.read_bytes()
    second = apply(call, open_subject(source_path, Medium.PICTURE), again, seed=1).path.read_bytes()
    assert first == second


@pytest.mark.parametrize("call", ONE_OF_EACH, ids=_id)
@pytest.mark.parametrize("size", [(1, 1), (1, 5), (3, 2)])
def test_a_tiny_picture_is_edited_or_refused_in_one_line(
    call: Call, size: tuple[int, int], tmp_path: Path
) -> None:
    """Whatever is made of a picture of few pixels can be opened."""
    scene(5, 16, 16).resize(size).save(tmp_path / "tiny.png")
    tiny = open_subject(tmp_path / "tiny.png", Medium.PICTURE)
    made = _made_or_refused(call, tiny, tmp_path)
    if isinstance(made, Path):
        with Image.open(made) as opened:
            opened.load()
    else:
        assert len(made.splitlines()) == 1


@pytest.mark.parametrize("call", ONE_OF_EACH, ids=_id)
@pytest.mark.parametrize("mode", ["1", "I;16", "P", "RGBA", "LA", "CMYK"])
def test_a_picture_of_any_mode_is_edited(call: Call, mode: str, tmp_path: Path) -> None:
    """The modes that files come in are taken as hashing takes them; only no-ops are refused."""
    path = tmp_path / "source.tif"
    _in_mode(scene(3, 24, 20), mode).save(path)
    source = open_subject(path, Medium.PICTURE)
    made = _made_or_refused(call, source, tmp_path)
    if isinstance(made, Path):
        assert hash_file(made, ("pdq",)).hashes
    else:
        assert "changes nothing" in made


SEEDED = ("gaussian_noise", "salt_and_pepper", "text", "collage", "half", "background")


@pytest.mark.parametrize("call", [c for c in ONE_OF_EACH if c.name in SEEDED], ids=_id)
def test_another_seed_or_source_draws_other_chances(
    call: Call, subject: Subject, source_path: Path, tmp_path: Path
) -> None:
    """Chance follows from the seed and the source, and from nothing else."""
    digests = set()
    for number, seed in enumerate((1, 2, 1)):
        media = subject.media
        if number == 2:
            media = dataclasses.replace(media, sha256=64 * "0")
        other = Subject(source_path, Medium.PICTURE, media)
        made = apply(call, other, tmp_path, seed)
        digests.add(hashlib.sha256(made.path.read_bytes()).digest())
    assert len(digests) == 3


def _made_or_refused(call: Call, source: Subject, folder: Path) -> Path | str:
    try:
        return apply(call, source, folder, seed=1).path
    except TransformError as error:
        return str(error)


def _in_mode(picture: Image.Image, mode: str) -> Image.Image:
    if mode == "I;16":
        return picture.convert("L").convert("I").convert("I;16")
    if mode in {"RGBA", "LA"}:
        picture.putalpha(picture.convert("L"))
    return picture.convert(mode)
