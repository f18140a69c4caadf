"""Which media of a cross-walk a hash belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hashwalk.crosswalk import Crosswalk
from hashwalk.errors import UsageError
from hashwalk.format import Format, Hash
from hashwalk.hashlists.record import Method
from hashwalk.index import Found, Index


@dataclass(frozen=True, slots=True)
class MediaFound:
    """The media at the least distance, by SHA-256, and how many others are in the radius.

    `searched` is how many media there are to be found.
    """

    method: Method
    distance: float
    media: tuple[str, ...]
    others: int
    searched: int = 0


class MediaSearch:
    """Finds media by hash: first equal hashes, then the nearest within the radius.

    A format's hashes are indexed when the first hash of it is looked up. The radius is the
    format's published threshold, unless `radii` gives another; hashes of a quality under the
    format's floor, and formats without a radius, are found by equal hashes alone.
    """

    def __init__(self, crosswalk: Crosswalk, radii: Mapping[str, float]) -> None:
        """Take a cross-walk, and the radius of some formats; raises UsageError for one under 0."""
        for format_id, radius in radii.items():
            if not radius >= 0:
                raise UsageError(f"the distance for {format_id} must be 0 or more")
        self._crosswalk = crosswalk
        self._radii = radii
        self._references: dict[str, _Reference] = {}

    def find(self, searched: Format, values: Sequence[Hash]) -> list[MediaFound | None]:
        """Return the media of each hash of one format, None where there are none."""
        reference = self._reference(searched)
        found = list(map(_exact, reference.index.exact_many(values)))
        radius = self._radii.get(searched.spec.id, _threshold(searched))
        missed = [
            n for n, hit in enumerate(found) if not hit and not searched.below_floor(values[n])
        ]
        if radius is not None and missed:
            near = reference.index.within_many([values[n] for n in missed], radius)
            searchable = len(reference.index) - len(reference.poor)
            for number, hits in zip(missed, near, strict=True):
                usable = [hit for hit in hits if hit.key not in reference.poor]
                found[number] = _near(usable, searchable)
        return found

    def _reference(self, searched: Format) -> _Reference:
        format_id = searched.spec.id
        if format_id not in self._references:
            index = Index.of_crosswalk(self._crosswalk, format_id)
            self._references[format_id] = _Reference(index, index.below_floor())
        return self._references[format_id]


@dataclass(frozen=True, slots=True)
class _Reference:
    """All hashes of one format in the cross-walk, and the media whose quality is too low."""

    index: Index
    poor: set[str]


def _threshold(searched: Format) -> float | None:
    threshold = searched.spec.threshold
    return None if threshold is None else threshold.value


def _exact(keys: Sequence[str]) -> MediaFound | None:
    if not keys:
        return None
    return MediaFound(Method.EXACT, 0.0, tuple(sorted(set(keys))), 0)


def _near(hits: Sequence[Found], searched: int) -> MediaFound | None:
    if not hits:
        return None
    best = hits[0].distance
    media = tuple(sorted({hit.key for hit in hits if hit.distance == best}))
    others = len({hit.key for hit in hits}) - len(media)
    return MediaFound(Method.NEAR, best, media, others, searched)
