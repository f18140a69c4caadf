"""Translates hash lists between formats, through a cross-walk."""

from hashwalk.translation.outcome import Fate, Outcome
from hashwalk.translation.translating import translate

__all__ = ["Fate", "Outcome", "translate"]
