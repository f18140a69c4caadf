"""How much of a hostile file is decoded before it is given up."""

from __future__ import annotations

from dataclasses import dataclass

from hashwalk.errors import TooLargeError


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost; passing a limit is a TooLargeError.

    `max_pixels` bounds width x height of a picture, and of each frame of a video, before it is
    decoded. `max_frames` bounds the frames decoded of one video; None means any number.
    """

    max_pixels: int = 200_000_000
    max_frames: int | None = None

    def check_size(self, width: int, height: int) -> None:
        """Raise TooLargeError when a picture of this size has too many pixels."""
        if width * height > self.max_pixels:
            raise TooLargeError(
                f"{width} x {height} is {width * height} pixels, "
                f"over the limit of {self.max_pixels}"
            )

    def check_frames(self, count: int) -> None:
        """Raise TooLargeError when a video has more frames than may be decoded."""
        if self.max_frames is not None and count > self.max_frames:
            raise TooLargeError(f"the video has more than {self.max_frames} frames, the limit")


DEFAULT_LIMITS = Limits()
"""What holds where no limits are given."""
