"""Elements of an XML document, streamed: nothing is expanded, nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

from lxml import etree

from hashwalk.errors import HashListError
from hashwalk.hashlists.container import HEAD_BYTES

MOST_BYTES_AT_ONCE = 16 << 20
"""More than this is never read between two elements: the document is refused."""

_GUARDED = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}

Element = Any
"""An lxml element: lxml has no types of its own."""


def root_of(head: bytes) -> Element | None:
    """Return the root element of a document, from its first bytes; None for what is no XML.

    It has its name, attributes and document type, and what lies in it as far as `head` goes.
    """
    parser = etree.XMLPullParser(events=("start",), **_GUARDED)
    with suppress(etree.XMLSyntaxError):
        parser.feed(head)
    with suppress(etree.XMLSyntaxError):
        return next((element for _, element in parser.read_events()), None)
    return None


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    name: str = element.tag
    return name.rpartition("}")[2]


def xml_elements(
    file: BinaryIO, name: str, root: str, containers: Iterable[str], known: Iterable[str]
) -> Iterator[Element]:
    """Yield the children of the elements `containers`, which lie in the element `root`.

    All names are in Clark notation, ``{namespace}name``. A child is yielded when it has been
    read whole, and is gone once the next one is asked for. Those called one of `known` come in
    the order of the document; those of any other name come no later than the next known one,
    and what else lies in the root comes last. Comments and processing instructions are skipped.

    Raises HashListError, which names the file by `name` and never repeats what is in it, for
    another root, a document type, what is not well-formed, and what is too large to be a list.
    """
    head = file.read(HEAD_BYTES)
    with _syntax_errors(name):
        _check_root(root_of(head), root, name)
        source = _BoundedSource(head, file, name)
        within = frozenset(containers)
        events = etree.iterparse(source, events=("end",), tag=[*within, *known], **_GUARDED)
        for _, element in events:
            for child in _finished(element, within):
                yield child
                source.go_on()
        yield from (child for child in events.root if child.tag not in within)


def _check_root(found: Element | None, root: str, name: str) -> None:
    if found is None:
        raise HashListError(f"{name} is not XML: no element begins at its start")
    if found.getroottree().docinfo.internalDTD is not None:
        raise HashListError(f"{name} declares a document type, which a hash list never needs")
    if found.tag != root:
        raise HashListError(f"{name} is not a list of this kind: its root is not {root}")


def _finished(element: Element, containers: frozenset[str]) -> Iterator[Element]:
    """Yield the children of a container up to the one that just ended, and remove each."""
    if element.tag in containers:
        container, last = element, None
    else:
        container, last = element.getparent(), element
    if container is None or container.tag not in containers:
        return
    while (child := next(iter(container), None)) is not None:
        yield child
        container.remove(child)
        if child is last:
            return


@contextmanager
def _syntax_errors(name: str) -> Iterator[None]:
    try:
        yield
    except etree.XMLSyntaxError as error:
        raise HashListError(
            f"{name} breaks off or is not well-formed XML, at line {error.lineno}"
        ) from None


class _BoundedSource:
    """A file for lxml that is read up to MOST_BYTES_AT_ONCE between two calls of `go_on`."""

    def __init__(self, head: bytes, file: BinaryIO, name: str) -> None:
        self._head = head
        self._file = file
        self._name = name
        self._fed = 0
        self._allowed = MOST_BYTES_AT_ONCE

    def go_on(self) -> None:
        self._allowed = self._fed + MOST_BYTES_AT_ONCE

    def read(self, size: int) -> bytes:
        if self._fed > self._allowed:
            limit = MOST_BYTES_AT_ONCE >> 20
            raise HashListError(f"{self._name} has over {limit} MiB between two entries")
        data, self._head = self._head or self._file.read(size), b""
        self._fed += len(data)
        return data
