"""The wide view of a cross-walk: a row a media item, a column a format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter

from hashwalk.crosswalk.hash_stream import stream_hashes
from hashwalk.crosswalk.rows import HashOf, media_of
from hashwalk.crosswalk.session import Session
from hashwalk.errors import FormatError
from hashwalk.format import Format, Hash
from hashwalk.registry import get_format
from hashwalk.results import Label, Media

_CURRENT = "SELECT * EXCLUDE (batch) FROM cw0.newest_media ORDER BY sha256, uri"

TextOf = Callable[[Hash], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WideRow:
    """One media item: the files that have its bytes, the first one's row, and its hashes' texts.

    `texts` holds None where a format has no hash. `labels` are those of all its files.
    """

    uris: tuple[str, ...]
    media: Media
    labels: tuple[Label, ...]
    texts: tuple[str | None, ...]


def wide_rows(session: Session, formats: Sequence[str]) -> Iterator[WideRow]:
    """Yield the media items of the first cross-walk of a session, by SHA-256, streamed."""
    texts: dict[str, TextOf] = {format_id: text_writer(format_id) for format_id in formats}
    hashes = groupby(stream_hashes(session, current_only=True), key=itemgetter(0))
    files = groupby(map(media_of, session.stream(_CURRENT)), key=attrgetter("sha256"))
    for same, values in _joined(files, hashes):
        found = {value.format: value for _, value in values}
        yield WideRow(
            uris=tuple(media.uri for media in same),
            media=same[0],
            labels=tuple(dict.fromkeys(label for media in same for label in media.labels)),
            texts=tuple(texts[f](found[f]) if f in found else None for f in formats),
        )


def text_writer(format_id: str) -> TextOf:
    """Return how hashes of a format are written in one cell.

    The format's own text of the whole hash where it has one, else the texts of the parts joined
    by ``;``. Of a format that is not installed, the hexadecimal digits of the packed values.
    """
    try:
        made = get_format(format_id)
    except FormatError:
        return lambda value: ";".join(part.value.hex() for part in value.parts)
    return lambda value: _text(made, value)


def _text(made: Format, value: Hash) -> str:
    try:
        return made.render(value)
    except FormatError:
        return ";".join(made.render_part(part.value) for part in value.parts)


def _joined(
    files: Iterator[tuple[str, Iterator[Media]]], hashes: Iterator[tuple[str, Iterator[HashOf]]]
) -> Iterator[tuple[list[Media], Sequence[HashOf]]]:
    """Join two streams that are ordered by SHA-256."""
    sha256, values = next(hashes, ("", iter(())))
    for wanted, same in files:
        while sha256 and sha256 < wanted:
            sha256, values = next(hashes, ("", iter(())))
        yield list(same), tuple(values) if sha256 == wanted else ()
