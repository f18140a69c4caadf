"""The edits that a benchmark makes of pictures and videos, each by name and parameters."""

from hashwalk_bench.transforms.catalogue import TRANSFORMS, apply, check, describe, family
from hashwalk_bench.transforms.contract import Call, Made, Medium, Span, Value
from hashwalk_bench.transforms.subject import Subject, open_subject

__all__ = [
    "TRANSFORMS",
    "Call",
    "Made",
    "Medium",
    "Span",
    "Subject",
    "Value",
    "apply",
    "check",
    "describe",
    "family",
    "open_subject",
]
