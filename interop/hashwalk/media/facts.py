"""What opening a file tells of it, before anything is decoded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a media file; the fields mean what they mean in ``results.Media``."""

    type: str
    container: str | None = None
    codec: str | None = None
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    frames: int | None = None
    orientation: int | None = None
    rotation: int | None = None
    decoder: str | None = None
    decoder_version: str | None = None
