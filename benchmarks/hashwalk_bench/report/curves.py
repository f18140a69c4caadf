"""The figures: DET curves, distance histograms, and recall along ladders of strength."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import groupby, pairwise

import numpy as np
from scipy.special import ndtri

from hashwalk_bench.measure.model import Edited, Measured
from hashwalk_bench.report import words
from hashwalk_bench.report.counts import Counts, matching, rates
from hashwalk_bench.report.figure import Figure, Frame, Line, Scale, linear
from hashwalk_bench.report.found import edit_rate, ordered_calls
from hashwalk_bench.report.scope import LEADING, Scope
from hashwalk_bench.statistics.proportions import EVENTS_NEEDED

_MISSES = (0.001, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.95)
_CALL = re.compile(r"([^(]+)(?:\((.*)\))?")
_BARS = 66
"""A histogram has at most so many bars."""
_STEPS = 3
"""A ladder has at least so many steps."""


def det(scope: Scope) -> Figure:
    """Return the DET curves of all formats, cut off where pairs do not resolve the rate.

    Both axes are normal deviates (Martin et al. 1997): normal scores give straight lines.
    """
    floor = min((EVENTS_NEEDED / max(m.non_matching_pairs, 1) for m in scope.formats), default=0.1)
    decades = range(math.floor(math.log10(min(floor, 0.01))), 0)
    across = [*((10.0**d, words.decade(d)) for d in decades), (0.5, "0.5")]
    x, y = _deviate(across[0][0], 0.5), _deviate(_MISSES[0], _MISSES[-1])
    frame = Frame(720, 420, left=60)
    lines = [_det_line(m, frame, x, y, _style(n)) for n, m in enumerate(scope.formats)]
    return Figure(
        f"det-{scope.medium}",
        f"DET curves, {scope.things}",
        _det_words(scope),
        frame.width,
        frame.height,
        frame.left,
        frame.bottom,
        "unrelated pairs that match (normal deviate)",
        "edited copies missed",
        frame.ticks_x(x, across),
        frame.ticks_y(y, [(v, words.percent(v)) for v in _MISSES]),
        tuple(reversed(lines)),
    )


def histogram(measured: Measured) -> Figure:
    """Return the distances of matching and unrelated pairs on a logarithmic axis of shares."""
    frame = Frame(640, 230)
    near, trials = matching(measured, measured.edited)
    far = np.asarray(measured.non_matching)
    floor = -math.ceil(math.log10(max(measured.non_matching_pairs, 10)))
    x = linear(measured.grid[0], measured.grid[-1])
    y = linear(floor, 0)
    drawn = []
    for label, counted, of, style in (
        ("edited copies and their originals", near, trials, "1"),
        ("unrelated pairs", far, measured.non_matching_pairs, "2"),
    ):
        shares = [
            (x(at), y(math.log10(n / of)) if n else 0.0) for at, n in _steps(measured.grid, counted)
        ]
        drawn.append(Line(label, frame.points(shares), style))
    decades = range(floor, 1, 2 if floor < -4 else 1)
    return Figure(
        f"histogram-{measured.medium}-{measured.format}",
        f"Distances of {measured.format}",
        _histogram_words(measured, near, trials),
        frame.width,
        frame.height,
        frame.left,
        frame.bottom,
        f"distance, {measured.unit}",
        "share of pairs a bar",
        frame.ticks_x(x, _round_values(measured.grid[0], measured.grid[-1])),
        frame.ticks_y(y, [(d, words.decade(d)) for d in decades]),
        tuple(drawn),
    )


def ladders(scope: Scope) -> list[Figure]:
    """Return a chart of recall against strength for each ladder of three steps or more."""
    calls = [c for c in ordered_calls(scope) if c.strength is not None]
    grouped: dict[str, list[Edited]] = {}
    for key, steps in groupby(calls, key=_ladder_name):
        grouped.setdefault(key, []).extend(steps)
    return [_ladder(scope, name, s) for name, s in grouped.items() if len(s) >= _STEPS]


def _ladder(scope: Scope, name: str, steps: list[Edited]) -> Figure:
    frame = Frame(300, 190, left=44)
    x, y = linear(0, len(steps) - 1), linear(0, 1)
    lines, said = [], []
    for number, measured in enumerate(scope.formats[:LEADING]):
        told = [edit_rate(measured, step.transform, scope.fair).value for step in steps]
        shares = [(x(n), y(value)) for n, value in enumerate(told) if value is not None]
        lines.append(Line(measured.format, frame.points(shares), _style(number)))
        recalls = ", ".join("-" if value is None else words.percent(value) for value in told)
        said.append(f"{measured.format}: {recalls}")
    strengths = [f"{step.strength:g}" for step in steps]
    return Figure(
        f"ladder-{scope.medium}-{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')}",
        name,
        f"Recall at strengths {', '.join(strengths)}. {'; '.join(said)}.",
        frame.width,
        frame.height,
        frame.left,
        frame.bottom,
        _varied(steps[0]),
        "",
        frame.ticks_x(x, list(enumerate(strengths))),
        frame.ticks_y(y, [(v, words.percent(v)) for v in (0, 0.5, 1)]),
        tuple(reversed(lines)),
    )


def _det_line(measured: Measured, frame: Frame, x: Scale, y: Scale, style: str) -> Line:
    told = rates(measured)
    least = EVENTS_NEEDED / max(told.pairs, 1)
    shares = [
        (x(false), y(1 - found))
        for found, false in zip(told.recall, told.collisions, strict=True)
        if least <= false <= 0.5
    ]
    return Line(measured.format, frame.points(shares), style)


def _det_words(scope: Scope) -> str:
    told = [
        f"{m.format} {words.said_share(m.eer)}" for m in scope.formats if m.eer.value is not None
    ]
    return (
        "Share of edited copies missed against share of unrelated pairs that match, for every "
        f"threshold; lower is better. Equal error rates: {'; '.join(told) or 'none'}. The tables "
        "of thresholds beneath have the figures."
    )


def _steps(grid: tuple[float, ...], counted: Counts) -> Iterator[tuple[float, int]]:
    """Yield the corners of bars, several bins to a bar where there are many."""
    each = math.ceil(len(grid) / _BARS)
    edges = [*range(0, len(grid), each), len(grid)]
    for start, end in pairwise(edges):
        inside = int(counted[start:end].sum())
        yield grid[start], inside
        yield grid[min(end, len(grid) - 1)], inside


def _histogram_words(measured: Measured, near: Counts, trials: int) -> str:
    share = np.cumsum(near) / max(trials, 1)
    half = next((at for at, s in zip(measured.grid, share, strict=True) if s >= 0.5), None)
    middle = "more than half have no usable hash" if half is None else f"half are within {half:g}"
    unrelated = measured.mean_unrelated
    mean = "" if unrelated is None else f", on average {unrelated:.3g}"
    copies = (
        f"Of {trials:,} edited copies {middle} {measured.unit} of their originals."
        if trials
        else "No distance of an edited copy is told."
    )
    pairs = measured.non_matching_pairs
    far = f"{pairs:,} unrelated pairs lie further off{mean}." if pairs else "No pair is unrelated."
    return f"{copies} {far}"


def _deviate(low: float, high: float) -> Scale:
    start, end = float(ndtri(low)), float(ndtri(high))
    edge = 1e-9
    return lambda value: (float(ndtri(min(max(value, edge), 1 - edge))) - start) / (end - start)


def _style(number: int) -> str:
    return str(number + 1) if number < LEADING else "other"


def _round_values(low: float, high: float) -> list[tuple[float, str]]:
    step = 10 ** math.floor(math.log10((high - low) / 4 or 1))
    step *= next(m for m in (1, 2, 2.5, 5, 10) if (high - low) / (step * m) <= 6)
    count = int((high - low) / step + 1e-9)
    return [(low + n * step, f"{low + n * step:g}") for n in range(count + 1)]


def _parameters(call: Edited) -> tuple[str, list[tuple[str, str]]]:
    parts = _CALL.fullmatch(call.transform)
    name, inside = (parts[1], parts[2] or "") if parts else (call.transform, "")
    split = [part.partition("=") for part in inside.split(",") if part]
    return name, [(key, value) for key, _, value in split]


def _varied(call: Edited) -> str:
    """Return the name of the parameter that the ladder varies."""
    _, parameters = _parameters(call)
    return next((k for k, v in parameters if _is(v, call.strength)), "strength")


def _ladder_name(call: Edited) -> str:
    name, parameters = _parameters(call)
    varied = _varied(call)
    rest = [value for key, value in parameters if key != varied]
    return ", ".join([name.replace("_", " "), *rest])


def _is(text: str, strength: float | None) -> bool:
    try:
        return strength is not None and math.isclose(float(text), strength, rel_tol=1e-5)
    except ValueError:
        return False
