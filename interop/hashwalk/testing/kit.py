"""All checks that concern one format."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from hashwalk.errors import FormatError, UsageError
from hashwalk.format import FileHasher, Format, PathHasher, PictureHasher, VideoHasher
from hashwalk.registry import can_compute, get_format
from hashwalk.testing import (
    file_checks,
    path_checks,
    picture_checks,
    text_checks,
    thread_checks,
    value_checks,
    video_checks,
)
from hashwalk.testing.check import Check
from hashwalk.testing.samples import Example

NONE_EXPECTED: Mapping[str, str] = MappingProxyType({})

OF_EXAMPLES: dict[str, Callable[[Format, Sequence[Example]], None]] = {
    "examples": text_checks.check_examples,
    "garbage": text_checks.check_garbage,
    "encodings": text_checks.check_encodings,
    "whole-texts": text_checks.check_whole_texts,
    "sizes": value_checks.check_sizes,
    "distance": value_checks.check_distance,
    "self-match": value_checks.check_self_match,
    "refusal": value_checks.check_refusal,
    "pickling": value_checks.check_pickling,
}
OF_ANY: dict[str, Callable[[Format], None]] = {
    "spec": value_checks.check_spec,
    "capability": value_checks.check_capability,
}
OF_PICTURES: dict[str, Callable[[Format], None]] = {
    "picture-determinism": picture_checks.check_picture_determinism,
    "picture-untouched": picture_checks.check_picture_untouched,
    "picture-sizes": picture_checks.check_picture_sizes,
    "picture-modes": picture_checks.check_picture_modes,
    "flat-pictures": picture_checks.check_flat_pictures,
    "grey-sizes": picture_checks.check_grey_sizes,
}
OF_VIDEOS: dict[str, Callable[[Format], None]] = {
    "video-determinism": video_checks.check_video_determinism,
    "short-videos": video_checks.check_short_videos,
    "raw-video": video_checks.check_raw_video,
    "streaming": video_checks.check_streaming,
    "frame-list": video_checks.check_frame_list,
    "video-grey-sizes": video_checks.check_video_grey_sizes,
}
OF_PATHS: dict[str, Callable[[Format], None]] = {
    "path-determinism": path_checks.check_path_determinism,
    "path-garbage": path_checks.check_path_garbage,
}
OF_FILES: dict[str, Callable[[Format], None]] = {
    "chunks": file_checks.check_chunks,
    "empty-file": file_checks.check_empty_file,
}


def conformance_checks(
    tested: str | Format,
    *,
    examples: Sequence[Example],
    expected_failures: Mapping[str, str] = NONE_EXPECTED,
) -> Iterator[Check]:
    """Yield every check that concerns the format `tested`, an id or the format itself.

    `examples` are hashes that somebody else published. `expected_failures` gives, by name of a
    check, the reason why the format fails it. A format that cannot be loaded has one check,
    which fails. Raises UsageError for an expected failure without a reason, or of no check.
    """
    candidate = _load(tested)
    if isinstance(candidate, Check):
        yield candidate
        return
    runs = _runs(candidate, examples)
    for name, reason in expected_failures.items():
        if name not in runs or not reason.strip():
            raise UsageError(
                f"{candidate.spec.id}: the expected failure {name!r} is of no check or has no "
                f"reason; the checks are {', '.join(runs)}"
            )
    for name, run in runs.items():
        yield Check(candidate.spec.id, name, run, expected_failures.get(name, ""))


def _load(tested: str | Format) -> Format | Check:
    if isinstance(tested, Format):
        return tested
    try:
        return get_format(tested)
    except FormatError as error:
        return Check(tested, "loads", functools.partial(_fail, tested, str(error)))


def _fail(format_id: str, reason: str) -> None:
    raise AssertionError(f"{format_id}: {reason}")


def _runs(candidate: Format, examples: Sequence[Example]) -> dict[str, Callable[[], None]]:
    of_examples = dict(OF_EXAMPLES)
    if any(example.of is not None for example in examples):
        of_examples["computed-examples"] = text_checks.check_computed_examples
    runs: dict[str, Callable[[], None]] = {}
    for name, of_texts in of_examples.items():
        runs[name] = functools.partial(of_texts, candidate, examples)
    for name, of_one in _capable_of(candidate).items():
        runs[name] = functools.partial(of_one, candidate)
    return runs


def _capable_of(candidate: Format) -> dict[str, Callable[[Format], None]]:
    checks = dict(OF_ANY)
    if isinstance(candidate, FileHasher):
        checks |= OF_FILES
    if isinstance(candidate, PictureHasher):
        checks |= OF_PICTURES
    if isinstance(candidate, VideoHasher):
        checks |= OF_VIDEOS
    if isinstance(candidate, PathHasher):
        checks |= OF_PATHS
    if can_compute(candidate):
        checks["threads"] = thread_checks.check_threads
    return checks
