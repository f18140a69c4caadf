"""One threat update of ThreatExchange: the record it stands for, there and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hashwalk.hashlists.epochs import seconds_of
from hashwalk.hashlists.json_fields import (
    identifier_of,
    instant_of_field,
    objects_of,
    text_of,
    texts_of,
    truth_of,
)
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.record import Feedback, MediaType, Record, Status
from hashwalk.hashlists.signal_names import (
    OF_VIDEOS,
    Meaning,
    indicator_meaning,
    indicator_name,
    signal_meaning,
    signal_name,
    signal_text,
)
from hashwalk.hashlists.source_record import source_record
from hashwalk.hashlists.values import checked_value, format_of
from hashwalk.results import Label

SOURCE = "threatexchange"
OPINIONS = frozenset({"MALICIOUS", "NON_MALICIOUS", "SUSPICIOUS", "UNKNOWN"})
"""The statuses of a descriptor; any other feedback is a reaction to one."""
_ANY = "DEBUG_STRING"
"""The type of what has none of its own; a tag names the signal type."""
_SIGNAL_TYPE = "signal_type:"
_MOST_ANY_BYTES = 1_000_000
_NOBODY = "0"
_NO_OPINION = Feedback(_NOBODY, "UNKNOWN")
"""What stands for the feedback of other exchanges, whose members are no owners here."""


def read_update(fields: dict[str, Any]) -> Record:
    """Return the record of an update; raises ValueError or HashParseError."""
    indicator_type = text_of(fields, "type")
    if indicator_type is None:
        raise ValueError("type is missing")
    descriptors = _descriptors(fields)
    is_deleted = truth_of(fields, "should_delete") or not descriptors
    tags = [tag for descriptor in descriptors for tag in _tags(descriptor)]
    algorithm, media_type = _meaning(indicator_type, tags)
    entry_id, value = identifier_of(fields, "id"), text_of(fields, "indicator")
    if value is not None:
        value = checked_value(algorithm, value, taken_back=entry_id if is_deleted else None)
    elif not is_deleted:
        raise ValueError("indicator is missing")
    return Record(
        algorithm=algorithm,
        media_type=media_type,
        value=value,
        source=SOURCE,
        entry_id=entry_id,
        status=Status.DELETED if is_deleted else Status.ACTIVE,
        labels=tuple(Label(SOURCE, "", "", tag) for tag in dict.fromkeys(tags) if _is_label(tag)),
        feedback=_feedback(descriptors),
        created=min(filter(None, map(_added, descriptors)), default=None),
        updated=instant_of_field(fields, "last_updated"),
        raw=fields,
    )


def _meaning(indicator_type: str, tags: list[str]) -> Meaning:
    named = [tag for tag in tags if tag.startswith(_SIGNAL_TYPE)]
    if indicator_type == _ANY and named:
        return signal_meaning(named[0].removeprefix(_SIGNAL_TYPE))
    algorithm, media_type = indicator_meaning(indicator_type)
    return algorithm, MediaType.VIDEO if OF_VIDEOS in tags and media_type is None else media_type


def _is_label(tag: str) -> bool:
    return tag != OF_VIDEOS and not tag.startswith(_SIGNAL_TYPE)


def _descriptors(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = fields.get("descriptors")
    return (
        objects_of(found, "data") if isinstance(found, dict) else objects_of(fields, "descriptors")
    )


def _tags(descriptor: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the tags of a descriptor, which the API gives as texts or as objects with one."""
    tags = descriptor.get("tags")
    if isinstance(tags, dict):
        return tuple(text_of(tag, "text") or "" for tag in objects_of(tags, "data"))
    return texts_of(descriptor, "tags")


def _added(descriptor: Mapping[str, Any]) -> str | None:
    return instant_of_field(descriptor, "added_on")


def _owner(descriptor: Mapping[str, Any]) -> str:
    owner = descriptor.get("owner")
    return (identifier_of(owner, "id") if isinstance(owner, dict) else None) or ""


def _feedback(descriptors: list[dict[str, Any]]) -> tuple[Feedback, ...]:
    """Return the opinions of the owners, and the reactions to them; one's own have no source."""
    return tuple(said for descriptor in descriptors for said in _opinions(descriptor))


