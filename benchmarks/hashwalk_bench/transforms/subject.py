"""A source that variants are made of, opened and decoded once for all of them."""

from __future__ import annotations

import functools
from pathlib import Path

from PIL import Image

from hashwalk.errors import HashwalkError
from hashwalk.hashing import hash_file
from hashwalk.media.limits import DEFAULT_LIMITS
from hashwalk.media.pictures import OpenPicture
from hashwalk.media.sniff import HEAD_BYTES, sniff
from hashwalk.media.source import open_source
from hashwalk.results import Media
from hashwalk_bench.errors import TransformError
from hashwalk_bench.transforms.contract import Medium
from hashwalk_bench.transforms.video_reading import Clip, open_clip


class Subject:
    """A source file: `media` holds what is known of it (SHA-256, size, duration, container).

    A picture's pixels are decoded when they are first asked for, and must not be changed; so is
    a video, of which its times are kept.
    """

    def __init__(self, path: Path, medium: Medium, media: Media) -> None:
        """Take the file and what is known of it."""
        self.path, self.medium, self.media = path, medium, media

    @functools.cached_property
    def clip(self) -> Clip:
        """The video, once it was decoded to its end; raises TransformError."""
        return open_clip(self.path)

    @functools.cached_property
    def picture(self) -> Image.Image:
        """The picture as stored, in the mode it was decoded in; raises TransformError."""
        try:
            with open_source(self.path) as source:
                container = sniff(source.file.read(HEAD_BYTES))
                opened = OpenPicture(source.file, source.size, container.container)  # type: ignore[union-attr]
                return opened.decode(DEFAULT_LIMITS)
        except HashwalkError as error:
            raise TransformError(str(error)) from error

    @functools.cached_property
    def rgb(self) -> Image.Image:
        """The picture's pixels as hashing takes them: ``convert("RGB")``; raises TransformError."""
        return self.picture if self.picture.mode == "RGB" else self.picture.convert("RGB")


def open_subject(path: Path, medium: Medium) -> Subject:
    """Return the source to be edited; raises TransformError for what is no such medium."""
    found = hash_file(path, ())
    if found.media is None:
        raise TransformError(found.failures[0].message)
    if found.media.type != medium:
        raise TransformError(f"the source is no {medium}, it is of the type {found.media.type}")
    return Subject(path, medium, found.media)
