"""``hashwalk bench calibrate``: what a run's distances are worth, as a card for translations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hashwalk.cli.console import complain, counted, print_table
from hashwalk_bench.cli.extra import require_extra

Run = Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a finished run.")]
Output = Annotated[Path, typer.Option("-o", "--output", metavar="CARD", help="The JSON to write.")]


def calibrate(run: Run, output: Output) -> None:
    """Write the calibration card of a run: thresholds by rate of collisions, P(same | distance).

    `hashwalk translate --calibration CARD` gives each near match its probability from it.
    Thresholds are chosen on one half of the sources; the card has their intervals.
    """
    require_extra()
    from datetime import UTC, datetime

    from hashwalk_bench.calibration import card_of, write_card
    from hashwalk_bench.measure.measuring import read_measures

    measures = read_measures(run)
    card = card_of(measures, datetime.now(UTC).date().isoformat())
    write_card(output, card)
    targets = sorted({t.target for each in card.formats.values() for t in each.thresholds})[::-1]
    rows = []
    for name, each in card.formats.items():
        known = {found.target: found.threshold for found in each.thresholds}
        cells = [known.get(target) for target in targets]
        rows.append((name, *("-" if cell is None else f"{cell:g}" for cell in cells)))
    print_table(("FORMAT", *(f"FPR {target:.0e}" for target in targets)), rows)
    complain(f"thresholds of {counted(len(rows), 'format')}; - is what the pairs do not resolve")
    left_out = sorted({each.format for each in measures.formats} - card.formats.keys())
    if left_out:
        complain(f"without unrelated pairs or copies, left out: {', '.join(left_out)}")
    if measures.corpus.synthetic:
        complain("the corpus is made up by a program: choose no threshold by this card")
    complain(f"the card is {output}")
