"""The rows of a report: figures, ratios, and whether they reach what is to be reached."""

from __future__ import annotations


def heading(text: str, unit: str = "seconds") -> None:
    """Print what is measured, and over which columns the figures are."""
    print(f"\n{text}\n{'':47}{unit:>9} {'ratio':>6}  to reach", flush=True)


def row(name: str, amount: float | None, ratio: float | None = None, target: str = "") -> None:
    """Print a figure, its ratio, and whether that reaches `target`: ``<= 2.5``, ``>= 5``."""
    amount_text = "" if amount is None else f"{amount:.2f}"
    ratio_text = "" if ratio is None else f"{ratio:.2f}"
    line = f"  {name:<45}{amount_text:>9} {ratio_text:>6}  {_verdict(ratio, target)}"
    print(line.rstrip(), flush=True)


def _verdict(ratio: float | None, target: str) -> str:
    if ratio is None or not target:
        return ""
    sign, bound = target.split()
    reached = ratio <= float(bound) if sign == "<=" else ratio >= float(bound)
    return f"{target} {'yes' if reached else 'NO'}"
