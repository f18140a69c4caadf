"""Pictures: what is read of them, what is refused, and why."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from hashwalk.errors import (
    TooLargeError,
    TruncatedError,
    UnreadableError,
    UnsupportedError,
)
from hashwalk.media.limits import DEFAULT_LIMITS, Limits
from hashwalk.media.pictures import OpenPicture
from hashwalk.media.sniff import HEAD_BYTES, sniff
from hashwalk.picture import Picture

pytestmark = pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
pillow_heif = pytest.importorskip("pillow_heif", reason="the extra heic is not installed")
pytest.importorskip("pillow_jxl", reason="the extra jxl is not installed")
pillow_heif.register_heif_opener()

Pixels = Callable[..., np.ndarray[Any, Any]]

ENCODINGS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "jpeg": ("JPEG", "RGB", {}),
    "progressive jpeg": ("JPEG", "RGB", {"progressive": True}),
    "grey jpeg": ("JPEG", "L", {}),
    "cmyk jpeg": ("JPEG", "CMYK", {}),
    "png": ("PNG", "RGB", {}),
    "png of 1 bit": ("PNG", "1", {}),
    "png with palette": ("PNG", "P", {}),
    "png with alpha": ("PNG", "RGBA", {}),
    "grey png with alpha": ("PNG", "LA", {}),
    "png of 16 bits": ("PNG", "I;16", {}),
    "webp": ("WEBP", "RGB", {}),
    "lossless webp with alpha": ("WEBP", "RGBA", {"lossless": True}),
    "gif": ("GIF", "P", {}),
    "avif": ("AVIF", "RGB", {}),
    "bmp": ("BMP", "RGB", {}),
    "tiff": ("TIFF", "RGB", {}),
    "lzw tiff": ("TIFF", "RGB", {"compression": "tiff_lzw"}),
    "fax tiff": ("TIFF", "1", {"compression": "group4"}),
    "heic": ("HEIF", "RGB", {}),
    "jxl": ("JXL", "RGB", {"effort": 1}),
}
ANIMATIONS = ["GIF", "WEBP", "PNG", "AVIF"]


def encode(image: Image.Image, pillow_format: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.copy().save(buffer, pillow_format, **options)
    return buffer.getvalue()


def open_picture(content: bytes) -> OpenPicture:
    sniffed = sniff(content[:HEAD_BYTES])
    assert sniffed is not None
    assert sniffed.type == "picture"
    return OpenPicture(io.BytesIO(content), len(content), sniffed.container)


def decode(content: bytes, limits: Limits = DEFAULT_LIMITS) -> Image.Image:
    return open_picture(content).decode(limits)


@pytest.fixture(scope="module")
def image(make_pixels: Pixels) -> Image.Image:
    return Image.fromarray(make_pixels())


@pytest.fixture(scope="module")
def encoded(image: Image.Image) -> dict[str, bytes]:
    """One picture in every encoding."""
    return {
        name: encode(_in_mode(image, mode), pillow_format, **options)
        for name, (pillow_format, mode, options) in ENCODINGS.items()
    }


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    if mode == "I;16":
        return Image.fromarray(np.asarray(image.convert("L")).astype(np.uint16) * 257)
    if mode == "RGBA":
        image = image.copy()
        image.putalpha(image.convert("L"))
    return image.convert(mode)


@pytest.mark.parametrize("name", ENCODINGS)
def test_pixels_are_those_that_pillow_decodes(name: str, encoded: dict[str, bytes]) -> None:
    expected = Image.open(io.BytesIO(encoded[name]))
    found = decode(encoded[name])
    assert (found.mode, found.size) == (expected.mode, expected.size)
    assert found.convert("RGB").tobytes() == expected.convert("RGB").tobytes()


@pytest.mark.parametrize("name", ENCODINGS)
def test_the_header_tells_what_the_picture_is(name: str, encoded: dict[str, bytes]) -> None:
    facts = open_picture(encoded[name]).facts
    assert (facts.type, facts.width, facts.height) == ("picture", 160, 96)
    assert (
        facts.container == name.split()[0 if name[-1].isdigit() else -1] or facts.container in name
    )
    assert facts.frames == (None if name == "jxl" else 1)
    assert facts.decoder in ("Pillow", "pillow-heif", "pillow-jxl-plugin")
    assert facts.decoder_version


def test_reference_pictures_decode_as_pillow_decodes_them(
    vectors_folder: Path, vectors: dict[str, Any]
) -> None:
    for name, expected in vectors["images"].items():
        content = (vectors_folder / "images" / name).read_bytes()
        found = decode(content)
        assert found.size == (expected["width"], expected["height"])
        assert found.mode == expected["mode"]
        with Image.open(io.BytesIO(content)) as picture:
            assert np.array_equal(np.asarray(found), np.asarray(picture))


@pytest.mark.parametrize("pillow_format", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_the_orientation_is_told_and_not_applied(pillow_format: str, image: Image.Image) -> None:
    exif = Image.Exif()
    exif[274] = 6
    picture = open_picture(encode(image, pillow_format, exif=exif))
    assert picture.facts.orientation == 6
    assert picture.decode(DEFAULT_LIMITS).size == image.size


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("compression", [None, "tiff_lzw"])
def test_a_tiff_that_pillow_turns_upright_is_turned_back(
    compression: str | None, orientation: int, image: Image.Image
) -> None:
    """As stored, it is what a JPEG of the same pixels and orientation is."""
    exif = Image.Exif()
    exif[274] = orientation
    content = encode(image, "TIFF", exif=exif, compression=compression)
    _check_as_stored(open_picture(content), image, orientation)


def test_a_tiff_with_its_orientation_in_xmp_alone_is_turned_back(image: Image.Image) -> None:
    xmp = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/'
        b'22-rdf-syntax-ns#"><rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" '
        b'tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
    )
    content = encode(image, "TIFF", tiffinfo={700: xmp})
    assert Image.open(io.BytesIO(content)).getexif()[274] == 6
    _check_as_stored(open_picture(content), image, 6)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_heic_that_its_decoder_turns_upright_is_turned_back(
    orientation: int, image: Image.Image
) -> None:
    exif = Image.Exif()
    exif[274] = orientation
    content = encode(image, "HEIF", exif=exif.tobytes(), quality=-1, chroma=444)
    assert (b"irot" in content or b"imir" in content) == (orientation > 1)
    _check_as_stored(open_picture(content), image, orientation)


def test_the_tag_in_a_heic_that_turns_nothing_is_told(image: Image.Image) -> None:
    exif = Image.Exif()
    exif[274] = 6
    content = encode(image, "HEIF", exif=exif, quality=-1, chroma=444)
    assert b"irot" not in content
    _check_as_stored(open_picture(content), image, 6)


@pytest.mark.parametrize("keeps_jpeg", [True, False])
@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_jxl_that_its_decoder_turns_upright_is_turned_back(
    orientation: int, keeps_jpeg: bool, image: Image.Image, tmp_path: Path
) -> None:
    """But for one that holds a JPEG, which it does not turn."""
    exif = Image.Exif()
    exif[274] = orientation
    image.save(tmp_path / "picture.jpg", exif=exif, quality=98, subsampling=0)
    with Image.open(tmp_path / "picture.jpg") as jpeg, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        jpeg.save(tmp_path / "picture.jxl", use_container=True)
    content = (tmp_path / "picture.jxl").read_bytes()
    assert b"jbrd" in content
    _check_as_stored(
        open_picture(content if keeps_jpeg else content.replace(b"jbrd", b"free")),
        image,
        orientation,
    )


def _check_as_stored(picture: OpenPicture, image: Image.Image, orientation: int) -> None:
    found = picture.decode(DEFAULT_LIMITS).convert("RGB")
    assert picture.facts.orientation == orientation
    assert (picture.facts.width, picture.facts.height) == found.size == image.size
    assert np.abs(np.asarray(found, np.int16) - np.asarray(image)).mean() < 3


def _pixels_in(mode: str, image: Image.Image) -> Image.Image:
    grey = np.asarray(image.convert("L"))
    if mode == "I;16B":
        return Image.frombytes(mode, image.size, grey.astype(">u2").tobytes())
    if mode in ("F", "I"):
        return Image.fromarray(grey.astype(np.float32 if mode == "F" else np.int32))
    return image.convert("LA" if mode == "La" else mode)


@pytest.mark.parametrize(
    "mode", ["1", "P", "LA", "La", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB", "I;16B", "I", "F"]
)
def test_a_tiff_of_any_mode_gives_colours_and_grey(mode: str, image: Image.Image) -> None:
    content = encode(_pixels_in(mode, image), "TIFF")
    if mode == "La":
        kind = struct.pack("<HHLHH", 338, 3, 1, 2, 0)
        assert kind in content
        content = content.replace(kind, struct.pack("<HHLHH", 338, 3, 1, 1, 0))
        assert Image.open(io.BytesIO(content)).mode == "La"
    picture = Picture(decode(content))
    assert picture.rgb.shape == (96, 160, 3)
    assert picture.grey.std() > 10


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_is_not_told(value: int, image: Image.Image) -> None:
    exif = Image.Exif()
    exif[274] = value
    assert open_picture(encode(image, "JPEG", exif=exif)).facts.orientation is None


@pytest.mark.parametrize("pillow_format", ANIMATIONS)
def test_an_animation_is_its_first_frame(pillow_format: str, make_pixels: Pixels) -> None:
    frames = [Image.fromarray(make_pixels(step=step)) for step in range(4)]
    lossless = {"lossless": True} if pillow_format == "WEBP" else {}
    content = encode(frames[0], pillow_format, save_all=True, append_images=frames[1:], **lossless)
    picture = open_picture(content)
    assert picture.facts.frames == 4
    first = decode(encode(frames[0], pillow_format, **lossless)).convert("RGB")
    found = np.asarray(picture.decode(DEFAULT_LIMITS).convert("RGB"), np.int16)
    assert np.abs(found - np.asarray(first)).mean() < 3


def test_the_preview_in_a_jpeg_is_not_looked_at(make_pixels: Pixels) -> None:
    """A camera's file of two JPEG pictures is the first of them."""
    first, second = (Image.fromarray(make_pixels(step=step)) for step in (0, 9))
    content = encode(first, "MPO", save_all=True, append_images=[second])
    assert Image.open(io.BytesIO(content)).format == "MPO"
    picture = open_picture(content)
    assert picture.facts.frames == 1
    assert picture.decode(DEFAULT_LIMITS).tobytes() == Image.open(io.BytesIO(content)).tobytes()