def _opinions(descriptor: dict[str, Any]) -> Iterator[Feedback]:
    yield Feedback(_owner(descriptor), text_of(descriptor, "status") or "", _tags(descriptor))
    for reaction in objects_of(descriptor, "reactions"):
        for owner in (text_of(reaction, "value") or "").split(","):
            yield Feedback(owner.strip(), text_of(reaction, "key") or "")
    for mine in texts_of(descriptor, "my_reactions"):
        yield Feedback("", mine)


def written_updates(records: Iterable[Record], loss: Loss) -> Iterator[dict[str, Any]]:
    """Yield the update of each record; what ThreatExchange cannot hold is left out and told."""
    for record in records:
        text = signal_text(record)
        name = indicator_name(record) or _own_name(record)
        if text is None and not _is_own_id(record):
            loss.leave_out(
                record, f"no value: {SOURCE} names what is deleted by its hash or its id"
            )
        elif text and name == _ANY and len(text.encode()) >= _MOST_ANY_BYTES:
            loss.leave_out(record, f"algorithm {record.algorithm}: {SOURCE} holds under 1 MB of it")
        else:
            yield _update(record, name, text, loss)


def _own_name(record: Record) -> str:
    """Return the type of what is no format here: its own word, or else the type for any."""
    is_own_word = record.source == SOURCE and format_of(record.algorithm) is None
    said = (record.raw or {}).get("type") if is_own_word else None
    return record.algorithm if said == record.algorithm else _ANY


def _update(record: Record, name: str, text: str | None, loss: Loss) -> dict[str, Any]:
    source = source_record(record, SOURCE, loss)
    is_deleted = record.status is not Status.ACTIVE
    seconds = seconds_of(record.updated)
    loss.fields.update(_lost(record, seconds))
    written = {
        **source,
        **({"id": record.entry_id} if _is_own_id(record) else {}),
        "indicator": text,
        "type": name,
        "last_updated": seconds or 0,
        "should_delete": is_deleted,
    }
    if not is_deleted:
        written["descriptors"] = _written_descriptors(record, name, source)
    return written


def _lost(record: Record, seconds: int | None) -> Iterator[str]:
    if record.status is Status.WITHDRAWN:
        yield "status: withdrawn, written as deleted"
    if seconds is None and record.updated is not None:
        yield "updated"
    if record.entry_id is not None and not _is_own_id(record):
        yield "entry_id"
    if record.feedback and record.source != SOURCE:
        yield "feedback"
    if any(label.scheme != SOURCE for label in record.labels):
        yield "labels"


def _is_own_id(record: Record) -> bool:
    return record.source == SOURCE and record.entry_id is not None


def _written_descriptors(record: Record, name: str, source: Mapping[str, Any]) -> dict[str, Any]:
    if source and _feedback(_descriptors(source)) == record.feedback:
        return {"data": _descriptors(source)}
    feedback = record.feedback if record.source == SOURCE else ()
    opinions = [said for said in feedback if said.value in OPINIONS]
    descriptors = [_descriptor(said, record.created) for said in opinions or [_NO_OPINION]]
    first = descriptors[0]
    first["tags"] = list(dict.fromkeys([*first["tags"], *_due_tags(record, name)]))
    others = [said for said in feedback if said.value not in OPINIONS]
    first["reactions"] = [
        {"key": said.value, "value": said.source} for said in others if said.source
    ]
    first["my_reactions"] = [said.value for said in others if not said.source]
    return {"data": descriptors}


def _descriptor(said: Feedback, added: str | None) -> dict[str, Any]:
    return {
        "id": _NOBODY,
        **({"owner": {"id": said.source}} if said.source else {}),
        "status": said.value,
        "tags": list(said.reasons),
        "added_on": added,
    }


def _due_tags(record: Record, name: str) -> Iterator[str]:
    """Yield the tags that the type and the labels of a record ask for."""
    if name == _ANY:
        yield f"{_SIGNAL_TYPE}{signal_name(record)}"
    yield from (label.code for label in record.labels if label.scheme == SOURCE)
