"""StopNCII.org's hash records: what its FetchHashes answers, in JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, ClassVar

from hashwalk.hashlists.container import (
    ALL_STATUSES,
    ContainerReader,
    ContainerWriter,
    Head,
    Told,
)
from hashwalk.hashlists.epochs import seconds_of
from hashwalk.hashlists.json_elements import json_elements
from hashwalk.hashlists.json_fields import instant_of_field, objects_of, text_of, texts_of
from hashwalk.hashlists.json_items import json_items
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.record import Feedback, MediaType, Record, Reject, Status
from hashwalk.hashlists.source_record import source_record
from hashwalk.hashlists.values import check_value, format_of, rendered

SOURCE = "stopncii"
_SIGNALS = {
    "ImagePDQ": ("pdq", MediaType.PICTURE),
    "VideoMD5": ("md5", MediaType.VIDEO),
    "VideoTMK": ("tmk-pdqf", MediaType.VIDEO),
    "Text": ("Text", MediaType.OTHER),
    "URL": ("URL", MediaType.OTHER),
}
_NAMES: dict[tuple[str, MediaType | None], str] = {
    meaning: name for name, meaning in _SIGNALS.items()
}
_KINDS = {"pdq": MediaType.PICTURE, "tmk-pdqf": MediaType.VIDEO}
"""What the hashes of an algorithm are of, even where a record does not say it."""
_STATUSES = {
    "Unknown": Status.ACTIVE,
    "Received": Status.ACTIVE,
    "Active": Status.ACTIVE,
    "Withdrawn": Status.WITHDRAWN,
    "Deleted": Status.DELETED,
}
_FEEDBACK_VALUES = frozenset(
    {
        "Unknown",
        "None",
        "QualityUnknown",
        "PendingReview",
        "Blocked",
        "NotBlocked",
        "Withdrawn",
        "Deleted",
    }
)


class StopNcii(ContainerReader, ContainerWriter):
    """One hash a record; its hashStatus, and nothing else, says whether it is to be matched."""

    name = "stopncii"
    summary = "StopNCII.org, JSON: hashRecords with hashStatus, caseNumbers and CSPFeedbacks"
    carries = frozenset(
        {"media_type", "algorithm", "value", "source", "status", "feedback", "updated", "raw"}
    )
    statuses: ClassVar = ALL_STATUSES
    needs_value = False

    def recognises(self, head: Head) -> bool:
        """Tell by the field hashRecords of the envelope."""
        return head.text[:1] in ("{", "[") and '"hashRecords"' in head.text

    def read(self, file: BinaryIO, told: Told) -> Iterator[Record | Reject]:
        """Yield the record of each hash; raises HashListError without hashRecords."""
        for item in json_items(file, told.name, "$.hashRecords[*]", "$[*].hashRecords[*]"):
            yield item.read_as(_record)

    def write(self, file: BinaryIO, records: Iterable[Record], loss: Loss) -> None:
        """Write one page with all records; what it says of itself follows them."""
        envelope = _Envelope()
        file.write(b'{"hashRecords":[')
        file.writelines(json_elements(envelope.counted(_entries(records, loss))))
        file.write(envelope.end())


class _Envelope:
    """What the envelope says of the records in it."""

    def __init__(self) -> None:
        self._count = 0
        self._newest = 0

    def counted(self, entries: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for entry in entries:
            self._count += 1
            self._newest = max(self._newest, entry["lastModtimestamp"])
            yield entry

    def end(self) -> bytes:
        return (
            f'\n],"count":{self._count},"nextPageToken":null,'
            f'"nextSetTimestamp":{self._newest},"hasMoreRecords":false}}\n'
        ).encode()


def _record(fields: dict[str, Any]) -> Record:
    signal, status = text_of(fields, "signalType"), _status_of(fields)
    if signal is None:
        raise ValueError("signalType is missing")
    if status is None:
        raise ValueError(f"hashStatus is none of {', '.join(_STATUSES)}")
    algorithm, media_type = _SIGNALS.get(signal, (signal, None))
    value = text_of(fields, "hashValue")
    if value is not None:
        check_value(algorithm, value)
    elif status is Status.ACTIVE:
        raise ValueError("there is no hashValue, though hashStatus says it is to be matched")
    return Record(
        algorithm=algorithm,
        media_type=media_type,
        value=value,
        source=SOURCE,
        status=status,
        feedback=_feedback(fields),
        updated=instant_of_field(fields, "lastModtimestamp"),
        raw=fields,
    )


def _status_of(fields: Mapping[str, Any]) -> Status | None:
    return _STATUSES.get((text_of(fields, "hashStatus") or "").capitalize())


def _feedback(fields: Mapping[str, Any]) -> tuple[Feedback, ...]:
    return tuple(
        Feedback(
            text_of(said, "source") or "",
            text_of(said, "feedbackValue") or "",
            texts_of(said, "tags"),
        )
        for said in objects_of(fields, "CSPFeedbacks")
    )


def _entries(records: Iterable[Record], loss: Loss) -> Iterator[dict[str, Any]]:
    for record in records:
        signal = _signal(record)
        if signal is None:
            loss.leave_out(record, f"algorithm {record.algorithm}: {SOURCE} has no name for it")
        elif record.value is None and record.source != SOURCE:
            loss.leave_out(
                record, f"no value: {SOURCE} names what is {record.status.value} by its hash"
            )
        else:
            yield _entry(record, signal, loss)


def _signal(record: Record) -> str | None:
    """Return the signalType of a record; an MD5 has one only where it is of a video."""
    algorithm = record.algorithm
    signal = _NAMES.get((algorithm, record.media_type or _KINDS.get(algorithm)))
    is_own_word = record.source == SOURCE and format_of(algorithm) is None
    return algorithm if signal is None and is_own_word else signal


def _entry(record: Record, signal: str, loss: Loss) -> dict[str, Any]:
    source = source_record(record, SOURCE, loss)
    seconds = seconds_of(record.updated)
    if seconds is None and record.updated is not None:
        loss.fields["updated"] += 1
    return {
        **source,
        "lastModtimestamp": seconds or 0,
        "signalType": signal,
        "hashValue": rendered(record) or "",
        "hashStatus": _status_word(record.status, source),
        "caseNumbers": source.get("caseNumbers") or {},
        "CSPFeedbacks": _feedbacks(record.feedback, source, loss),
    }


def _status_word(status: Status, source: Mapping[str, Any]) -> str:
    is_as_said = _status_of(source) is status
    return str(source["hashStatus"]) if is_as_said else status.value.capitalize()


def _feedbacks(
    feedback: tuple[Feedback, ...], source: Mapping[str, Any], loss: Loss
) -> list[dict[str, Any]]:
    if source and _feedback(source) == feedback:
        return source.get("CSPFeedbacks") or []
    known = [said for said in feedback if said.value in _FEEDBACK_VALUES]
    if len(known) < len(feedback):
        loss.fields["feedback: a value that StopNCII does not have"] += 1
    return [
        {"source": said.source, "feedbackValue": said.value, "tags": list(said.reasons)}
        for said in known
    ]
