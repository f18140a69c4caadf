"""The measured rate is that of comparing every pair."""

from __future__ import annotations

import re

import pytest

from hashwalk_bench.pairs.rate import TARGETS, main, measure


def test_the_rate_is_told_for_each_width_beside_what_is_to_be_reached(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hashwalk_bench.pairs.rate.measure", lambda bits: measure(bits, 10, 2000))
    main([])
    shown = capsys.readouterr().out
    for bits, target in TARGETS.items():
        told = re.search(
            rf"^  {bits} bits, billions of pairs a second +([0-9.]+)(.*)$", shown, re.MULTILINE
        )
        assert told
        assert float(told[1]) > 0
        assert target in told[2]
