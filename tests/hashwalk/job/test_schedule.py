"""Whatever the order of results, each file is settled once and the same bytes are hashed once."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hashwalk.errors import FailureCode
from hashwalk.format import Hash, Kind
from hashwalk.job.discover import Found
from hashwalk.job.ledger import Ledger
from hashwalk.job.schedule import Compute, Digest, Scheduler, Settled, Step
from hashwalk.results import HashedFile, Media

KINDS = {"sha256": Kind.FILE, "one": Kind.PICTURE}


@dataclass(frozen=True)
class Content:
    """The bytes of a file, of which only size, identity and deadliness matter."""

    size: int
    number: int
    deadly: bool

    @property
    def sha256(self) -> str:
        """The digest that a worker would find."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


contents = st.builds(Content, st.integers(1, 2), st.integers(0, 2), st.booleans())


def media_of(found: Found, content: Content) -> Media:
    """Return the row that hashing gives."""
    return Media(
        uri=found.uri,
        sha256=content.sha256,
        md5="",
        size=found.size,
        mtime_ns=found.mtime_ns,
        type="picture",
    )


class Worker:
    """Does the steps of a scheduler in any order, and counts what was hashed."""

    def __init__(self, scheduler: Scheduler, files: dict[str, Content]) -> None:
        self._scheduler = scheduler
        self._files = files
        self.hashed: Counter[tuple[str, str]] = Counter()
        self.settled: list[Settled] = []
        self.open: list[Digest | Compute] = []

    def take(self, steps: list[Step]) -> None:
        """Take new steps."""
        for step in steps:
            if isinstance(step, Settled):
                self.settled.append(step)
            else:
                self.open.append(step)

    def do(self, number: int) -> None:
        """Do one of the open steps."""
        step = self.open.pop(number % len(self.open))
        content = self._files[step.found.uri]
        if isinstance(step, Digest):
            self.take(self._scheduler.digested(step, content.sha256))
        elif content.deadly:
            self.take(self._scheduler.failed(step, FailureCode.CRASHED, "died"))
        else:
            self.hashed.update((content.sha256, name) for name in step.formats)
            hashes = tuple(Hash.of(name, b"x") for name in step.formats)
            result = HashedFile(media=media_of(step.found, content), hashes=hashes)
            self.take(self._scheduler.computed(step, result))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where ledgers are made."""
    return tmp_path_factory.mktemp("ledger")


@settings(deadline=None)
@given(files=st.lists(contents, max_size=12), order=st.lists(st.integers(0, 99), max_size=60))
@example(files=[Content(1, 0, False)] * 2 + [Content(1, 0, True)], order=[1, 0, 0, 1, 0])
def test_each_file_is_settled_once_and_the_same_bytes_are_hashed_once(
    folder: Path, files: list[Content], order: list[int]
) -> None:
    founds = [Found(f"{n}", f"file:///{n}", c.size, 1) for n, c in enumerate(files)]
    with Ledger(folder, KINDS) as ledger:
        for expected_new in (True, False):
            scheduler = Scheduler(ledger, KINDS, retry_failed=False)
            worker = Worker(scheduler, {f.uri: c for f, c in zip(founds, files, strict=True)})
            waiting, choices = list(founds), list(order)
            while waiting or worker.open:
                choice = choices.pop() if choices else 0
                if waiting and (choice % 2 or not worker.open):
                    worker.take(scheduler.add(waiting.pop()))
                else:
                    worker.do(choice // 2)
            assert sorted(s.found.uri for s in worker.settled) == sorted(f.uri for f in founds)
            whole = {c.sha256 for c in files if not c.deadly}
            expected = {(digest, name): 1 for digest in whole for name in KINDS}
            assert worker.hashed == (expected if expected_new else {})
            written = [s for s in worker.settled if s.rows is not None]
            assert len(written) == (len(files) if expected_new else 0)


def test_more_than_sixty_formats_are_told_apart(folder: Path) -> None:
    names = [f"format-{number}" for number in range(150)]
    media = media_of(Found("a", "file:///a", 1, 1), Content(1, 1, False))
    with Ledger(folder, names) as ledger:
        ledger.record(media.uri, media, names[::7], ())
        ledger.record(media.uri, media, names[3:5], ())
        assert ledger.hashed(media.sha256) == {*names[::7], *names[3:5]}
        assert ledger.media(media.uri) == ledger.media_of(media.sha256) == media
        assert ledger.has_size(1)
        assert not ledger.has_size(2)


def test_the_ledger_has_no_name(folder: Path) -> None:
    with Ledger(folder, KINDS):
        assert list(folder.iterdir()) == []
