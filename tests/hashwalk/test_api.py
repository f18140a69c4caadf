"""The public API is this list, typed, and costs nothing until it is used."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import hashwalk

PUBLIC = [
    "Comparison",
    "Crosswalk",
    "Failure",
    "FileHasher",
    "Format",
    "FormatFamily",
    "FormatSpec",
    "Hash",
    "HashedFile",
    "Index",
    "Kind",
    "Label",
    "Limits",
    "Media",
    "Outcome",
    "Part",
    "PathHasher",
    "PictureHasher",
    "QualityFloor",
    "Record",
    "Shape",
    "Summary",
    "Threshold",
    "VideoHasher",
    "__version__",
    "convert_list",
    "errors",
    "formats",
    "get_format",
    "hash_file",
    "read_list",
    "rehash",
    "translate",
    "write_list",
]
HEAVY = [
    "numpy",
    "cv2",
    "av",
    "PIL",
    "pyarrow",
    "duckdb",
    "scipy",
    "pywt",
    "imagehash",
    "faiss",
    "ijson",
    "lxml",
    "typer",
    "rich",
]

TYPED_USE = """
from pathlib import Path
import hashwalk

reveal_type(hashwalk.hash_file)
reveal_type(hashwalk.rehash)
reveal_type(hashwalk.Crosswalk.open)
hashed: hashwalk.HashedFile = hashwalk.hash_file(Path("a.jpg"), ["pdq"])
pdq: hashwalk.Format = hashwalk.get_format("pdq")
comparison: hashwalk.Comparison = pdq.compare(hashed.hashes[0], hashed.hashes[0])
distance: float = comparison.distance
names: list[str] = [spec.summary for spec in (f.spec for f in hashwalk.formats().values())]
release: str = hashwalk.__version__
unreadable: type[hashwalk.errors.MediaError] = hashwalk.errors.UnreadableError
"""


def test_the_public_names_are_exactly_these() -> None:
    assert sorted(hashwalk.__all__) == sorted(PUBLIC)
    assert dir(hashwalk) == sorted(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there_and_stays_the_same(name: str) -> None:
    assert getattr(hashwalk, name) is getattr(hashwalk, name)


def test_the_version_is_that_of_the_distribution() -> None:
    assert hashwalk.__version__ == version("hashwalk")


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'hash_files'"):
        hashwalk.hash_files  # noqa: B018


def test_importing_costs_little_and_loads_nothing_heavy() -> None:
    """Below a quarter of a second, the best of five; the interpreter's own start not counted."""
    program = (
        "import sys, time; start = time.perf_counter(); import hashwalk; "
        "print(time.perf_counter() - start); print(*sys.modules)"
    )
    seconds, loaded = [], set()
    for _ in range(5):
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        )
        took, modules = done.stdout.splitlines()
        seconds.append(float(took))
        loaded |= set(modules.split())
    assert min(seconds) < 0.25
    assert not loaded & set(HEAVY)


def test_type_checkers_see_the_types_of_the_lazy_names(tmp_path: Path) -> None:
    """A user's program checks under ``mypy --strict``, and functions are not ``Any``."""
    program = tmp_path / "program.py"
    program.write_text(TYPED_USE)
    command = [sys.executable, "-m", "mypy", "--strict", "--no-incremental", str(program)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    revealed = [line for line in done.stdout.splitlines() if "Revealed type" in line]
    assert done.returncode == 0, done.stdout
    assert len(revealed) == 3
    assert all('"def (' in line or '"Overload' in line for line in revealed)
