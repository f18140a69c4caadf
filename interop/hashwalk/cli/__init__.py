"""The command line: one module a command, thin, and the only place that prints."""

from hashwalk.cli.app import main

__all__ = ["main"]
