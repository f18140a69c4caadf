"""What python-threatexchange and ThreatExchange call the algorithms, there and back."""

from __future__ import annotations

from hashwalk.hashlists.record import MediaType, Record
from hashwalk.hashlists.values import format_of, hash_of, rendered
from hashwalk.registry import get_format

Meaning = tuple[str, MediaType | None]
"""An algorithm, and what its hashes are of, None where that is not said."""

SIGNAL_TYPES: dict[str, Meaning] = {
    "pdq": ("pdq", MediaType.PICTURE),
    "pdq_ocr": ("pdq_ocr", MediaType.PICTURE),
    "vpdq": ("vpdq", MediaType.VIDEO),
    "video_md5": ("md5", MediaType.VIDEO),
    "video_sha256": ("sha256", MediaType.VIDEO),
    "raw_text": ("raw_text", MediaType.OTHER),
    "text_tlsh": ("text_tlsh", MediaType.OTHER),
    "trend_query": ("trend_query", MediaType.OTHER),
    "url": ("url", MediaType.OTHER),
    "url_md5": ("url_md5", MediaType.OTHER),
}
INDICATOR_TYPES: dict[str, Meaning] = {
    "HASH_MD5": ("md5", None),
    "HASH_SHA1": ("sha1", None),
    "HASH_SHA256": ("sha256", None),
    "HASH_PDQ": ("pdq", MediaType.PICTURE),
    "HASH_TMK": ("tmk-pdqf", MediaType.VIDEO),
    "HASH_VIDEO_MD5": ("md5", MediaType.VIDEO),
    "HASH_VIDEO_SHA256": ("sha256", MediaType.VIDEO),
}
"""The indicator types that are formats of hashwalk; the others keep their name."""
OF_VIDEOS = "media_type_video"
"""The tag that says of an MD5 or SHA-256 that it is of a video."""
_SIGNAL_NAMES = {meaning: name for name, meaning in SIGNAL_TYPES.items()}
_INDICATOR_NAMES = {meaning: name for name, meaning in INDICATOR_TYPES.items()}
_OF_EXTENSION = "hashwalk_"
"""What hashwalk's extension puts before names that others have."""
_VPDQ_FORM = "vpdq-json"
"""The form of a vPDQ hash that python-threatexchange reads."""


def signal_meaning(name: str) -> Meaning:
    """Return what a signal type is: one of python-threatexchange or of hashwalk's extension.

    An id of a format is itself, and any other name is kept.
    """
    found = SIGNAL_TYPES.get(name)
    if found is None:
        format_id = name.removeprefix(_OF_EXTENSION).replace("_", "-")
        found = (format_id if format_of(format_id) else name, None)
    return found


def indicator_meaning(name: str) -> Meaning:
    """Return what an indicator type is; a name that is no format's is kept."""
    return INDICATOR_TYPES.get(name, (name, None))


def signal_name(record: Record) -> str:
    """Return the signal type of a record, a word."""
    known = _name(record, _SIGNAL_NAMES)
    if known is None and format_of(record.algorithm):
        return record.algorithm.replace("-", "_")
    return known or record.algorithm


def indicator_name(record: Record) -> str | None:
    """Return the indicator type of a record, None where ThreatExchange has none."""
    return _name(record, _INDICATOR_NAMES)


def signal_text(record: Record) -> str | None:
    """Return the value of a record as python-threatexchange reads it."""
    form = format_of(record.algorithm)
    if form is None or _VPDQ_FORM not in form.spec.text_forms:
        return rendered(record)
    value = hash_of(record)
    return None if value is None else get_format(value.format).render(value, _VPDQ_FORM)


def _name(record: Record, names: dict[Meaning, str]) -> str | None:
    exact = names.get((record.algorithm, record.media_type))
    if exact or record.media_type is not None:
        return exact or names.get((record.algorithm, None))
    return names.get((record.algorithm, None)) or _only_name(record.algorithm, names)


def _only_name(algorithm: str, names: dict[Meaning, str]) -> str | None:
    """Return the name of a format whose hashes are of one kind of media anyway."""
    found = format_of(algorithm)
    if found is None or found.spec.kind.value not in ("picture", "video"):
        return None
    return names.get((algorithm, MediaType(found.spec.kind.value)))
