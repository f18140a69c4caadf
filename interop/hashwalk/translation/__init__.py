"""Translates hash lists between formats, through a cross-walk."""

from hashwalk.translation.calibration import Card, CardThreshold, FormatCard, read_card
from hashwalk.translation.files import TRANSLATED, TranslatedList, translate_list
from hashwalk.translation.outcome import Fate, Outcome
from hashwalk.translation.summary import SummaryRow, TranslationSummary
from hashwalk.translation.translating import translate

__all__ = [
    "TRANSLATED",
    "Card",
    "CardThreshold",
    "Fate",
    "FormatCard",
    "Outcome",
    "SummaryRow",
    "TranslatedList",
    "TranslationSummary",
    "read_card",
    "translate",
    "translate_list",
]
