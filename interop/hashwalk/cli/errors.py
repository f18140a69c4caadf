"""From an exception to one line on standard error and an exit code: the only such place."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import typer

from hashwalk.cli.console import complain
from hashwalk.cli.streams import flush_or_discard
from hashwalk.errors import (
    AmbiguousAlgorithmError,
    BrokenFormatError,
    ConfigurationError,
    FormatError,
    HashwalkError,
    LabelsError,
    MediaError,
    UsageError,
)

STOPPED = 1
USAGE = 2
SOME_FAILED = 3
INTERRUPTED = 130

EXIT_CODES = (
    "Exit codes: 0 all went well; 1 stopped by a disk, a cross-walk or an error; 2 wrong usage; "
    "3 finished, but some items failed, and each is listed; 130 interrupted."
)

DEBUG = "HASHWALK_DEBUG"

_USAGE_ERRORS = (
    UsageError,
    FormatError,
    LabelsError,
    AmbiguousAlgorithmError,
    ConfigurationError,
    typer.TyperException,
)


def exit_code_of(command: Callable[[], object]) -> int:
    """Run `command` and return the exit code; whatever it raises becomes one line.

    A command returns an exit code, or anything else for 0. A pipe that the reader closed is
    no error to speak of. The text of an unexpected exception is not shown, since it may hold
    a hash; the environment variable HASHWALK_DEBUG=1 shows the traceback instead.
    """
    line = ""
    try:
        result = command()
        sys.stdout.flush()
        code = result if isinstance(result, int) else 0
    except BrokenPipeError:
        code = STOPPED
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        code, line = _code(error), _line(error)
    flush_or_discard()
    if line:
        complain(line)
    return code


def _code(error: Exception) -> int:
    if isinstance(error, MediaError):
        return SOME_FAILED
    wrong_usage = isinstance(error, _USAGE_ERRORS) and not isinstance(error, BrokenFormatError)
    return USAGE if wrong_usage else STOPPED


def _line(error: Exception) -> str:
    if isinstance(error, HashwalkError):
        return str(error)
    if isinstance(error, typer.TyperException):
        return _usage_line(error)
    if isinstance(error, OSError) and error.strerror:
        return ": ".join([*filter(None, [error.filename]), error.strerror])
    return (
        f"internal error, {type(error).__name__} in {_place(error)}; "
        f"{DEBUG}=1 shows the traceback: please report it"
    )


def _usage_line(error: typer.TyperException) -> str:
    context = getattr(error, "ctx", None)
    if context is None:
        return error.format_message()
    no_arguments = "\n" in error.format_message()
    message = "name a command" if no_arguments else error.format_message().rstrip(".")
    return f"{message}; see `{context.command_path} --help`"


def _place(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"
