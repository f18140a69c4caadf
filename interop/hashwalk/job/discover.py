"""Files from the sources of a job, one at a time: folders, globs, lists of paths.

Nothing is loaded whole: a folder of a million files is read as it goes. Folders are walked with
their hidden files, because a file left out unseen is worse than one too many; patterns follow
the shell, where ``*`` does not match a leading dot. Linked folders and cross-walks are not
entered.
"""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from hashwalk.crosswalk.target import is_crosswalk
from hashwalk.errors import UsageError
from hashwalk.hashing import file_uri

STANDARD_INPUT = "-"
_SORTED_AT_ONCE = 4096
_MAGIC = re.compile(r"[*?\[]")
_READ_BYTES = 1 << 16

Complain = Callable[[str, OSError | None], None]
"""Called with the path of a folder that is not entered: why it cannot be listed, or None
where it is another cross-walk."""
Identity = tuple[int, int]
"""The device and number of a folder, the same under all its names."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file to hash: its path, its ``file:`` URI, its size in bytes and its time of change.

    `problem` says why it cannot be looked at; size and time are 0 then.
    """

    path: str
    uri: str
    size: int = 0
    mtime_ns: int = 0
    problem: str = ""


def look_at(path: str) -> Found:
    """Return what is known of `path` without opening it; never raises for a file it cannot see."""
    uri = file_uri(path)
    try:
        status = Path(path).stat()
    except (OSError, ValueError) as error:
        return Found(path, uri, problem=reason_of(error))
    if not stat.S_ISREG(status.st_mode):
        return Found(path, uri, problem="is not a regular file")
    return Found(path, uri, status.st_size, status.st_mtime_ns)


def reason_of(error: OSError | ValueError) -> str:
    """Return in a few words why the system refuses, without the path."""
    text = getattr(error, "strerror", None) or str(error)
    return f"{text[:1].lower()}{text[1:]}"


class Sources:
    """What a job was asked to hash; iterating gives the paths of files, each time anew.

    `skip` is a folder that is never entered (the cross-walk itself). A source that is not there,
    and a pattern that matches nothing, is given as the path of a file that cannot be read.
    Raises UsageError where nothing is named, for an empty name and for ``-`` without `stdin`.
    """

    def __init__(
        self,
        sources: Iterable[str | os.PathLike[str]],
        *,
        skip: str | os.PathLike[str] | None = None,
        stdin: BinaryIO | None = None,
    ) -> None:
        """Take the sources; `stdin` is read where a source is ``-``.

        Raises UsageError where they name nothing, or are one path and not a list of paths.
        """
        if isinstance(sources, str | os.PathLike):
            raise UsageError("sources are a list of paths: put the one that is meant into a list")
        self._sources = tuple(os.fspath(source) for source in sources)
        self._skip = skip
        self._stdin = stdin
        self._check()

    @property
    def countable(self) -> bool:
        """Whether the files can be counted ahead: a list on standard input is read once."""
        return STANDARD_INPUT not in self._sources

    def paths(self, complain: Complain) -> Iterator[str]:
        """Yield the path of each file; a file named twice is given twice."""
        skip = None if self._skip is None else _identity(self._skip)
        for source in self._sources:
            for path in self._named(source, complain):
                yield from walk(path, skip, complain) if Path(path).is_dir() else (path,)

    def _named(self, source: str, complain: Complain) -> Iterable[str]:
        if source == STANDARD_INPUT and self._stdin is not None:
            return listed_paths(self._stdin)
        if os.path.lexists(source) or not _MAGIC.search(source):
            return (source,)
        return _first_or(matches(source, complain), source)

    def _check(self) -> None:
        if not all(self._sources):
            raise UsageError("an empty PATH names no file; . is the current folder")
        if not self._sources:
            raise UsageError("nothing to hash: name a file, a folder, a pattern, or - for a list")
        if STANDARD_INPUT in self._sources and self._stdin is None:
            raise UsageError("the source - needs a stream to read the list of paths from")


def walk(top: str, skip: Identity | None, complain: Complain) -> Iterator[str]:
    """Yield the paths of all regular files under the folder `top`, without entering `skip`.

    Other cross-walks are not entered either, and told. Each folder's files come first, sorted
    (by the thousand where there are many), then its folders. Links to files are given, links to
    folders are not entered, links to nothing are given so that they are reported.
    """
    pending = [top]
    while pending:
        folder = pending.pop()
        if skip is not None and _identity(folder) == skip:
            continue
        if is_crosswalk(Path(folder)):
            complain(folder, None)
            continue
        folders: list[str] = []
        for entry in _entries(folder, complain):
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            elif _is_wanted(entry):
                yield entry.path
        pending.extend(sorted(folders, reverse=True))


def matches(pattern: str, complain: Complain) -> Iterator[str]:
    """Yield the paths that match a shell pattern; ``**`` stands for any depth of folders."""
    parts = Path(pattern).parts
    if Path(pattern).anchor:
        return _match(parts[0], parts[1:], complain)
    return _match("", parts, complain)


def listed_paths(stream: BinaryIO) -> Iterator[str]:
    """Yield the paths in a list, one a line, or each ended by a NUL byte where there is one.

    Paths are bytes of the file system: they need not be UTF-8. Empty lines are left out.
    """
    rest = b""
    mark = b""
    while data := _read_some(stream):
        mark = mark or (b"\0" if b"\0" in data else b"")
        *whole, rest = (rest + data).split(mark or b"\n")
        yield from _decoded(whole, mark)
    yield from _decoded([rest], mark)


def _read_some(stream: BinaryIO) -> bytes:
    read = getattr(stream, "read1", stream.read)
    return bytes(read(_READ_BYTES))


def _decoded(names: Iterable[bytes], mark: bytes) -> Iterator[str]:
    for name in names:
        bare = name if mark else name.removesuffix(b"\r")
        if bare:
            yield os.fsdecode(bare)


def _match(base: str, parts: tuple[str, ...], complain: Complain) -> Iterator[str]:
    if not parts:
        yield base
        return
    head, rest = parts[0], parts[1:]
    if head == "**":
        yield from _match(base, rest, complain) if rest else iter((base or os.curdir,))
        for folder in _folders(base, complain) if rest else ():
            yield from _match(folder, parts, complain)
    elif not _MAGIC.search(head):
        path = str(Path(base, head))
        if os.path.lexists(path):
            yield from _match(path, rest, complain)
    else:
        for entry in _entries(base or os.curdir, complain):
            if _name_matches(entry.name, head) and (not rest or entry.is_dir()):
                yield from _match(str(Path(base, entry.name)), rest, complain)


def _folders(base: str, complain: Complain) -> Iterator[str]:
    for entry in _entries(base or os.curdir, complain):
        if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
            yield str(Path(base, entry.name))


def _name_matches(name: str, pattern: str) -> bool:
    hidden = name.startswith(".") and not pattern.startswith(".")
    return not hidden and fnmatch.fnmatchcase(name, pattern)


def _entries(folder: str, complain: Complain) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            while some := sorted(islice(entries, _SORTED_AT_ONCE), key=lambda e: e.name):
                yield from some
    except OSError as error:
        complain(folder, error)


def _is_wanted(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file() or (entry.is_symlink() and not Path(entry.path).exists())
    except OSError:
        # A link that leads round in a circle, say: whoever opens it hears why not.
        return True


def _first_or(found: Iterator[str], otherwise: str) -> Iterator[str]:
    """Yield what is found, or else `otherwise`."""
    yield next(found, otherwise)
    yield from found


def _identity(folder: str | os.PathLike[str]) -> Identity | None:
    try:
        status = Path(folder).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
