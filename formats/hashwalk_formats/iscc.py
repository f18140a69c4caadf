"""The image and video codes of the International Standard Content Code, ISO 24138.

They are carried and compared by hashwalk itself; the extra ``iscc`` computes those of pictures.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import cast

import numpy as np
from PIL import Image, ImageChops, ImageOps

from hashwalk.distances import Hamming
from hashwalk.encodings import Encoding, Hex
from hashwalk.format import Format, FormatSpec, Hash, Kind, PictureHasher
from hashwalk.picture import Picture

BITS = 64
SIDE = 32
_CONTENT = 2
_IMAGE, _VIDEO = 1, 3
_LENGTH = BITS // 32 - 1


@dataclass(frozen=True, slots=True)
class IsccText(Encoding):
    """``ISCC:`` and base32, of a header of four 4-bit numbers and 64 bits of content code.

    The header says main type content, the sub-type, version 0 and the length, and belongs to
    the text alone.
    """

    subtype: int
    name: str = "iscc"

    def parse(self, text: str) -> bytes:
        """Read a code of this type and length, in either case, with or without ``ISCC:``."""
        code = re.sub(r"^ISCC:", "", text.strip(), flags=re.IGNORECASE).upper()
        try:
            decoded = base64.b32decode(code + "=" * (-len(code) % 8))
        except ValueError:
            raise ValueError("expected ISCC: and base32") from None
        if decoded[:2] != self._header or len(decoded) != 2 + BITS // 8:
            raise ValueError(f"it is an ISCC, but no content code of this type with {BITS} bits")
        return decoded[2:]

    def render(self, value: bytes) -> str:
        """Write upper-case base32 without padding, after ``ISCC:``."""
        return "ISCC:" + base64.b32encode(self._header + value).decode().rstrip("=")

    @property
    def _header(self) -> bytes:
        return bytes([_CONTENT << 4 | self.subtype, _LENGTH])


class IsccCode(Format):
    """A content code that is carried and compared."""

    def __init__(self, spec: FormatSpec) -> None:
        """Take the card of the format."""
        self.spec = spec


class IsccImage(IsccCode, PictureHasher):
    """The image code, computed by iscc-core."""

    def hash_picture(self, picture: Picture) -> Hash:
        """Return the code of the picture in normal form."""
        pixels = normal_form(picture.image)
        code = import_module("iscc_core").soft_hash_image_v0(pixels, bits=BITS)
        return Hash.of(self.spec.id, cast("bytes", code))


def normal_form(image: Image.Image) -> list[int]:
    """Return the 1024 grey values, row by row, of the picture as ISO 24138 wants it.

    Turned by its EXIF tag, laid on white, rid of a border of exactly the colour of its first
    pixel, made grey and shrunk to 32x32 by Pillow's BICUBIC.
    """
    solid = _on_white(ImageOps.exif_transpose(image))
    border = Image.new("RGB", solid.size, cast("tuple[int, ...]", solid.getpixel((0, 0))))
    grey = solid.crop(ImageChops.difference(solid, border).getbbox()).convert("L")
    small = grey.resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return cast("list[int]", np.asarray(small).ravel().tolist())


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "P" and "transparency" in image.info:
        image = image.convert("RGBA")
    if image.mode not in {"RGBA", "LA"}:
        return image.convert("RGB")
    solid = Image.new("RGB", image.size, (255, 255, 255))
    solid.paste(image, mask=image.getchannel("A"))
    return solid


def _spec(  # noqa: PLR0913
    format_id: str,
    kind: Kind,
    subtype: int,
    summary: str,
    *,
    fidelity: str,
    strong: str,
    weak: str,
    to_compute: str,
) -> FormatSpec:
    return FormatSpec(
        id=format_id,
        summary=summary,
        kind=kind,
        bits=BITS,
        distance=Hamming(),
        threshold=None,
        licence="Apache-2.0",
        encodings=(IsccText(subtype), Hex(BITS)),
        interchangeable_with=("iscc-core", "iscc-sdk"),
        source="ISO 24138:2024",
        fidelity=fidelity,
        strong=strong,
        weak=weak,
        used_by=(
            "users of the International Standard Content Code; nobody is known to exchange hash "
            "lists of it publicly"
        ),
        libraries=("iscc-core", "Pillow"),
        default=False,
        to_compute=to_compute,
    )


_IMAGE_SPEC = _spec(
    "iscc-image",
    Kind.PICTURE,
    _IMAGE,
    "ISCC image code: which of the 8x8 lowest frequencies are above their median.",
    fidelity=(
        "the code is iscc-core's own, of the picture turned by its EXIF tag, laid on white, rid "
        "of a border of the colour of its first pixel, made grey and shrunk to 32x32 by Pillow's "
        "bicubic filter, as iscc-sdk does"
    ),
    strong=(
        "an ISO standard, with a text that says what it is; measured on 88 photographs, in the "
        "median: JPEG and half size change 0 bits of 64, text 4; different ones are 32 apart"
    ),
    weak=(
        "nobody has published a threshold; a crop changes 10 bits, and mirrored and turned copies, "
        "32 bits away, look unrelated"
    ),
    to_compute="`pip install 'hashwalk[iscc]'`",
)

IMAGE = (IsccImage if find_spec("iscc_core") else IsccCode)(_IMAGE_SPEC)

VIDEO = IsccCode(
    _spec(
        "iscc-video",
        Kind.VIDEO,
        _VIDEO,
        "ISCC video code: from the MPEG-7 signatures of five frames a second.",
        fidelity=(
            "carried, not computed: it needs the MPEG-7 frame signatures of FFmpeg's filter "
            "`signature`, which is not in the FFmpeg that PyAV brings"
        ),
        strong="not measured here; an ISO standard, with a text that says what it is",
        weak="not measured here; nobody has published a threshold",
        to_compute="a program that prints it, `[[format]]` in hashwalk.toml; see docs/programs.md",
    )
)
