"""From an exception to one line on standard error and an exit code: the only such place."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import typer

from hashwalk.cli.console import complain
from hashwalk.errors import HashwalkError, MediaError

UNEXPECTED = 1
USAGE = 2
SOME_FAILED = 3
INTERRUPTED = 130

DEBUG = "HASHWALK_DEBUG"


def exit_code_of(command: Callable[[], object]) -> int:
    """Run `command` and return the exit code; whatever it raises becomes one line.

    A command returns an exit code, or anything else for 0. A pipe that the reader closed is
    no error to speak of. The text of an unexpected exception is not shown, since it may hold
    a hash; the environment variable HASHWALK_DEBUG=1 shows the traceback instead.
    """
    try:
        result = command()
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_unwritable_output()
        return UNEXPECTED
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        _drop_unwritable_output()
        complain(_line(error))
        return _code(error)
    return result if isinstance(result, int) else 0


def _drop_unwritable_output() -> None:
    """Keep the interpreter from writing again, at its end, what cannot be written."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _code(error: Exception) -> int:
    if isinstance(error, MediaError):
        return SOME_FAILED
    return USAGE if isinstance(error, HashwalkError | typer.TyperException) else UNEXPECTED


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
