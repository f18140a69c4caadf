"""Pictures, decoded by Pillow and its plug-ins alone."""

from __future__ import annotations

import ctypes
import functools
import importlib
import warnings
from contextlib import suppress
from importlib.metadata import version
from typing import BinaryIO, NamedTuple, cast

from PIL import ExifTags, Image, ImageFile, _imaging

from hashwalk.errors import (
    MediaError,
    TooLargeError,
    TruncatedError,
    UnreadableError,
    UnsupportedError,
)
from hashwalk.media.extent import is_cut_off
from hashwalk.media.facts import Facts
from hashwalk.media.heif import heif_orientation
from hashwalk.media.jxl import jxl_header
from hashwalk.media.limits import Limits
from hashwalk.memory import lacks_memory

# Pillow warns of odd metadata and palettes; a job over many files has no use for that.
warnings.filterwarnings("ignore", module=r"PIL\.")


class _Plugin(NamedTuple):
    """Where the Pillow plug-in of a container lives, and the extra that installs it."""

    module: str
    name: str
    codec: str
    distribution: str = "Pillow"
    extra: str = ""
    title: str = ""


_PLUGINS = {
    "jpeg": _Plugin("PIL.JpegImagePlugin", "JpegImageFile", "jpeg"),
    "png": _Plugin("PIL.PngImagePlugin", "PngImageFile", "png"),
    "gif": _Plugin("PIL.GifImagePlugin", "GifImageFile", "gif"),
    "webp": _Plugin("PIL.WebPImagePlugin", "WebPImageFile", "webp"),
    "avif": _Plugin("PIL.AvifImagePlugin", "AvifImageFile", "av1"),
    "bmp": _Plugin("PIL.BmpImagePlugin", "BmpImageFile", "bmp"),
    "tiff": _Plugin("PIL.TiffImagePlugin", "TiffImageFile", "tiff"),
    "heic": _Plugin("pillow_heif", "HeifImageFile", "hevc", "pillow-heif", "heic", "HEIC"),
    "jxl": _Plugin(
        "pillow_jxl.JpegXLImagePlugin",
        "JXLImageFile",
        "jpegxl",
        "pillow-jxl-plugin",
        "jxl",
        "JPEG XL",
    ),
}


