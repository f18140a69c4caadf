"""Objects of MISP events by their templates: made of fields, and fields of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from hashwalk.hashlists.canonical import json_of
from hashwalk.hashlists.json_fields import objects_of, text_of
from hashwalk.hashlists.json_values import json_object, json_value

TEMPLATES = Path(__file__).with_name("misp_templates")
"""The folder of templates that MISP does not know, each as ``NAME/definition.json``."""

_IDS = UUID("db843fa2-d185-4315-8377-9700b60a54df")
_OF_JSON = frozenset({"quality", "frame_time_s", "translation", "feedback"})
"""Fields that are no text; an attribute has them in JSON."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template of objects: `types` and `correlates` by the relation of an attribute."""

    name: str
    uuid: str
    version: int
    description: str
    category: str
    types: Mapping[str, str]
    correlates: frozenset[str]

    @classmethod
    def shipped(cls, name: str) -> Template:
        """Return the template of this package that has a name."""
        found = json.loads((TEMPLATES / name / "definition.json").read_text(encoding="utf-8"))
        attributes = found["attributes"]
        return cls(
            name,
            found["uuid"],
            found["version"],
            found["description"],
            "Other",
            {relation: each["misp-attribute"] for relation, each in attributes.items()},
            frozenset(r for r, each in attributes.items() if "disable_correlation" not in each),
        )


_FILE_HASHES = (
    *("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512/224", "sha512/256"),
    *("sha3-224", "sha3-256", "sha3-384", "sha3-512", "ssdeep", "tlsh"),
)
FILE = Template(
    "file",
    "688c46fb-5edb-40a3-8273-1af7923e2215",
    25,
    "File object describing a file with meta-information",
    "Payload delivery",
    {name: name for name in _FILE_HASHES},
    frozenset(_FILE_HASHES),
)
"""MISP's own template of files, as far as it has hashes."""
PERCEPTUAL = Template.shipped("perceptual-hash")
ENTRY = Template.shipped("hash-list-entry")


@dataclass(frozen=True, slots=True, repr=False)
class Attribute:
    """One attribute: the relation and text, and whether it is what others are to match."""

    relation: str
    text: str
    comment: str = ""
    is_hash: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What all objects of an entry have in common; `stamp` is in seconds since 1970."""

    is_live: bool
    stamp: int
    tags: tuple[str, ...]


def id_of(name: str) -> str:
    """Return the id of what `name` stands for, always the same one."""
    return str(uuid5(_IDS, name))


def attributes_of(fields: Mapping[str, Any], hash_field: str = "") -> Iterator[Attribute]:
    """Yield an attribute for each field that has something to say."""
    for name, held in fields.items():
        text = json_of(held).decode() if name in _OF_JSON else held
        if text:
            yield Attribute(name.replace("_", "-"), text, is_hash=name == hash_field)


def misp_object(
    template: Template,
    object_id: str,
    state: State,
    attributes: Iterable[Attribute],
    references: Iterable[tuple[str, str]] = (),
) -> dict[str, Any]:
    """Return an object; `references` are the relationship and the id of other objects."""
    common = {
        "deleted": not state.is_live,
        "timestamp": str(state.stamp),
        "distribution": "5",
    }
    return {
        "name": template.name,
        "meta-category": "file",
        "description": template.description,
        "template_uuid": template.uuid,
        "template_version": str(template.version),
        "uuid": object_id,
        **common,
        "Attribute": [_attribute(template, object_id, each, state) | common for each in attributes],
        "ObjectReference": [_reference(object_id, *each) for each in references],
    }


def _attribute(
    template: Template, object_id: str, attribute: Attribute, state: State
) -> dict[str, Any]:
    made = {
        "uuid": id_of(f"{object_id} {attribute.relation}"),
        "object_relation": attribute.relation,
        "type": template.types[attribute.relation],
        "category": template.category,
        "to_ids": attribute.is_hash,
        "disable_correlation": attribute.relation not in template.correlates,
        "value": attribute.text,
        "comment": attribute.comment,
    }
    if attribute.is_hash and state.tags:
        made["Tag"] = [{"name": tag} for tag in state.tags]
    return made


def _reference(object_id: str, relationship: str, referenced: str) -> dict[str, str]:
    return {
        "uuid": id_of(f"{object_id} {relationship} {referenced}"),
        "object_uuid": object_id,
        "referenced_uuid": referenced,
        "relationship_type": relationship,
        "comment": "",
    }


def fields_of(found: Mapping[str, Any], template: Template) -> dict[str, Any]:
    """Return the fields that an object's attributes say; raises ValueError for malformed ones."""
    fields: dict[str, Any] = {}
    for attribute in objects_of(found, "Attribute"):
        relation, text = text_of(attribute, "object_relation"), text_of(attribute, "value")
        name = (relation or "").replace("-", "_")
        if text is not None and relation in template.types:
            fields[name] = json_value(text) if name in _OF_JSON else text
    return fields


def comment_fields(attribute: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the comment of a standard hash says in JSON, nothing for other comments."""
    comment = text_of(attribute, "comment") or ""
    try:
        return json_object(comment)
    except ValueError:
        return {}
