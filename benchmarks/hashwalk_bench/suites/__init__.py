"""Suites: which transforms, in which ladders of strength, and which formats; TOML files."""

from hashwalk_bench.suites.loading import SUITES, load_suite
from hashwalk_bench.suites.suite import Suite, check_format

__all__ = ["SUITES", "Suite", "check_format", "load_suite"]
