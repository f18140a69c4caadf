"""Formats by id, found through the entry-point group ``hashwalk.formats``.

Nothing is imported before it is asked for; a package that cannot be loaded costs its own
formats only. A built-in format has no privilege over a third party's. A configuration file adds
formats that other programs compute, under ids that no package computes.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points

from hashwalk.configuration import ConfiguredFormat, configured_formats
from hashwalk.errors import (
    BrokenFormatError,
    DuplicateFormatError,
    FormatError,
    NotComputableError,
    UnknownFormatError,
    UsageError,
)
from hashwalk.format import (
    FORMAT_ID,
    FileHasher,
    Format,
    FormatFamily,
    FormatSpec,
    PathHasher,
    PictureHasher,
    VideoHasher,
)
from hashwalk.suggestion import did_you_mean

GROUP = "hashwalk.formats"


class Registry(Mapping[str, Format]):
    """A read-only mapping from format id to format, loaded on demand.

    Iterating gives the ids of the single formats that load; ids made by a family
    (``framewise:pdq@1``) can be looked up too. Looking up raises UnknownFormatError (a
    KeyError, so ``get`` gives its default), DuplicateFormatError or BrokenFormatError; ``in``
    raises nothing and tells whether looking up would succeed.
    """

    def __init__(
        self, points: Iterable[EntryPoint], configured: Iterable[ConfiguredFormat] = ()
    ) -> None:
        """Take the entry points to serve, of which none is loaded that is not configured, too.

        Raises DuplicateFormatError for a configured id that a package computes, and
        ConfigurationError for one that does not fit the format it stands for.
        """
        self._points: dict[str, list[EntryPoint]] = defaultdict(list)
        for point in points:
            self._points[point.name].append(point)
        self._loaded: dict[str, Format | FormatFamily] = {}
        self._made: dict[str, Format] = {}
        for wanted in configured:
            self._loaded[wanted.id] = self._configure(wanted)

    def __getitem__(self, format_id: str) -> Format:
        """Return the format; ids with a colon are made by their family."""
        if ":" in format_id and format_id not in self._points:
            return self._make(format_id)
        found = self._load(format_id)
        if isinstance(found, FormatFamily):
            raise UnknownFormatError(f"{format_id!r} is a family of formats: write {found.pattern}")
        return found

    def __contains__(self, format_id: object) -> bool:
        """Tell whether the format can be had."""
        return isinstance(format_id, str) and self._problem(format_id) is None

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids of single formats that load, sorted."""
        return (name for name in self._names() if isinstance(self._try(name), Format))

    def __len__(self) -> int:
        """Count the single formats that load."""
        return sum(1 for _ in self)

    def families(self) -> tuple[FormatFamily, ...]:
        """Return the families that load, by prefix."""
        found = (self._try(name) for name in self._names())
        return tuple(f for f in found if isinstance(f, FormatFamily))

    def problems(self) -> dict[str, FormatError]:
        """Return, by id, why an id that a package offers cannot be used."""
        found = {name: self._try(name) for name in self._names()}
        broken = {name: f for name, f in found.items() if isinstance(f, FormatError)}
        examples = {e: self._problem(e) for family in self.families() for e in family.examples}
        return broken | {e: problem for e, problem in examples.items() if problem}

    def default_ids(self) -> tuple[str, ...]:
        """Return the ids a re-hash computes when none is named."""
        single = [i for i in self if self[i].spec.default and can_compute(self[i])]
        examples = [e for family in self.families() for e in family.examples]
        return (*single, *(e for e in examples if e in self))

    def _names(self) -> list[str]:
        return sorted({*self._points, *self._loaded})

    def _configure(self, wanted: ConfiguredFormat) -> Format:
        carrier = self._load(wanted.id) if wanted.id in self._points else None
        if carrier is None:
            return wanted.with_card()
        if isinstance(carrier, FormatFamily) or can_compute(carrier):
            owner = owner_of(self._points[wanted.id][0])
            raise DuplicateFormatError(
                f"{wanted.file} configures {wanted.id!r}, which {owner} computes: choose another id"
            )
        return wanted.carried_by(carrier)

    def _make(self, format_id: str) -> Format:
        if format_id not in self._made:
            prefix, _, rest = format_id.partition(":")
            family = self._load(prefix, shown_as=format_id)
            if not isinstance(family, FormatFamily):
                raise UnknownFormatError(f"{prefix!r} is no family of formats: {format_id!r}")
            point = self._points[prefix][0]
            self._made[format_id] = _make_member(point, family, rest, self)
        return self._made[format_id]

    def _problem(self, format_id: str) -> FormatError | None:
        try:
            self[format_id]
        except FormatError as error:
            return error
        return None

    def _try(self, name: str) -> Format | FormatFamily | FormatError:
        try:
            return self._load(name)
        except FormatError as error:
            return error

    def _load(self, name: str, *, shown_as: str | None = None) -> Format | FormatFamily:
        if name not in self._loaded:
            point = self._only_point(name, shown_as or name)
            self._loaded[name] = _load_point(point)
        return self._loaded[name]

    def _only_point(self, name: str, shown_as: str) -> EntryPoint:
        points = self._points.get(name, [])
        if not points:
            raise UnknownFormatError(f"no format {shown_as!r}{self._suggestion(shown_as)}")
        owners = sorted({owner_of(p) for p in points})
        if len({(owner_of(p), p.value) for p in points}) > 1:
            raise DuplicateFormatError(
                f"the format id {name!r} is claimed by {' and by '.join(owners)}"
                + (": uninstall one of them" if len(owners) > 1 else " more than once")
            )
        return points[0]

    def _suggestion(self, wanted: str) -> str:
        prefix, colon, rest = wanted.partition(":")
        meant = did_you_mean(prefix, self._points, after=colon + rest)
        return meant or "; `hashwalk formats` lists those installed"


