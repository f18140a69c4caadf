"""False alarms are told of one look-up, and of a day's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hashwalk_bench.measure.model import Measures
from hashwalk_bench.report.confused import A_DAY, daily_alarms, look_ups
from hashwalk_bench.report.scope import Scope

Simulate = Callable[..., Measures]


@pytest.mark.parametrize("medium", ["picture", "video"])
def test_a_day_s_alarms_are_the_chance_of_one_look_up_times_their_number(
    simulate: Simulate, medium: str
) -> None:
    measures = simulate()
    formats = tuple(m for m in measures.formats if m.medium == medium)
    scope = Scope(medium, formats, "published")
    once, daily = look_ups(scope, measures), daily_alarms(scope, measures)
    assert once is not None
    assert daily is not None
    assert f"{A_DAY:,}" in daily.caption
    for chances, alarms in zip(once.rows, daily.rows, strict=True):
        assert [cell.text for cell in chances[:2]] == [cell.text for cell in alarms[:2]]
        for chance, alarm in zip(chances[2:], alarms[2:], strict=True):
            assert alarm.value == pytest.approx(float(chance.value or 0) * A_DAY)
            assert alarm.text.startswith("≤") == chance.text.startswith("≤")
