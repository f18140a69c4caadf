"""From a function of a picture to a transform: calls it, and writes the file losslessly."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from inspect import signature

import cv2
import numpy as np
from PIL import Image

from hashwalk.media.limits import DEFAULT_LIMITS
from hashwalk_bench.errors import TransformError
from hashwalk_bench.transforms.contract import Made, Medium
from hashwalk_bench.transforms.declaration import Edit, Encoded, Parameter, Task, Transform, Values

Function = Callable[..., Image.Image | Encoded]
"""``(picture, **parameters)``, with the keyword ``random`` too where the edit draws chances."""

_REFUSALS = (OSError, ValueError, OverflowError, MemoryError, SystemError, cv2.error)
"""What libraries raise where a picture is too large or too small for them."""


def picture_edit(  # noqa: PLR0913 - each is a field of the declaration
    function: Function,
    *,
    family: str,
    words: str,
    takes: tuple[Parameter, ...] = (),
    library: str = "Pillow",
    stored: bool = False,
) -> Transform:
    """Declare the transform of the function's name, which is given the picture's RGB pixels.

    With `stored` it is given the picture in the mode it is stored in. Pixels that it returns
    are written as BMP, which costs next to nothing to write and to read, and are refused where
    they equal the source's.
    """
    edit = _Edit(function, seeded="random" in signature(function).parameters)
    return Transform(
        name=function.__name__,
        medium=Medium.PICTURE,
        family=family,
        library=library,
        words=words,
        takes=takes,
        edit=edit,
        make=_Maker(edit, stored=stored),
    )


def check_size(width: int, height: int) -> None:
    """Raise TransformError for a picture that has no pixels, or more than are hashed."""
    if min(width, height) < 1:
        raise TransformError("the picture is too small: nothing would be left of it")
    if width * height > DEFAULT_LIMITS.max_pixels:
        raise TransformError(f"the picture is too large: it would have {width} x {height} pixels")


def png_bytes(picture: Image.Image, **options: object) -> bytes:
    """Return the picture as PNG, compressed quickly; no metadata but the `options`' is kept."""
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1, **options)
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class _Edit(Edit):
    """Calls the function with the parameters as keywords."""

    function: Function
    seeded: bool

    def __call__(
        self, picture: Image.Image, values: Values, random: np.random.Generator
    ) -> Image.Image | Encoded:
        """Return what the function makes; raises TransformError where a library refuses."""
        chance = {"random": random} if self.seeded else {}
        try:
            return self.function(picture, **values, **chance)
        except _REFUSALS as error:
            reason = str(error).strip().split("\n")[0] or type(error).__name__
            size = f"{picture.width} x {picture.height}"
            raise TransformError(
                f"{self.function.__name__} of {size} pixels is refused: {reason}"
            ) from error


@dataclass(frozen=True, slots=True)
class _Maker:
    """Edits the task's picture and writes the file."""

    edit: Edit
    stored: bool

    def __call__(self, task: Task) -> Made:
        """Write the variant; raises TransformError."""
        picture = task.subject.picture if self.stored else task.subject.rgb
        made = self.edit(picture, task.values, task.random)
        if isinstance(made, Image.Image):
            made = _written(made, task.subject.rgb)
        path = task.target(made.suffix)
        path.write_bytes(made.data)
        return Made(path)


def _written(made: Image.Image, source: Image.Image) -> Encoded:
    if made.size == source.size and made.mode == source.mode and made.tobytes() == source.tobytes():
        raise TransformError("the edit changes nothing of this picture")
    file = io.BytesIO()
    made.save(file, "BMP")
    return Encoded(file.getvalue(), ".bmp")
