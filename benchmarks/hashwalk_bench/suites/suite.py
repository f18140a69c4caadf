"""What a suite is: transforms in ladders of strength, and the formats that are asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hashwalk.errors import FormatError
from hashwalk.format import Kind
from hashwalk.registry import get_format, require_computable
from hashwalk_bench.errors import SuiteError
from hashwalk_bench.transforms import Call, Medium


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """The variants that a run makes of every source, and the formats that it hashes them in.

    `calls` are in the order of the file, each with its family, and its strength where a ladder
    of numbers varies it. `text` is the whole file, `sha256` (lower-case hex) that of its bytes.
    """

    name: str
    summary: str
    picture_formats: tuple[str, ...]
    video_formats: tuple[str, ...]
    calls: tuple[Call, ...]
    sha256: str
    text: str = ""

    def formats(self, medium: Medium) -> tuple[str, ...]:
        """Return the ids of the formats that are asked of one medium."""
        return self.picture_formats if medium is Medium.PICTURE else self.video_formats

    def calls_of(self, medium: Medium) -> tuple[Call, ...]:
        """Return the calls that edit one medium."""
        return tuple(call for call in self.calls if call.medium is medium)

    def with_formats(self, ids: Iterable[str]) -> Suite:
        """Return the suite with other formats, each asked of the media that it hashes.

        Media that none of them hashes are not edited. Raises SuiteError for no format, where
        nothing is left to edit, and what ``check_format`` raises.
        """
        wanted = tuple(dict.fromkeys(ids))
        if not wanted:
            raise SuiteError("no format is named: there is nothing to measure")
        pictures = tuple(i for i in wanted if Medium.PICTURE in check_format(i))
        videos = tuple(i for i in wanted if Medium.VIDEO in check_format(i))
        asked = replace(self, picture_formats=pictures, video_formats=videos)
        calls = tuple(call for call in self.calls if asked.formats(call.medium))
        if not calls:
            raise SuiteError(f"the suite {self.name} edits nothing that {', '.join(wanted)} hashes")
        return replace(asked, calls=calls)


def check_format(format_id: str) -> frozenset[Medium]:
    """Return the media that a format hashes; digests hash both.

    Raises SuiteError for a format that does not exist, or cannot be computed here.
    """
    try:
        found = get_format(format_id)
        require_computable([found])
    except FormatError as error:
        raise SuiteError(str(error)) from error
    return (
        frozenset(Medium) if found.spec.kind is Kind.FILE else frozenset({Medium(found.spec.kind)})
    )
