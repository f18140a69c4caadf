"""Translates hash lists between formats, through a cross-walk."""

from hashwalk.translation.files import TRANSLATED, TranslatedList, translate_list
from hashwalk.translation.outcome import Fate, Outcome
from hashwalk.translation.summary import SummaryRow, TranslationSummary
from hashwalk.translation.translating import translate

__all__ = [
    "TRANSLATED",
    "Fate",
    "Outcome",
    "SummaryRow",
    "TranslatedList",
    "TranslationSummary",
    "translate",
    "translate_list",
]
