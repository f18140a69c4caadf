"""Formats are found by id, loaded when asked for, and a broken package costs only its own."""

import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, distributions
from pathlib import Path

import pytest

from hashwalk.errors import (
    BrokenFormatError,
    DuplicateFormatError,
    UnknownFormatError,
)
from hashwalk.format import Format
from hashwalk.registry import GROUP, Registry, can_compute, formats, get_format

Install = Callable[..., Registry]

TOY = """
from hashwalk.encodings import Hex
from hashwalk.format import Format, FormatFamily, FormatSpec, Kind

def spec(id):
    return FormatSpec(id=id, summary="a toy", kind=Kind.FILE, bits=8, threshold=None,
                      licence="CC0-1.0", encodings=(Hex(8),), source="tests")

class Toy(Format):
    def __init__(self, id="toy"):
        self.spec = spec(id)

class Callable(Toy):
    def __call__(self):
        raise RuntimeError("a format is not a factory")

class Family(FormatFamily):
    prefix, pattern, summary = "family", "family:<format>", "toys"
    examples = ("family:toy", "family:boom")

    def make(self, rest, formats):
        if rest == "boom":
            raise ZeroDivisionError("boom\\nin two lines")
        if rest == "misnamed":
            return Toy("family:other")
        if rest == "nothing":
            return None
        return Toy(f"family:{formats[rest].spec.id}")

TOY, CALLABLE, FAMILY, NUMBER = Toy(), Callable(), Family(), 7

def make_toy():
    return Toy()

def fail():
    raise OSError("no licence file")
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return a function that installs packages, by name, with the entry points given."""
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "toys.py").write_text(TOY)
    (tmp_path / "unimportable.py").write_text("import a_package_that_is_not_installed")
    (tmp_path / "leaving.py").write_text("raise SystemExit(3)")

    def install(**packages: dict[str, str]) -> Registry:
        for name, points in packages.items():
            info = tmp_path / f"{name}-1.0.dist-info"
            info.mkdir()
            (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            lines = (f"{key} = {value}\n" for key, value in points.items())
            (info / "entry_points.txt").write_text(f"[{GROUP}]\n{''.join(lines)}")
        found = distributions(path=[str(tmp_path)])
        return Registry(p for d in found for p in d.entry_points if p.group == GROUP)

    yield install
    sys.modules.pop("toys", None)


@pytest.mark.parametrize("target", ["TOY", "Toy", "make_toy"])
def test_an_entry_point_may_name_a_format_its_class_or_a_function(
    install: Install, target: str
) -> None:
    registry = install(one={"toy": f"toys:{target}"})
    assert registry["toy"].spec.id == "toy"
    assert registry["toy"] is registry["toy"]


def test_a_format_that_can_be_called_is_not_called(install: Install) -> None:
    registry = install(one={"toy": "toys:CALLABLE"})
    assert isinstance(registry["toy"], Format)


def test_nothing_is_loaded_before_it_is_asked_for(install: Install) -> None:
    registry = install(one={"toy": "toys:TOY", "other": "unimportable:X"})
    assert "toys" not in sys.modules
    assert registry["toy"]
    assert "toys" in sys.modules


@pytest.mark.parametrize(
    ("wanted", "suggestion"),
    [
        ("toj", "did you mean toy?"),
        ("TOY", "did you mean toy?"),
        ("famly:toy", "did you mean family:toy?"),
        ("family:toj", "did you mean toy?"),
        ("zzzzzzzz", "`hashwalk formats` lists"),
        ("", "`hashwalk formats` lists"),
    ],
)
def test_an_unknown_id_gets_a_suggestion(install: Install, wanted: str, suggestion: str) -> None:
    registry = install(one={"toy": "toys:TOY", "family": "toys:FAMILY"})
    with pytest.raises(UnknownFormatError) as caught:
        registry[wanted]
    assert suggestion in str(caught.value)


def test_an_id_claimed_by_two_packages_is_an_error_that_names_both(install: Install) -> None:
    registry = install(one={"toy": "toys:TOY"}, two={"toy": "toys:Toy"})
    with pytest.raises(DuplicateFormatError, match="'toy' is claimed by one and by two"):
        registry["toy"]
    assert list(registry) == []


def test_a_family_claimed_by_two_packages_is_an_error_that_names_both(install: Install) -> None:
    registry = install(one={"family": "toys:FAMILY"}, two={"family": "toys:Family"})
    with pytest.raises(DuplicateFormatError, match="'family' is claimed by one and by two"):
        registry["family:toy"]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("unimportable:TOY", "ModuleNotFoundError: No module named 'a_package"),
        ("leaving:TOY", "SystemExit: 3"),
        ("toys:ABSENT", "AttributeError"),
        ("toys:fail", "OSError: no licence file"),
        ("toys:NUMBER", "gives a int where a Format is due"),
        ("toys:TOY", "calls itself 'toy'"),
        ("toys:FAMILY", "calls itself 'family'"),
    ],
)
def test_a_broken_plug_in_breaks_only_itself_and_names_package_and_reason(
    install: Install, target: str, reason: str
) -> None:
    registry = install(good={"toy": "toys:TOY"}, bad={"broken": target})
    with pytest.raises(BrokenFormatError) as caught:
        registry["broken"]
    assert "'broken' of bad" in str(caught.value)
    assert reason in str(caught.value)
    assert list(registry) == ["toy"]
    assert {k: type(v) for k, v in registry.problems().items()} == {"broken": BrokenFormatError}