_BACK = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""What undoes the turn that an EXIF orientation asks for."""
_SIDEWAYS = range(5, 9)
_BYTES_A_PIXEL = 12
"""How much memory decoders take at most, as far as seen."""
_PIXELS_IF_UNKNOWN = 12_000_000
_CONVERTED = {"LAB": "RGB", "La": "LA"}
"""Modes that Pillow makes no grey of, and what it makes of them before."""


class OpenPicture:
    """A picture whose header was read; ``facts`` says what it told.

    Raises UnsupportedError when the plug-in is not installed, TooLargeError where Pillow has
    a limit of its own (GIF and WebP), TruncatedError or UnreadableError when the header is damaged.
    """

    def __init__(self, file: BinaryIO, size: int, container: str) -> None:
        """Read the header of the picture of `size` bytes that `container` announces."""
        self._file, self._size, self._container = file, size, container
        self._plugin = _PLUGINS[container]
        self._opener = _load_plugin(self._plugin)
        self._image: ImageFile.ImageFile | None = None
        self._turned, self._pixels = 1, _PIXELS_IF_UNKNOWN
        try:
            self.facts = self._read_header()
        except Exception as error:
            raise self._explained(error) from error

    def decode(self, limits: Limits) -> Image.Image:
        """Return the loaded first frame, its pixels as stored, in a mode Pillow makes grey of.

        Raises TooLargeError before anything is decoded, TruncatedError when the picture
        breaks off, UnreadableError when it is damaged.
        """
        limits.check_size(self.facts.width or 0, self.facts.height or 0)
        try:
            image = self._image or self._open()
            image.load()
            mode = _CONVERTED.get(image.mode)
            stored = self._as_stored(image.convert(mode) if mode else image)
        except Exception as error:
            raise self._explained(error) from error
        if (self.facts.frames or 1) > 1 and is_cut_off(self._file, self._size, self._container):
            raise TruncatedError("the animation breaks off in the middle")
        return stored

    def _as_stored(self, image: Image.Image) -> Image.Image:
        """Turn back what the decoder turned upright; JPEG inside of JPEG XL it does not turn."""
        if self._turned == 1 or getattr(image, "jpeg", False):
            return image
        return image.transpose(_BACK[self._turned])

    def _open(self) -> ImageFile.ImageFile:
        self._file.seek(0)
        return self._opener(self._file, "")

    def _read_header(self) -> Facts:
        if self._container == "jxl":
            # The plug-in decodes while opening, so the header is read without it.
            width, height, self._turned = jxl_header(self._file)
            return self._facts((width, height), orientation=self._turned)
        image = self._image = self._open()
        orientation, size = _orientation(image), image.size
        if self._container == "heic":
            self._turned = heif_orientation(self._file)
            size = size[::-1] if self._turned in _SIDEWAYS else size
        elif self._container == "tiff":
            self._turned = orientation or 1
            in_tag = image.tag_v2.get(ExifTags.Base.Orientation)  # type: ignore[attr-defined]
            size = size[::-1] if in_tag in _SIDEWAYS else size
        if self._turned > 1:
            orientation = self._turned
        return self._facts(size, frames=getattr(image, "n_frames", 1), orientation=orientation)

    def _facts(
        self, size: tuple[int, int], *, frames: int | None = None, orientation: int | None = None
    ) -> Facts:
        self._pixels = size[0] * size[1]
        return Facts(
            type="picture",
            container=self._container,
            codec=self._plugin.codec,
            width=size[0],
            height=size[1],
            frames=frames,
            orientation=orientation,
            decoder=self._plugin.distribution,
            decoder_version=_version_of(self._plugin.distribution),
        )

    def _explained(self, error: Exception) -> Exception:
        if isinstance(error, MediaError | MemoryError):
            return error
        if isinstance(error, Image.DecompressionBombError):
            return TooLargeError(
                f"the picture has more pixels than {self._plugin.distribution} decodes"
            )
        cut_off = is_cut_off(self._file, self._size, self._container)
        if not cut_off and lacks_memory(error, 2 * self._size + _BYTES_A_PIXEL * self._pixels):
            return MemoryError()
        if cut_off or "truncated" in str(error).lower():
            return TruncatedError("the picture breaks off in the middle")
        return UnreadableError(
            f"the picture is damaged: {self._plugin.distribution} cannot decode it "
            f"({type(error).__name__})"
        )


def load_plugins() -> None:
    """Import what is installed of the plug-ins; one that is missing or broken is left out."""
    for plugin in _PLUGINS.values():
        with suppress(Exception):
            _load_plugin(plugin)
            _version_of(plugin.distribution)


@functools.cache
def _version_of(distribution: str) -> str:
    return version(distribution)


def _load_plugin(plugin: _Plugin) -> type[ImageFile.ImageFile]:
    """Return the class that opens one container, so that Pillow never guesses another."""
    try:
        module = importlib.import_module(plugin.module)
    except ImportError as error:
        raise UnsupportedError(
            f"{plugin.title} pictures need {plugin.distribution}: "
            f"pip install 'hashwalk[{plugin.extra}]'"
        ) from error
    if plugin.codec == "tiff":
        _silence_libtiff()
    return cast("type[ImageFile.ImageFile]", getattr(module, plugin.name))


@functools.cache
def _silence_libtiff() -> None:
    """Keep the libtiff that Pillow carries from writing what it meets to standard error."""
    with suppress(OSError, AttributeError):
        libtiff = ctypes.CDLL(_imaging.__file__)
        libtiff.TIFFSetErrorHandler(None)
        libtiff.TIFFSetWarningHandler(None)


def _orientation(image: ImageFile.ImageFile) -> int | None:
    """Return the EXIF tag, if there is one and it makes sense."""
    # Pillow decodes a whole PNG in search of EXIF data behind the pixels.
    if image.format == "PNG" and "exif" not in image.info:
        return None
    with suppress(Exception):
        value = image.info.get("original_orientation")
        value = value or image.getexif().get(ExifTags.Base.Orientation)
        return value if value in range(1, 9) else None
    return None
