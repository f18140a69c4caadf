"""The same pixels in another file: copies, containers, encoders and their quality."""

from __future__ import annotations

import io
from typing import Any

from PIL import ExifTags, Image, ImageDraw, ImageFilter

from hashwalk_bench.transforms.contract import Made, Medium
from hashwalk_bench.transforms.declaration import Encoded, Task, Transform, choice, whole
from hashwalk_bench.transforms.picture_edit import picture_edit, png_bytes

_SUFFIXES = {"PNG": ".png", "BMP": ".bmp", "TIFF": ".tif"}
_PNG_MODES = frozenset(("1", "L", "LA", "P", "RGB", "RGBA", "I;16"))
_CHROMA = {"4:4:4": 0, "4:2:2": 1, "4:2:0": 2}


def _copy(task: Task) -> Made:
    path = task.target(task.subject.path.suffix)
    path.write_bytes(task.subject.path.read_bytes())
    return Made(path)


def reencode(picture: Image.Image, container: str) -> Encoded:
    """Return the pixels and the mode unchanged in a lossless file without metadata (Pillow).

    `container` is PNG, BMP or TIFF; the last two hold RGB. The hash of the bytes changes, no
    pixel does.
    """
    if container == "PNG" and picture.mode in _PNG_MODES:
        return Encoded(png_bytes(_bare(picture)), ".png")
    return _encoded(picture.convert("RGB"), container, _SUFFIXES[container])


def jpeg(picture: Image.Image, quality: int, chroma: str) -> Encoded:
    """Return a JPEG of libjpeg's `quality` and chroma subsampling, without metadata (Pillow)."""
    return _encoded(picture, "JPEG", ".jpg", quality=quality, subsampling=_CHROMA[chroma])


def jpeg_twice(picture: Image.Image, first: int, second: int) -> Encoded:
    """Return a JPEG of the quality `second` of a JPEG of the quality `first` (Pillow)."""
    once = Image.open(io.BytesIO(jpeg(picture, first, "4:2:0").data))
    return jpeg(once, second, "4:2:0")


def webp(picture: Image.Image, quality: int) -> Encoded:
    """Return a lossy WebP of libwebp's `quality` (Pillow); sides are of 16383 pixels at most."""
    return _encoded(picture, "WEBP", ".webp", quality=quality)


def avif(picture: Image.Image, quality: int) -> Encoded:
    """Return an AVIF of Pillow's `quality`, by one thread, so that bytes are the same."""
    return _encoded(picture, "AVIF", ".avif", quality=quality, speed=8, max_threads=1)


def gif(picture: Image.Image, colours: int) -> Encoded:
    """Return a GIF with a palette of so many colours, dithered (Pillow's median cut)."""
    palette = picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=colours)
    return _encoded(palette, "GIF", ".gif")


def cmyk(picture: Image.Image, quality: int) -> Encoded:
    """Return a CMYK JPEG, converted without a colour profile (Pillow)."""
    return _encoded(picture.convert("CMYK"), "JPEG", ".jpg", quality=quality)


def exif_orientation(picture: Image.Image, orientation: int) -> Encoded:
    """Return a PNG of the same pixels whose EXIF tag asks viewers to turn them (Pillow).

    `orientation` is the tag's value: 3 half a turn, 6 and 8 a quarter, even ones below mirrored.
    """
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return Encoded(png_bytes(picture, exif=exif), ".png")


def flatten(picture: Image.Image, onto: str) -> Image.Image:
    """Return the picture with its alpha flattened on white or black (Pillow).

    A picture without transparency is cut out first, softly, along the largest ellipse.
    """
    layer = picture.convert("RGBA")
    if layer.getchannel("A").getextrema() == (255, 255):
        layer.putalpha(_ellipse(picture.size))
    flat = Image.new("RGB", picture.size, onto)
    flat.paste(layer, mask=layer)
    return flat


def _ellipse(size: tuple[int, int]) -> Image.Image:
    """Return a mask of one large ellipse with soft edges."""
    mask = Image.new("L", (256, 256))
    ImageDraw.Draw(mask).ellipse((8, 8, 247, 247), fill=255)
    return mask.filter(ImageFilter.GaussianBlur(3)).resize(size)


def _bare(picture: Image.Image) -> Image.Image:
    """Return the picture without what was written beside its pixels, but for transparency."""
    bare = picture.copy()
    bare.info = {key: value for key, value in picture.info.items() if key == "transparency"}
    return bare


def _encoded(picture: Image.Image, container: str, suffix: str, **options: Any) -> Encoded:  # noqa: ANN401
    bare, file = picture.copy(), io.BytesIO()
    bare.info = {}
    bare.save(file, container, **options)
    return Encoded(file.getvalue(), suffix)


_QUALITY = whole("quality", 1, 100)
_CODING = "coding"

TRANSFORMS = (
    Transform(
        name="copy",
        medium=Medium.PICTURE,
        family=_CODING,
        library="none",
        words="copy of the bytes",
        make=_copy,
    ),
    picture_edit(
        reencode,
        family=_CODING,
        words="the same pixels as {container}",
        takes=(choice("container", *_SUFFIXES),),
        stored=True,
    ),
    picture_edit(
        jpeg,
        family=_CODING,
        words="JPEG, quality {quality}",
        takes=(_QUALITY, choice("chroma", *_CHROMA, default="4:2:0", words=", chroma {chroma}")),
    ),
    picture_edit(
        jpeg_twice,
        family=_CODING,
        words="JPEG twice, quality {first} then {second}",
        takes=(whole("first", 1, 100), whole("second", 1, 100)),
    ),
    picture_edit(webp, family=_CODING, words="WebP, quality {quality}", takes=(_QUALITY,)),
    picture_edit(avif, family=_CODING, words="AVIF, quality {quality}", takes=(_QUALITY,)),
    picture_edit(
        gif,
        family=_CODING,
        words="GIF, {colours} colours",
        takes=(whole("colours", 2, 256, 256),),
    ),
    picture_edit(
        cmyk,
        family=_CODING,
        words="CMYK as JPEG, quality {quality}",
        takes=(whole("quality", 1, 100, 95),),
    ),
    picture_edit(
        exif_orientation,
        family=_CODING,
        words="EXIF orientation {orientation}",
        takes=(whole("orientation", 2, 8),),
    ),
    picture_edit(
        flatten,
        family=_CODING,
        words="alpha flattened on {onto}",
        takes=(choice("onto", "white", "black"),),
        stored=True,
    ),
)
