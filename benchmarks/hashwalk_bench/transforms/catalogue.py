"""All transforms by medium and name: a module of transforms is registered here, in one line."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np

from hashwalk.suggestion import did_you_mean
from hashwalk_bench.errors import SuiteError, TransformError
from hashwalk_bench.transforms.contract import Call, Made, Medium
from hashwalk_bench.transforms.declaration import Task, Transform
from hashwalk_bench.transforms.pictures import PICTURES
from hashwalk_bench.transforms.subject import Subject
from hashwalk_bench.transforms.videos import VIDEOS

TRANSFORMS: tuple[Transform, ...] = (*PICTURES, *VIDEOS)
"""Every transform, in the order of the modules."""

CATALOGUE: dict[tuple[Medium, str], Transform] = {(t.medium, t.name): t for t in TRANSFORMS}


def apply(call: Call, subject: Subject, folder: Path, seed: int) -> Made:
    """Write the variant of a source into `folder`, in a file named after the call.

    What is drawn by chance follows from the seed, the source's SHA-256 and the call's id, so that
    the bytes are the same every time. Raises SuiteError for a call that ``check`` refuses, and
    TransformError where the transform cannot be made of this source.
    """
    transform = _find(call)
    if call.medium != subject.medium:
        raise TransformError(f"{call.name} is a transform of a {call.medium}")
    random = np.random.default_rng(_entropy(call, subject, seed))
    stem = folder / re.sub(r"[^0-9A-Za-z.=-]+", "_", call.id).strip("_")
    return transform.make(Task(subject, stem, transform.read(call.parameters), random))


def check(call: Call) -> None:
    """Raise SuiteError, in one line, for an unknown transform or parameter, or a wrong value."""
    _find(call).read(call.parameters)


def describe(call: Call) -> str:
    """Return the call in words for people: ``JPEG, quality 30``. Raises SuiteError."""
    return _find(call).describe(call.parameters)


def family(call: Call) -> str:
    """Return the family that the call names, or else its transform's. Raises SuiteError."""
    return call.family or _find(call).family


def _find(call: Call) -> Transform:
    found = CATALOGUE.get((call.medium, call.name))
    if found is None:
        names = [name for medium, name in CATALOGUE if medium == call.medium]
        raise SuiteError(
            f"there is no {call.medium} transform {call.name}{did_you_mean(call.name, names)}"
        )
    return found


def _entropy(call: Call, subject: Subject, seed: int) -> int:
    text = f"{seed} {subject.media.sha256} {call.id}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest())
