"""What each file still needs: the decisions of a job, without its processes and its clock.

The bytes of a file are hashed once, whatever its names. A file whose size no other file has is
hashed at once; where sizes are equal, a digest decides first. A file waits for another only
while that one is being hashed and has, or may have, the same bytes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from hashwalk.errors import FailureCode
from hashwalk.format import Kind
from hashwalk.job.discover import Found
from hashwalk.job.ledger import Ledger, Standing
from hashwalk.results import ALL_FORMATS, Failure, HashedFile, Media


@dataclass(frozen=True, slots=True)
class Digest:
    """Find out the SHA-256 of a file."""

    found: Found


@dataclass(frozen=True, slots=True)
class Compute:
    """Hash a file in `formats`; `sha256` is None while its bytes are unknown."""

    found: Found
    formats: tuple[str, ...]
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """A file is finished: the rows to write, if any, and how it came out."""

    found: Found
    rows: HashedFile | None = None
    new_failures: tuple[Failure, ...] = ()
    old_failures: int = 0
    computed: bool = False
    duplicate: bool = False


Step = Digest | Compute | Settled


class Scheduler:
    """Says what to do next, one file or result at a time.

    Every file given to :meth:`add` comes out as exactly one :class:`Settled`, once the steps
    before it were done and reported by :meth:`digested`, :meth:`computed` or :meth:`failed`.
    """

    def __init__(
        self,
        ledger: Ledger,
        kinds: Mapping[str, Kind],
        *,
        retry_failed: bool,
        undecoded: Collection[str] = (),
    ) -> None:
        """Take what is done, and the formats to compute with their kinds.

        `undecoded` are formats, beside those of kind file, that no failure to decode concerns.
        """
        self._ledger = ledger
        self._kinds = dict(kinds)
        self._undecoded = {i for i, k in kinds.items() if k is Kind.FILE or i in undecoded}
        self._retry_failed = retry_failed
        self._unfinished: set[str] = set()
        self._unknown_by_size: dict[int, str] = {}
        self._known_by_sha256: dict[str, str] = {}
        self._known_sizes: Counter[int] = Counter()
        self._parked: defaultdict[str, list[tuple[Found, str]]] = defaultdict(list)

    def add(self, found: Found) -> list[Step]:
        """Take a file that was found; one that is being worked at already is settled at once."""
        if found.uri in self._unfinished:
            return [Settled(found)]
        self._unfinished.add(found.uri)
        own = self._ledger.media(found.uri)
        if own is not None and _is_unchanged(own, found) and not found.problem:
            return self._with_bytes(found, own.sha256)
        barrier = self._standing(found, None).get(ALL_FORMATS)
        if barrier is not None and not self._may_retry(barrier):
            return [self._settle(found, HashedFile(media=None), {ALL_FORMATS: barrier})]
        if found.problem:
            return self.failed(Digest(found), FailureCode.UNREADABLE, found.problem)
        if self._may_be_known(found.size):
            return [Digest(found)]
        return [self._start(Compute(found, tuple(self._kinds)))]

    def takes_unlisted(self, failure: Failure) -> bool:
        """Take the failure of a folder; tell whether it is new."""
        known = self._ledger.failures(failure.uri)
        if any(stands.failure == failure and not self._may_retry(stands) for stands in known):
            return False
        self._ledger.record(failure.uri, None, (), (Standing(failure, fresh=True),))
        return True

    def digested(self, step: Digest, sha256: str) -> list[Step]:
        """Take the digest of a file."""
        return self._with_bytes(step.found, sha256)

    def computed(self, step: Compute, result: HashedFile) -> list[Step]:
        """Take what a file gave."""
        waiting = self._end(step)
        found, media = step.found, result.media
        kept = self._standing(found, step.sha256 if media is None else media.sha256)
        for format_id in self._settled_by(step):
            kept.pop(format_id, None)
        kept |= {failure.format: Standing(failure, fresh=True) for failure in result.failures}
        steps: list[Step] = [self._settle(found, result, kept, computed=True)]
        for parked in waiting:
            steps += self._with_bytes(*parked)
        return steps

    def failed(self, step: Digest | Compute, code: FailureCode, message: str) -> list[Step]:
        """Take that a file could not be worked at, and why."""
        found = step.found
        failure = Failure(
            uri=found.uri,
            format=ALL_FORMATS,
            code=code,
            message=message,
            size=found.size,
            mtime_ns=found.mtime_ns,
        )
        result = HashedFile(media=None, failures=(failure,))
        if isinstance(step, Compute):
            return self.computed(step, result)
        return [self._settle(found, result, {ALL_FORMATS: Standing(failure, fresh=True)})]

    def _with_bytes(self, found: Found, sha256: str) -> list[Step]:
        """Decide on a file whose bytes are known by their digest."""
        ahead = self._known_by_sha256.get(sha256) or self._unknown_by_size.get(found.size)
        if ahead is not None:
            self._parked[ahead].append((found, sha256))
            return []
        media = self._ledger.media_of(sha256)
        if media is None:
            return [self._start(Compute(found, tuple(self._kinds), sha256))]
        standing = self._standing(found, sha256)
        missing = self._missing(media, standing)
        if missing:
            return [self._start(Compute(found, missing, sha256))]
        own = replace(media, uri=found.uri, mtime_ns=found.mtime_ns, labels=())
        return [self._settle(found, HashedFile(media=own), standing)]

    def _may_be_known(self, size: int) -> bool:
        """Tell whether a file of this size is done or being hashed: it may hold the same bytes."""
        in_work = size in self._unknown_by_size or size in self._known_sizes
        return in_work or self._ledger.has_size(size)

    def _start(self, step: Compute) -> Compute:
        if step.sha256 is None:
            self._unknown_by_size[step.found.size] = step.found.uri
        else:
            self._known_by_sha256[step.sha256] = step.found.uri
            self._known_sizes[step.found.size] += 1
        return step

    def _end(self, step: Compute) -> list[tuple[Found, str]]:
        """Forget that a file is being hashed; return those that waited for it."""
        if step.sha256 is None:
            del self._unknown_by_size[step.found.size]
        else:
            del self._known_by_sha256[step.sha256]
            self._known_sizes[step.found.size] -= 1
            self._known_sizes += Counter()
        return self._parked.pop(step.found.uri, [])

    def _settled_by(self, step: Compute) -> set[str]:
        """Return the formats whose earlier failures a step replaces."""
        decoding = not self._undecoded.issuperset(step.formats)
        return {*step.formats, ALL_FORMATS} if decoding else {*step.formats}

    def _missing(self, media: Media, standing: Mapping[str, Standing]) -> tuple[str, ...]:
        """Return the formats that are to be computed for bytes of which something is known."""
        barriers = {n for n, stands in standing.items() if not self._may_retry(stands)}
        hashed = self._ledger.hashed(media.sha256)
        open_ids = self._kinds.keys() - hashed - barriers
        decoded = ALL_FORMATS not in barriers
        retried = decoded and ALL_FORMATS in standing
        return tuple(
            format_id
            for format_id, kind in self._kinds.items()
            if format_id in open_ids
            and (
                kind in {Kind.FILE, media.type}
                if format_id in self._undecoded
                else decoded and (retried or _applies(kind, media))
            )
        )

    def _may_retry(self, standing: Standing) -> bool:
        return self._retry_failed and not standing.fresh

    def _standing(self, found: Found, sha256: str | None) -> dict[str, Standing]:
        """Return, by format, the failures that stand for a file as it is now.

        A failure met in this job goes before an older one, so that nothing is tried twice.
        """
        others = [] if sha256 is None else self._ledger.failures_of(sha256)
        own = [s for s in self._ledger.failures(found.uri) if _concerns(s.failure, found, sha256)]
        known = sorted((*others, *own), key=lambda standing: standing.fresh)
        hashed = frozenset() if sha256 is None else self._ledger.hashed(sha256)
        return {s.failure.format: s for s in known if s.failure.format not in hashed}

    def _settle(
        self,
        found: Found,
        result: HashedFile,
        standing: Mapping[str, Standing],
        *,
        computed: bool = False,
    ) -> Settled:
        """Record how a file came out, and say which rows the cross-walk lacks."""
        self._unfinished.discard(found.uri)
        before = self._ledger.media(found.uri)
        media = self._labelled(found, result.media, before)
        new = tuple(s for s in standing.values() if _is_new(s.failure, found, result))
        old = tuple(s for s in standing.values() if not _is_new(s.failure, found, result))
        failures = (
            *(_renamed(s, found, fresh=True) for s in new),
            *(_renamed(s, found) for s in old),
        )
        rows = None
        if computed or media != before or set(failures) != set(self._ledger.failures(found.uri)):
            rows = HashedFile(
                media=media, hashes=result.hashes, failures=tuple(s.failure for s in failures)
            )
            formats = (value.format for value in result.hashes)
            self._ledger.record(found.uri, media, formats, failures)
        return Settled(
            found,
            rows,
            new_failures=tuple(s.failure for s in failures[: len(new)]),
            old_failures=sum(not s.fresh for s in old),
            computed=computed,
            duplicate=not computed and media is not None and not _same_bytes(media, before),
        )

    def _labelled(self, found: Found, media: Media | None, before: Media | None) -> Media | None:
        """Return the media row with the labels given to it, or else those it has."""
        labels = self._ledger.labels(found.uri, media.sha256 if media else "")
        if media is None:
            return None
        if not labels and before is not None and _same_bytes(media, before):
            labels = before.labels
        return replace(media, labels=labels)


def _applies(kind: Kind, media: Media) -> bool:
    """Tell whether formats of a kind can say something of media: at least why they cannot."""
    return media.type in {kind.value, "other"}


def _is_unchanged(media: Media | Failure, found: Found) -> bool:
    return (media.size, media.mtime_ns) == (found.size, found.mtime_ns)


def _concerns(failure: Failure, found: Found, sha256: str | None) -> bool:
    """Tell whether a failure of a file is one of the bytes that it has now."""
    if sha256 is not None and failure.sha256 is not None:
        return failure.sha256 == sha256
    return _is_unchanged(failure, found)


def _is_new(failure: Failure, found: Found, result: HashedFile) -> bool:
    return failure.uri != found.uri or failure in result.failures


def _same_bytes(media: Media, before: Media | None) -> bool:
    return before is not None and before.sha256 == media.sha256


def _renamed(standing: Standing, found: Found, *, fresh: bool = False) -> Standing:
    failure = replace(standing.failure, uri=found.uri, size=found.size, mtime_ns=found.mtime_ns)
    return Standing(failure, fresh or standing.fresh)
