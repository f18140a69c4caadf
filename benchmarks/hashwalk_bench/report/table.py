"""What every form of the report is made of: tables of cells that keep their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hashwalk_bench.report import words
from hashwalk_bench.statistics.model import Rate

NONE = "-"
"""What stands in a cell without number; the detail beneath says why."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A text with the number that it shows.

    `detail` is the interval, or why there is no number; `heat` is 0 to 10 where the cell is
    part of a heat map.
    """

    text: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    hits: int | None = None
    trials: int | None = None
    detail: str = ""
    heat: int | None = None

    @property
    def sort(self) -> str:
        """What a table is sorted by."""
        return self.text if self.value is None else repr(self.value)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, and what it says in a sentence for who does not know the word."""

    name: str
    numeric: bool = True
    says: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; the first column heads the rows, `notes` stand beneath."""

    id: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    kind: str = ""
    groups: dict[int, str] = field(default_factory=dict)
    """The heads that stand above rows, by number of row: a table with heads is not sorted."""


def columns(*names: str) -> tuple[Column, ...]:
    """Return numeric columns after a first one of texts."""
    return tuple(Column(name, numeric=number > 0) for number, name in enumerate(names))


def cell(value: float | str | None, text: str = "") -> Cell:
    """Return a cell without interval; None is a dash."""
    if value is None:
        return Cell(text or NONE)
    return (
        Cell(value)
        if isinstance(value, str)
        else Cell(text or (f"{value:,.0f}" if value >= 100 else f"{value:.3g}"), value)
    )


def share(rate: Rate, *, heat: bool = False) -> Cell:
    """Return the cell of a share in per cent with its interval."""
    if rate.value is None:
        return Cell(NONE, detail="" if heat else words.brief(rate.note), trials=rate.trials)
    detail = words.share_interval(rate.interval) if rate.interval else ""
    warmth = round(10 * min(max(rate.value, 0), 1)) if heat else None
    return _of(rate, words.percent(rate.value), detail, warmth)


def points(rate: Rate) -> Cell:
    """Return the cell of a difference of shares, in percentage points with its sign."""
    if rate.value is None:
        return Cell(NONE, detail=words.brief(rate.note), trials=rate.trials)
    inside = rate.interval
    detail = f"{_signed(inside.low)} to {_signed(inside.high)}" if inside else ""
    return _of(rate, _signed(rate.value), detail, None)


def collisions(rate: Rate) -> Cell:
    """Return the cell of a rate of collisions: no event is a bound, never 0; few are counted."""
    if rate.value is None:
        return Cell(NONE, detail=words.brief(rate.note), trials=rate.trials)
    if rate.hits == 0 and rate.interval:
        text, said = f"≤ {words.scientific(rate.interval.high)}", f"none of {rate.trials:,} pairs"
        return _of(rate, text, said, None)
    detail = words.small_interval(rate.interval) if rate.interval else ""
    text = words.events(rate) if words.few(rate) else words.scientific(rate.value)
    return _of(rate, text, detail, None)


def number(rate: Rate, digits: int = 3) -> Cell:
    """Return the cell of a statistic that is no share, with its interval."""
    if rate.value is None:
        return Cell(NONE, detail=words.brief(rate.note), trials=rate.trials)
    inside = rate.interval
    detail = f"{inside.low:.{digits}g} to {inside.high:.{digits}g}" if inside else ""
    return _of(rate, f"{rate.value:.{digits}g}", detail, None)


def square(
    name: str, caption: str, ids: Sequence[str], cells: dict[tuple[str, str], Cell]
) -> Table:
    """Return a table of formats by formats; what is not in `cells` is a dash."""
    rows = tuple(
        (Cell(a), *(cells.get((a, b), Cell("·" if a == b else NONE)) for b in ids)) for a in ids
    )
    heads = (Column("A, in rows; B, in columns", numeric=False), *map(Column, ids))
    return Table(name, caption, heads, rows, kind="matrix")


def _signed(value: float) -> str:
    return f"{100 * value:+.1f}".replace("-", "−")


def _of(rate: Rate, text: str, detail: str, heat: int | None) -> Cell:
    low, high = (rate.interval.low, rate.interval.high) if rate.interval else (None, None)
    return Cell(text, rate.value, low, high, rate.hits, rate.trials, detail, heat)
