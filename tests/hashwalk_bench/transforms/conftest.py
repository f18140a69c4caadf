"""What the tests of transforms share: sources, and a way to make a variant by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from hashwalk_bench.scenes import scene
from hashwalk_bench.transforms import Call, Medium, Subject, Value, apply, open_subject

SIZE = (80, 60)

Make = Callable[..., Path]


@pytest.fixture(scope="session")
def source_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drawn scene of 80 x 60 pixels as PNG; not to be changed."""
    path = tmp_path_factory.mktemp("sources") / "scene.png"
    scene(7, *SIZE).save(path)
    return path


@pytest.fixture(scope="session")
def subject(source_path: Path) -> Subject:
    """The drawn scene, opened."""
    return open_subject(source_path, Medium.PICTURE)


@pytest.fixture
def make(subject: Subject, tmp_path: Path) -> Make:
    """Make a variant of the drawn scene: ``make("crop", share=0.1)`` returns its path."""

    def made(name: str, *, seed: int = 1, **parameters: Value) -> Path:
        call = Call(Medium.PICTURE, name, tuple(parameters.items()))
        return apply(call, subject, tmp_path, seed).path

    return made


@pytest.fixture
def edited(make: Make) -> Callable[..., Image.Image]:
    """Make a variant of the drawn scene and return its pixels as RGB."""

    def opened(name: str, **parameters: Value) -> Image.Image:
        with Image.open(make(name, **parameters)) as file:
            return file.convert("RGB")

    return opened
