"""Rates, thresholds and lists in words: the one place that decides how a number is shown."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from hashwalk_bench.measure.model import Measured
from hashwalk_bench.statistics.model import Interval, Rate
from hashwalk_bench.statistics.proportions import EVENTS_NEEDED

PUBLISHED = "published"
"""The name of the point at a format's published threshold."""

_UNRESOLVED = re.compile(r"not resolvable with [\d,]+ pairs")
_BEFORE_PERCENT = re.compile(r"(?<=\d) %")
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def percent(share: float) -> str:
    """Return a share in per cent, with more digits where it is nearly none or all."""
    points = 100 * share
    rest = min(abs(points), abs(100 - points))
    if rest < 1e-9:
        return f"{points:.0f} %"
    digits = 0 if rest >= 1 else 1 if rest >= 0.1 else 2
    text = f"{points:.{digits}f}"
    if float(text) in {0.0, 100.0}:
        return "under 0.01 %" if float(text) == 0 else "over 99.99 %"
    return f"{text} %".replace("-", "−")


def unbroken(text: str) -> str:
    """Return a text whose figures do not part from their per cent sign at the end of a line."""
    return _BEFORE_PERCENT.sub("\u00a0%", text)


def scientific(value: float) -> str:
    """Return a small rate with two digits: 0.04, 4.3 × 10⁻⁴."""
    if value == 0:
        return "0"
    if value >= 0.01:
        return f"{value:.2g}"
    exponent = math.floor(math.log10(value))
    mantissa = value / 10**exponent
    if f"{mantissa:.1f}" == "10.0":
        mantissa, exponent = 1.0, exponent + 1
    return f"{mantissa:.1f} × 10{str(exponent).translate(_SUPERSCRIPTS)}"


def decade(exponent: int) -> str:
    """Return a power of ten as the text of a tick: 10⁻³, 0.01, 0.1, 1."""
    if exponent < -2:
        return f"10{str(exponent).translate(_SUPERSCRIPTS)}"
    return f"{10.0**exponent:g}"


def one_in(rate: float) -> str:
    """Return a rate as a person says it: 1 in 2,300."""
    if rate <= 0:
        return "none"
    if rate >= 0.1:
        return percent(rate)
    odds = 1 / rate
    digits = 10 ** max(math.floor(math.log10(odds)) - 1, 0)
    return f"1 in {round(odds / digits) * digits:,}"


def small_interval(interval: Interval) -> str:
    """Return the interval of a rate of collisions."""
    if interval.low <= 0:
        return f"at most {scientific(interval.high)}"
    return f"{scientific(interval.low)} to {scientific(interval.high)}"


def share_interval(interval: Interval) -> str:
    """Return the interval of a share in per cent: 81 to 86 %."""
    low, high = percent(interval.low), percent(interval.high)
    return low if low == high else f"{low.removesuffix(' %')} to {high}"


def said_share(rate: Rate) -> str:
    """Return a share with its interval for a sentence: 84 % (81 to 86 %)."""
    if rate.value is None:
        return rate.note or "not measured"
    inside = f" ({share_interval(rate.interval)})" if rate.interval else ""
    return f"{percent(rate.value)}{inside}"


def said_collisions(rate: Rate) -> str:
    """Return a rate of collisions for a sentence, an upper bound where there was none."""
    if rate.value is None:
        return rate.note or "not resolvable with the pairs of this run"
    if rate.hits == 0 and rate.interval:
        return f"none of {rate.trials:,} pairs, so at most {one_in(rate.interval.high)}"
    if few(rate):
        most = f" (at most {one_in(rate.interval.high)})" if rate.interval else ""
        return f"{events(rate)}{most}"
    inside = ""
    if rate.interval:
        inside = f" ({one_in(rate.interval.high)} to {one_in(rate.interval.low)})"
    return f"{one_in(rate.value)}{inside}"


def few(rate: Rate) -> bool:
    """Tell whether there were events, and too few of them to tell a rate of pairs."""
    return 0 < rate.hits < EVENTS_NEEDED


def events(rate: Rate) -> str:
    """Return events among pairs, counted: 3 of 334,654 pairs."""
    return f"{rate.hits:,} of {rate.trials:,} pairs"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as a list in a sentence, with semicolons between those that have commas."""
    if len(words) < 2:
        return "".join(words)
    apart = "; " if any("," in word for word in words) else ", "
    return f"{apart.join(words[:-1])}{apart if apart == '; ' else ' '}{last} {words[-1]}"


def point_words(name: str) -> str:
    """Return a point's name for people: "published threshold", "1 false alarm in 1,000 pairs"."""
    if name == PUBLISHED:
        return "published threshold"
    return f"1 false alarm in {round(1 / float(name.removeprefix('fpr '))):,} pairs"


def target_words(target: float) -> str:
    """Return a target rate of collisions for people."""
    return f"1 false alarm in {round(1 / target):,} pairs"


def unit_words(measured: Measured) -> str:
    """Return the unit to stand behind a distance: bits, or nothing."""
    return "bits" if measured.unit.startswith("bits") else ""


def threshold_words(measured: Measured, threshold: float | None) -> str:
    """Return a threshold with its unit, for people."""
    if threshold is None:
        return "none"
    if len(measured.grid) == 2 and threshold == measured.grid[0]:
        return "equal hashes"
    return f"{threshold:g} {unit_words(measured)}".strip()


def brief(note: str) -> str:
    """Return the part of a note that fits into a table."""
    found = _UNRESOLVED.search(note)
    return found[0] if found else note.partition(";")[0]
