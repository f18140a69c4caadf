"""Labels, feedback and translation of a record as cells of a flat row, there and back.

What a list has several of is joined in one cell by ``|``, and the reasons of one feedback by
``;``; these characters themselves are percent-encoded: ``%7C``, ``%3B`` and ``%25``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from hashwalk.csv_cells import escaped
from hashwalk.hashlists.record import Feedback, Record, Translation
from hashwalk.results import Label

_LABEL = ("scheme", "version", "region", "code")
_FEEDBACK = ("source", "value", "reasons", "algorithm")
_TRANSLATION = (
    "method",
    "source_algorithm",
    "distance",
    "media_sha256",
    "others",
    "probability",
    "ambiguous",
)
LABEL_COLUMNS = tuple(f"label_{name}" for name in _LABEL)
FEEDBACK_COLUMNS = tuple(f"feedback_{name}" for name in _FEEDBACK)
TRANSLATION_COLUMNS = tuple(f"translation_{name}" for name in _TRANSLATION)
NESTED_COLUMNS = (*LABEL_COLUMNS, *FEEDBACK_COLUMNS, *TRANSLATION_COLUMNS)
_REMEMBERED = 1024
"""How many different cells are kept: lists say the same of most records."""
_NO_LABELS, _NO_FEEDBACK = ("",) * len(_LABEL), ("",) * len(_FEEDBACK)
_NO_TRANSLATION = ("",) * len(_TRANSLATION)
_ALL_NO = (*_NO_LABELS, *_NO_FEEDBACK, *_NO_TRANSLATION)
_translated = attrgetter(*_TRANSLATION)


def nested_cells(record: Record) -> Sequence[Any]:
    """Return the cells of NESTED_COLUMNS, of which none is a formula."""
    if not record.labels and not record.feedback and record.translation is None:
        return _ALL_NO
    return (
        *_label_cells(record.labels),
        *_feedback_cells(record.feedback),
        *_translation_cells(record.translation),
    )


@lru_cache(maxsize=_REMEMBERED)
def lost_in_cells(labels: tuple[Label, ...], feedback: tuple[Feedback, ...]) -> Sequence[str]:
    """Return what cells do not tell of labels and feedback: an empty text from none."""
    lost = []
    if labels and not any(_label_cells(labels)):
        lost.append("labels (without any text)")
    if any(said.reasons == ("",) or said.algorithm == "" for said in feedback):
        lost.append("feedback (an empty text)")
    elif feedback and not any(_feedback_cells(feedback)):
        lost.append("feedback (without any text)")
    return lost


def nest(fields: dict[str, Any]) -> None:
    """Replace the cells of NESTED_COLUMNS among the fields of a row by what they stand for.

    Raises ValueError where the columns do not agree on how many labels there are, and for a
    number that is none.
    """
    if not fields.keys().isdisjoint(LABEL_COLUMNS):
        fields["labels"] = _labels(*[fields.pop(name, "") for name in LABEL_COLUMNS])
    if not fields.keys().isdisjoint(FEEDBACK_COLUMNS):
        fields["feedback"] = _feedback(*[fields.pop(name, "") for name in FEEDBACK_COLUMNS])
    if not fields.keys().isdisjoint(TRANSLATION_COLUMNS):
        cells = {name: fields.pop(f"translation_{name}", "") for name in _TRANSLATION}
        fields["translation"] = _translation(cells)


def whole_number(text: str, name: str) -> int:
    """Return the integer of a cell; raises ValueError, which does not repeat it."""
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{name} is not a whole number") from None


def number(text: str, name: str) -> float:
    """Return the number of a cell; raises ValueError, which does not repeat it."""
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} is not a number") from None


@lru_cache(maxsize=_REMEMBERED)
def _label_cells(labels: tuple[Label, ...]) -> Sequence[str]:
    return _joined([_texts(label, _LABEL) for label in labels]) or _NO_LABELS


@lru_cache(maxsize=_REMEMBERED)
def _feedback_cells(feedback: tuple[Feedback, ...]) -> Sequence[str]:
    rows = [
        [
            _quoted(said.source),
            _quoted(said.value),
            ";".join(map(_quoted, said.reasons)),
            _quoted(said.algorithm or ""),
        ]
        for said in feedback
    ]
    return _joined(rows) or _NO_FEEDBACK


def _joined(rows: list[list[str]]) -> list[str]:
    return [escaped("|".join(column)) for column in zip(*rows, strict=True)]


def _translation_cells(translation: Translation | None) -> Sequence[Any]:
    if translation is None:
        return _NO_TRANSLATION
    *cells, ambiguous = _translated(translation)
    texts = [escaped(cell) if isinstance(cell, str) else cell for cell in cells]
    return (*texts, "true" if ambiguous else "false")


@lru_cache(maxsize=_REMEMBERED)
def _labels(*cells: str) -> list[dict[str, Any]]:
    return _rows(cells, _LABEL)


@lru_cache(maxsize=_REMEMBERED)
def _feedback(*cells: str) -> list[dict[str, Any]]:
    return [_said(said) for said in _rows(cells, _FEEDBACK)]


def _texts(part: object, names: tuple[str, ...]) -> list[str]:
    return [_quoted(getattr(part, name)) for name in names]


def _rows(cells: Sequence[str], names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return what the columns say of each of several; an empty column says nothing of any."""
    columns = [cell.split("|") for cell in cells]
    count = max(map(len, columns))
    columns = [column if column != [""] else [""] * count for column in columns]
    if any(len(column) != count for column in columns):
        raise ValueError(f"the columns of {', '.join(names)} have different numbers of texts")
    return [
        {
            name: text if name == "reasons" else _plain(text)
            for name, text in zip(names, row, strict=True)
        }
        for row in zip(*columns, strict=True)
    ]


def _said(said: dict[str, Any]) -> dict[str, Any]:
    reasons = said["reasons"].split(";") if said["reasons"] else []
    return {**said, "reasons": list(map(_plain, reasons)), "algorithm": said["algorithm"] or None}


def _translation(cells: Mapping[str, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {name: cell for name, cell in cells.items() if cell}
    if "distance" in fields:
        fields["distance"] = number(fields["distance"], "translation_distance")
    if "probability" in fields:
        fields["probability"] = number(fields["probability"], "translation_probability")
    if "others" in fields:
        fields["others"] = whole_number(fields["others"], "translation_others")
    if "ambiguous" in fields:
        fields["ambiguous"] = {"true": True, "false": False}.get(fields["ambiguous"].lower(), "")
    return fields


def _quoted(text: str) -> str:
    if "%" in text or "|" in text or ";" in text:
        return text.replace("%", "%25").replace("|", "%7C").replace(";", "%3B")
    return text


def _plain(text: str) -> str:
    if "%" not in text:
        return text
    return text.replace("%3B", ";").replace("%7C", "|").replace("%25", "%")
