"""What becomes of a list that moves is summed by family, and told of no sum with a hidden part."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from hashwalk_bench.measure.model import Measures
from hashwalk_bench.report.moves import moved
from hashwalk_bench.report.scope import Scope
from hashwalk_bench.report.table import NONE
from hashwalk_bench.statistics.model import Rate

Simulate = Callable[..., Measures]


def test_where_a_member_hides_a_count_its_sum_is_not_told(simulate: Simulate) -> None:
    measures = simulate()
    scope = Scope(
        "picture", tuple(m for m in measures.formats if m.medium == "picture"), "published"
    )
    hidden = Rate(hits=0, trials=30, value=None, interval=None, note="too few to share")
    first = measures.moved[0]
    rows = (msgspec.structs.replace(first, none=hidden), *measures.moved[1:])
    table = moved(scope, msgspec.structs.replace(measures, moved=rows))
    assert table is not None
    (row,) = [r for r in table.rows if (r[0].text, r[1].text) == (first.a, first.family)]
    heads = [column.name for column in table.columns]
    assert row[heads.index("Not found")].text == NONE
    assert row[heads.index("Right media")].text != NONE
