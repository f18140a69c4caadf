"""Calibration cards: what a run says of each format's distances, for use in translations."""

from hashwalk_bench.calibration.card import card_of, write_card

__all__ = ["card_of", "write_card"]
