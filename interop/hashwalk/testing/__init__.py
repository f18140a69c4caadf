"""The conformance kit: what any format has to hold, built in or third party.

Run all checks of a format with pytest::

    from hashwalk.testing import Check, Example, conformance_checks, parametrize_with_checks

    EXAMPLES = [Example("d41d8cd98f00b204e9800998ecf8427e", source="RFC 1321, A.5", of=b"")]

    @parametrize_with_checks(conformance_checks("md5", examples=EXAMPLES))
    def test_md5_conforms(check: Check) -> None:
        check()

or without it: ``for check in conformance_checks(...): check()``. Each check is also a plain
function; all raise AssertionError with the reason.
"""

from __future__ import annotations

from hashwalk.testing.check import Check
from hashwalk.testing.clips import make_frame
from hashwalk.testing.file_checks import check_chunks, check_empty_file
from hashwalk.testing.kit import conformance_checks
from hashwalk.testing.marks import parametrize_with_checks
from hashwalk.testing.path_checks import check_path_determinism, check_path_garbage
from hashwalk.testing.picture_checks import (
    check_flat_pictures,
    check_grey_sizes,
    check_picture_determinism,
    check_picture_modes,
    check_picture_sizes,
    check_picture_untouched,
)
from hashwalk.testing.pictures import make_image, make_picture, make_pixels
from hashwalk.testing.samples import Example
from hashwalk.testing.text_checks import (
    check_computed_examples,
    check_encodings,
    check_examples,
    check_garbage,
    check_whole_texts,
)
from hashwalk.testing.thread_checks import check_threads
from hashwalk.testing.value_checks import (
    check_capability,
    check_distance,
    check_pickling,
    check_refusal,
    check_self_match,
    check_sizes,
    check_spec,
)
from hashwalk.testing.video_checks import (
    check_frame_list,
    check_raw_video,
    check_short_videos,
    check_streaming,
    check_video_determinism,
    check_video_grey_sizes,
)

__all__ = [
    "Check",
    "Example",
    "check_capability",
    "check_chunks",
    "check_computed_examples",
    "check_distance",
    "check_empty_file",
    "check_encodings",
    "check_examples",
    "check_flat_pictures",
    "check_frame_list",
    "check_garbage",
    "check_grey_sizes",
    "check_path_determinism",
    "check_path_garbage",
    "check_pickling",
    "check_picture_determinism",
    "check_picture_modes",
    "check_picture_sizes",
    "check_picture_untouched",
    "check_raw_video",
    "check_refusal",
    "check_self_match",
    "check_short_videos",
    "check_sizes",
    "check_spec",
    "check_streaming",
    "check_threads",
    "check_video_determinism",
    "check_video_grey_sizes",
    "check_whole_texts",
    "conformance_checks",
    "make_frame",
    "make_image",
    "make_picture",
    "make_pixels",
    "parametrize_with_checks",
]
