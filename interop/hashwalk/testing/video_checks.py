"""Checks of formats that compute a hash from the frames of a video."""

from __future__ import annotations

import functools
import gc
import itertools
import weakref

from hashwalk.format import Format, Hash, Shape, VideoHasher
from hashwalk.searchable import FrameLists
from hashwalk.testing.check import expect, guarded
from hashwalk.testing.clips import FRAMES, hash_clip, make_frames, make_video, sampled
from hashwalk.testing.picture_checks import RecordingPicture, check_asked
from hashwalk.testing.samples import hash_or_reason
from hashwalk.testing.value_checks import check_shape, check_well_formed


@guarded
def check_short_videos(candidate: Format) -> None:
    """Check that a video of no, one or two frames gives a hash or a MediaError with a reason."""
    hasher = _video_hasher(candidate)
    for count in (0, 1, 2):
        _check_if_any(candidate, hash_or_reason(functools.partial(hash_clip, hasher, count)))


@guarded
def check_raw_video(candidate: Format) -> None:
    """Check that a stream that tells neither rate nor duration gives a hash or a MediaError."""
    hasher = _video_hasher(candidate)
    _check_if_any(candidate, hash_or_reason(lambda: hash_clip(hasher, known=False)))


@guarded
def check_video_determinism(candidate: Format) -> None:
    """Check that the same frames give the same hash, also while another video is being hashed."""
    hasher = _video_hasher(candidate)
    video = make_video()
    alone = [hash_clip(hasher, seed=seed) for seed in (0, 1)]
    sinks = [hasher.start_video(video) for _ in alone]
    clips = [sampled(hasher, video, make_frames(hasher, seed=seed)) for seed in (0, 1)]
    for frames in itertools.zip_longest(*clips):
        for sink, frame in zip(sinks, frames, strict=True):
            if frame is not None:
                sink.update(frame)
    expect([sink.finish() for sink in sinks] == alone, "two videos hashed by turns disturb another")


@guarded
def check_streaming(candidate: Format) -> None:
    """Check that no frame but the last one is kept, so that memory does not grow."""
    hasher = _video_hasher(candidate)
    video = make_video()
    sink = hasher.start_video(video)
    seen: list[tuple[weakref.ref[object], ...]] = []
    for frame in sampled(hasher, video, make_frames(hasher)):
        sink.update(frame)
        seen.append((weakref.ref(frame), weakref.ref(frame.picture)))
        del frame
    gc.collect()
    kept = sum(any(thing() is not None for thing in things) for things in seen[:-1])
    expect(kept == 0, f"{kept} of {len(seen)} frames are kept")
    sink.finish()


@guarded
def check_video_grey_sizes(candidate: Format) -> None:
    """Check that the resized planes that the format asks of frames are those it declares."""
    hasher = _video_hasher(candidate)
    video = make_video()
    sink = hasher.start_video(video)
    for frame in sampled(hasher, video, make_frames(hasher, picture_type=RecordingPicture)):
        sink.update(frame)
        if isinstance(frame.picture, RecordingPicture):
            check_asked(frame.picture, hasher.grey_sizes)


@guarded
def check_frame_list(candidate: Format) -> None:
    """Check that a frame list has frames that were fed, in order, with times that do not fall."""
    hasher = _video_hasher(candidate)
    parts = hash_clip(hasher).parts
    if candidate.spec.shape is not Shape.FRAMES:
        return
    expect(bool(parts), f"a clip of {FRAMES} frames gives an empty frame list")
    fed = {f.index for f in sampled(hasher, make_video(), make_frames(hasher))}
    indexes = [part.index for part in parts if part.index is not None]
    times = [part.time_s for part in parts if part.time_s is not None]
    expect(set(indexes) <= fed, "a frame list names a frame that was not fed")
    several = isinstance(candidate, FrameLists) and candidate.frame.spec.shape is Shape.SEGMENTS
    once = indexes if several else set(indexes)
    expect(indexes == sorted(once), "the frames of a frame list are not in order")
    expect(times == sorted(times) and min(times) >= 0, "the times of a frame list fall")


def _check_if_any(candidate: Format, value: Hash | None) -> None:
    if value is not None:
        check_well_formed(candidate, value)
        check_shape(candidate, value)


def _video_hasher(candidate: Format) -> VideoHasher:
    if isinstance(candidate, VideoHasher):
        return candidate
    raise AssertionError("it does not compute hashes of videos")
