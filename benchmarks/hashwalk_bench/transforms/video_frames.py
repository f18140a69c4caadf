"""Every edit of a picture's pixels, done to each frame of a video: ``frames_crop`` and so on."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from hashwalk_bench.errors import TransformError
from hashwalk_bench.transforms import coding
from hashwalk_bench.transforms.contract import Made, Medium
from hashwalk_bench.transforms.declaration import Edit, Encoded, Task, Transform, Values
from hashwalk_bench.transforms.pictures import PICTURES
from hashwalk_bench.transforms.video_edit import shape_of
from hashwalk_bench.transforms.video_pixels import painted
from hashwalk_bench.transforms.video_reading import Pixels
from hashwalk_bench.transforms.video_writing import h264, write


def _on_frames(transform: Transform, edit: Edit) -> Transform:
    """Return the transform that does to all frames what `transform` does to a picture."""
    return Transform(
        name=f"frames_{transform.name}",
        medium=Medium.VIDEO,
        family=transform.family,
        library=transform.library,
        words=f"each frame: {transform.words}",
        takes=transform.takes,
        make=_FramesMaker(edit),
    )


@dataclass(frozen=True, slots=True)
class _FramesMaker:
    """Edits each frame, with the same chance for all of them, and writes the file."""

    edit: Edit

    def __call__(self, task: Task) -> Made:
        """Write the variant; raises TransformError, also where no frame is changed."""
        seed, changed = int(task.random.integers(1 << 62)), False

        def paint(pixels: Pixels) -> Pixels:
            nonlocal changed
            made = self._edited(pixels, task.values, seed)
            changed = changed or not np.array_equal(made, pixels)
            return made

        clip = task.subject.clip
        path = write(painted(clip.frames(), paint), shape_of(clip), h264(), task.stem)
        if not changed:
            path.unlink()
            raise TransformError("the edit changes nothing of this video")
        return Made(path)

    def _edited(self, pixels: Pixels, values: Values, seed: int) -> Pixels:
        made = self.edit(Image.fromarray(pixels), values, np.random.default_rng(seed))
        if isinstance(made, Encoded):
            made = Image.open(io.BytesIO(made.data))
        return np.asarray(made.convert("RGB"))


TRANSFORMS = tuple(
    _on_frames(transform, transform.edit)
    for transform in PICTURES
    if transform.edit is not None and transform not in coding.TRANSFORMS
)
"""Encodings of pictures are none of frames."""