@pytest.mark.parametrize("format_id", ["+1", "-1", "@sum", "Toy", "toy,two"])
def test_an_id_that_is_no_plain_words_is_broken(
    install: Install, format_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ids are columns of tables, which spreadsheets open, and words on a command line."""
    toys = importlib.import_module("toys")
    monkeypatch.setattr(toys, "TOY", toys.Toy(format_id))
    registry = install(pkg={format_id: "toys:TOY"})
    with pytest.raises(BrokenFormatError, match="its id is not lower-case words joined by"):
        registry[format_id]


def test_a_family_makes_the_format_once(install: Install) -> None:
    registry = install(one={"toy": "toys:TOY", "family": "toys:FAMILY"})
    assert registry["family:toy"].spec.id == "family:toy"
    assert registry["family:toy"] is registry["family:toy"]
    assert [family.prefix for family in registry.families()] == ["family"]


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ("boom", "ZeroDivisionError: boom in two lines"),
        ("misnamed", "calls itself 'family:other'"),
        ("nothing", "gives a NoneType where a Format is due"),
    ],
)
def test_a_family_that_fails_is_named_with_its_package(
    install: Install, rest: str, reason: str
) -> None:
    registry = install(one={"family": "toys:FAMILY"})
    with pytest.raises(BrokenFormatError) as caught:
        registry[f"family:{rest}"]
    assert f"'family:{rest}' of one" in str(caught.value)
    assert reason in str(caught.value)


def test_a_familys_broken_example_is_a_problem_and_no_default(install: Install) -> None:
    registry = install(one={"toy": "toys:TOY", "family": "toys:FAMILY"})
    assert registry.default_ids() == ("family:toy",)
    assert list(registry.problems()) == ["family:boom"]


def test_a_family_and_a_format_are_told_apart(install: Install) -> None:
    registry = install(one={"toy": "toys:TOY", "family": "toys:FAMILY"})
    with pytest.raises(UnknownFormatError, match="write family:<format>"):
        registry["family"]
    with pytest.raises(UnknownFormatError, match="'toy' is no family"):
        registry["toy:1"]
    assert list(registry) == ["toy"]
    assert len(registry) == 1


def test_the_registry_behaves_as_a_mapping(install: Install) -> None:
    points = {"toy": "toys:TOY", "family": "toys:FAMILY", "broken": "toys:ABSENT"}
    registry = install(one=points)
    assert "toy" in registry
    assert "family:toy" in registry
    assert "family" not in registry
    assert "broken" not in registry
    assert "absent" not in registry
    assert 7 not in registry
    assert registry.get("absent") is None
    with pytest.raises(BrokenFormatError):
        registry.get("broken")


def test_a_format_without_a_capability_cannot_be_computed(install: Install) -> None:
    registry = install(one={"toy": "toys:TOY"})
    assert not can_compute(registry["toy"])
    assert registry.default_ids() == ()


def test_the_same_entry_point_found_twice_is_no_quarrel(install: Install) -> None:
    install(one={"toy": "toys:TOY"})
    point = EntryPoint("toy", "toys:TOY", GROUP)
    assert Registry([point, point])["toy"].spec.id == "toy"


def test_two_entry_points_of_one_package_for_one_id_are_an_error(install: Install) -> None:
    points = [EntryPoint("toy", f"toys:{target}", GROUP) for target in ("TOY", "Toy")]
    with pytest.raises(DuplicateFormatError, match="toys:TOY and by toys:Toy"):
        Registry(points)["toy"]


def test_the_installed_formats_are_reached_by_id() -> None:
    assert get_format("sha256") is formats()["sha256"]
    with pytest.raises(UnknownFormatError, match="did you mean sha256"):
        get_format("sha-256")


def test_asking_for_one_format_imports_no_other() -> None:
    """Digests need neither decoder nor numpy."""
    program = """
import sys
from hashwalk.registry import get_format
assert not [m for m in sys.modules if m.startswith("hashwalk_formats")]
get_format("sha256")
loaded = {m for m in sys.modules if m.startswith("hashwalk_formats.")}
heavy = {"numpy", "cv2", "PIL", "av", "scipy", "imagehash"} & set(sys.modules)
print(loaded, heavy)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "{'hashwalk_formats.digests'} set()"
