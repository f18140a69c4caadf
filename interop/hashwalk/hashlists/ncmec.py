"""NCMEC's Hash Sharing API, version 2: what its query of entries answers, in XML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO, ClassVar

from hashwalk.hashlists.container import (
    ALL_STATUSES,
    ContainerReader,
    ContainerWriter,
    Head,
    Told,
)
from hashwalk.hashlists.loss import Loss
from hashwalk.hashlists.ncmec_document import FINGERPRINTS, write_document
from hashwalk.hashlists.ncmec_entries import KINDS, NAMESPACE, read_entry
from hashwalk.hashlists.record import Record, Reject
from hashwalk.hashlists.xml_elements import local_name, root_of, xml_elements

_ROOT = "queryResult"
_CONTAINERS = [f"{NAMESPACE}images", f"{NAMESPACE}videos"]
_ENTRIES = [f"{NAMESPACE}{kind}" for kind in KINDS]


class Ncmec(ContainerReader, ContainerWriter):
    """The entries of images and videos, and the tombstones of those that were deleted."""

    name = "ncmec"
    summary = "NCMEC Hash Sharing API v2, XML: a queryResult of images and videos"
    carries = frozenset(
        {
            "media_uid",
            "media_type",
            "algorithm",
            "value",
            "source",
            "member_id",
            "entry_id",
            "status",
            "labels",
            "feedback",
            "updated",
        }
    )
    statuses = ALL_STATUSES
    algorithms: ClassVar = FINGERPRINTS
    needs_value = False
    experimental = "NCMEC's schema for submissions is not public"

    def recognises(self, head: Head) -> bool:
        """Tell by the root element, queryResult of any namespace: reading is what refuses it."""
        root = root_of(head.data) if head.text.startswith("<") or b"\0" in head.data else None
        return root is not None and local_name(root) == _ROOT

    def read(self, file: BinaryIO, told: Told) -> Iterator[Record | Reject]:
        """Yield the records of each entry, a deletion as one record without a value.

        An entry that comes twice is an update: both are yielded, the later one last. Raises
        HashListError for what is no document of this namespace, is not well-formed, or declares
        a document type.
        """
        root = f"{NAMESPACE}{_ROOT}"
        for element in xml_elements(file, told.name, root, _CONTAINERS, _ENTRIES):
            if local_name(element) != "paging":
                yield from read_entry(element)

    def write(self, file: BinaryIO, records: Iterable[Record], loss: Loss) -> None:
        """Write an entry for the active hashes of each entry, a tombstone where none is active."""
        write_document(file, records, loss)
