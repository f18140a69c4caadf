"""Every error is one tree, survives the way back from a worker process, and reads well."""

import inspect
import pickle

import pytest

from hashwalk import errors
from hashwalk.errors import (
    CrosswalkConflictError,
    FailureCode,
    HashwalkError,
    MediaError,
    UnknownFormatError,
)

EVERY_ERROR = [
    cls
    for _, cls in inspect.getmembers(errors, inspect.isclass)
    if issubclass(cls, Exception) and cls.__module__ == errors.__name__
]


@pytest.mark.parametrize("cls", EVERY_ERROR)
def test_every_error_is_a_hashwalk_error(cls: type[Exception]) -> None:
    assert issubclass(cls, HashwalkError)


@pytest.mark.parametrize("cls", EVERY_ERROR)
def test_an_error_survives_pickling_with_its_message(cls: type[Exception]) -> None:
    copy = pickle.loads(pickle.dumps(cls("one line of 'reason'")))  # noqa: S301
    assert type(copy) is cls
    assert str(copy) == "one line of 'reason'"


@pytest.mark.parametrize("cls", EVERY_ERROR)
def test_the_tree_in_the_docstring_names_every_error(cls: type[Exception]) -> None:
    assert f" {cls.__name__} " in f"{errors.__doc__} ".replace("\n", " ")


def test_each_failure_code_belongs_to_exactly_one_media_error() -> None:
    codes = [
        cls.code for cls in EVERY_ERROR if issubclass(cls, MediaError) and cls is not MediaError
    ]
    assert sorted(codes) == sorted(FailureCode)


def test_an_unknown_format_is_a_key_error_whose_message_is_not_quoted() -> None:
    error = UnknownFormatError("no format 'x'")
    assert isinstance(error, KeyError)
    assert str(error) == "no format 'x'"


def test_a_conflict_survives_pickling_with_what_is_in_conflict() -> None:
    error = CrosswalkConflictError("two hashes of one file", (("00", "pdq", ("a", "b")),))
    assert pickle.loads(pickle.dumps(error)).conflicts == error.conflicts  # noqa: S301
