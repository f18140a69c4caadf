"""Formats against each other at equal rates of collisions, and what they do to a list."""
