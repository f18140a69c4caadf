"""Rates, their intervals, and curves: pure functions of numbers."""