@functools.cache
def registry() -> Registry:
    """Return the registry of the formats that installed packages offer or the user configured.

    Raises ConfigurationError, DuplicateFormatError for what is wrong with the configuration.
    """
    return Registry(entry_points(group=GROUP), configured_formats())


def formats() -> Mapping[str, Format]:
    """Return the installed formats by id: a read-only mapping that loads on demand."""
    return registry()


def get_format(format_id: str) -> Format:
    """Return the format with this id.

    Raises UnknownFormatError (with a suggestion), DuplicateFormatError (two packages claim
    it) or BrokenFormatError (its package does not load).
    """
    return registry()[format_id]


def get_formats(ids: Iterable[str]) -> dict[str, Format]:
    """Return the formats with these ids, in their order, each once.

    Raises what ``get_format`` raises, and UsageError for a text in place of several.
    """
    if isinstance(ids, str):
        raise UsageError("formats are a list of ids: put the one that is meant into a list")
    return {format_id: get_format(format_id) for format_id in ids}


def can_compute(candidate: Format) -> bool:
    """Tell whether a format can be computed here, or only carried and compared."""
    return isinstance(candidate, (FileHasher, PictureHasher, VideoHasher, PathHasher))


def require_computable(candidates: Iterable[Format]) -> None:
    """Raise NotComputableError, which says what it takes, unless all can be computed here."""
    carried = [candidate.spec for candidate in candidates if not can_compute(candidate)]
    if carried:
        ids = ", ".join(spec.id for spec in carried)
        remedies = " ".join(dict.fromkeys(f": {s.to_compute}" for s in carried if s.to_compute))
        raise NotComputableError(
            f"{ids} hashes can be carried and compared, but not computed here{remedies}"
        )


def owner_of(point: EntryPoint) -> str:
    """Return the name of the distribution that an entry point belongs to, for messages."""
    return (point.dist.name if point.dist else "") or point.value


def _load_point(point: EntryPoint) -> Format | FormatFamily:
    try:
        loaded = point.load()
        ready = isinstance(loaded, Format | FormatFamily) or not callable(loaded)
        return _vetted(loaded if ready else loaded(), point.name)
    except (Exception, SystemExit) as error:
        raise _broken(point, point.name, error) from error


def _make_member(
    point: EntryPoint, family: FormatFamily, rest: str, formats: Mapping[str, Format]
) -> Format:
    wanted = f"{family.prefix}:{rest}"
    try:
        return _vetted_format(family.make(rest, formats), wanted)
    except FormatError:
        raise
    except Exception as error:
        raise _broken(point, wanted, error) from error


def _vetted(found: object, wanted: str) -> Format | FormatFamily:
    if not isinstance(found, FormatFamily):
        return _vetted_format(found, wanted)
    _check_name(found.prefix, wanted)
    return found


def _vetted_format(found: object, wanted: str) -> Format:
    if not isinstance(found, Format) or not isinstance(found.spec, FormatSpec):
        raise TypeError(f"it gives a {type(found).__name__} where a Format is due")
    _check_name(found.spec.id, wanted)
    if not FORMAT_ID.fullmatch(wanted):
        raise ValueError("its id is not lower-case words joined by - _ . : @")
    return found


def _check_name(offered: str, wanted: str) -> None:
    if offered != wanted:
        raise ValueError(f"it calls itself {offered!r}")


def _broken(point: EntryPoint, format_id: str, error: BaseException) -> BrokenFormatError:
    reason = " ".join(f"{type(error).__name__}: {error}".split())
    return BrokenFormatError(f"the format {format_id!r} of {owner_of(point)} is broken: {reason}")
