"""Suites: which transforms, in which ladders of strength, and which formats; TOML files."""