@pytest.mark.parametrize("name", ENCODINGS)
def test_too_many_pixels_are_refused_before_decoding(name: str, encoded: dict[str, bytes]) -> None:
    """The header is enough: the pixels may be anything, or missing."""
    content = encoded[name]
    if "jpeg" in name or "png" in name:
        content = content[: len(content) // 2]
    limits = Limits(max_pixels=160 * 96 - 1)
    with pytest.raises(TooLargeError, match="160 x 96 is 15360 pixels, over the limit of 15359"):
        decode(content, limits)


def test_what_pillow_finds_too_large_is_no_damage(
    image: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of GIF and WebP it looks at the size by itself, and refuses to open them.

    Its limit is set here, since the package videohash lifts it for a whole process.
    """
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1 << 26)
    content = bytearray(encode(image, "WEBP", lossless=True))
    size = content.index(b"VP8L") + 9
    content[size : size + 4] = b"\xff\xff\xff\x0f"  # 16384 x 16384
    with pytest.raises(TooLargeError, match="more pixels than Pillow decodes"):
        open_picture(bytes(content))


def test_the_limit_itself_is_allowed(encoded: dict[str, bytes]) -> None:
    assert decode(encoded["png"], Limits(max_pixels=160 * 96)).size == (160, 96)


def test_only_our_limit_holds_and_not_that_of_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    content = encode(Image.new("1", (300, 300)), "PNG")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(Image.DecompressionBombError):
        Image.open(io.BytesIO(content))
    assert decode(content).size == (300, 300)


@pytest.mark.parametrize("share", [0.9, 0.5, 0.2])
@pytest.mark.parametrize("name", ENCODINGS)
def test_a_picture_cut_off_is_never_decoded(
    name: str, share: float, encoded: dict[str, bytes]
) -> None:
    content = encoded[name]
    with pytest.raises((TruncatedError, UnreadableError)):
        decode(content[: int(len(content) * share)])


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_picture_cut_in_half_is_said_to_break_off(name: str, encoded: dict[str, bytes]) -> None:
    content = encoded[name]
    with pytest.raises(TruncatedError, match="breaks off in the middle"):
        decode(content[: len(content) // 2])


@pytest.mark.parametrize("pillow_format", ANIMATIONS)
def test_an_animation_cut_off_in_a_later_frame_breaks_off(
    pillow_format: str, make_pixels: Pixels
) -> None:
    frames = [Image.fromarray(make_pixels(step=step)) for step in range(6)]
    content = encode(frames[0], pillow_format, save_all=True, append_images=frames[1:])
    with pytest.raises(TruncatedError):
        decode(content[: len(content) * 4 // 5])


@pytest.mark.parametrize("name", ["png", "jxl"])
def test_a_damaged_picture_is_unreadable_not_cut_off(name: str, encoded: dict[str, bytes]) -> None:
    content = bytearray(encoded[name])
    middle = len(content) // 2
    content[middle : middle + 20] = bytes(20)
    with pytest.raises(UnreadableError, match="cannot decode it"):
        decode(bytes(content))


def test_a_tiff_whose_second_page_is_cut_off_breaks_off(make_pixels: Pixels) -> None:
    first, second = (Image.fromarray(make_pixels(step=step)) for step in range(2))
    content = encode(first, "TIFF", save_all=True, append_images=[second])
    assert open_picture(content).facts.frames == 2
    with pytest.raises(TruncatedError):
        decode(content[:-1000])


def test_a_checksum_that_is_wrong_makes_a_png_unreadable(encoded: dict[str, bytes]) -> None:
    content = bytearray(encoded["png"])
    assert content[12:16] == b"IHDR"
    content[29] ^= 1
    with pytest.raises(UnreadableError):
        decode(bytes(content))


def test_only_the_decoder_of_the_content_is_asked(encoded: dict[str, bytes]) -> None:
    """Content that announces one format is never handed to the decoder of another."""
    with pytest.raises(UnreadableError):
        OpenPicture(io.BytesIO(encoded["bmp"]), len(encoded["bmp"]), "jpeg")


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [("heic", "pillow_heif", "heic"), ("jxl", "pillow_jxl.JpegXLImagePlugin", "jxl")],
)
def test_a_plugin_that_is_missing_is_named(
    name: str,
    module: str,
    extra: str,
    encoded: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(UnsupportedError, match=rf"pip install 'hashwalk\[{extra}\]'"):
        open_picture(encoded[name])


def test_nothing_is_written_to_standard_error(
    encoded: dict[str, bytes], image: Image.Image, tmp_path: Path
) -> None:
    """Neither warnings of Pillow nor what its C libraries say of damaged files."""
    odd = image.quantize()
    odd.info["transparency"] = bytes(range(256))
    (tmp_path / "odd.png").write_bytes(encode(odd, "PNG"))
    for number, content in enumerate(encoded.values()):
        damaged = bytearray(content)
        for place in range(len(content) // 3, len(content), 97):
            damaged[place] ^= 0x55
        (tmp_path / f"damaged-{number}").write_bytes(damaged)
        (tmp_path / f"cut-{number}").write_bytes(content[: len(content) * 2 // 3])
    (tmp_path / "exif.jpg").write_bytes(encode(image, "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff"))
    script = (
        "import sys; from pathlib import Path; from hashwalk.hashing import hash_file\n"
        "done = [hash_file(p, ['ahash', 'colorhash']) for p in Path(sys.argv[1]).iterdir()]\n"
        "print(len(done), sum(len(d.failures) for d in done) > 20)"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "always", "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == f"{2 * len(encoded) + 2} True\n"
    assert ran.stderr == ""


def test_the_callers_filters_of_warnings_are_left_alone(encoded: dict[str, bytes]) -> None:
    before = list(warnings.filters)
    decode(encoded["png with palette"])
    assert list(warnings.filters) == before
