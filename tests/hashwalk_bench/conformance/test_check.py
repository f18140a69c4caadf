"""Which programs compute the same hashes as hashwalk, measured with the programs themselves."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from hashwalk.errors import UsageError
from hashwalk.hashing import hash_file
from hashwalk.registry import get_format
from hashwalk_bench.conformance import implementations
from hashwalk_bench.conformance.check import Conformance, Question, check_conformance
from hashwalk_bench.conformance.implementations import IMPLEMENTATIONS
from hashwalk_bench.errors import PeerError

QUICK = ("ahash", "phash", "phash-256", "dhash", "dhash-256", "dhash-vertical", "whash-haar")


def compare(media: Path, name: str, *formats: str, tolerance: float | None = None) -> Conformance:
    question = Question(against=[name], formats=formats, tolerance=tolerance)
    return check_conformance(question, media, complain=pytest.fail, name_files=True)


def rows(found: Conformance) -> dict[str, tuple[int, int, str]]:
    return {row.call: (row.files, row.equal, str(row.verdict)) for row in found.compared}


def required(module: str) -> None:
    pytest.importorskip(module, reason="the extra `oracles` is not installed")


def take(vectors_folder: Path, folder: Path, *names: str) -> Path:
    """Return `folder` with copies of these reference media in it."""
    for name in names:
        shutil.copy(vectors_folder / name, folder)
    return folder


def test_every_claim_is_of_a_format_whose_drift_can_be_told_in_bits() -> None:
    for each in IMPLEMENTATIONS.values():
        assert len({claim.call for claim in each.claims}) == len(each.claims)
        for claim in each.claims:
            assert get_format(claim.format).spec.bits
            assert bool(claim.tolerance) == bool(claim.reason)


def test_the_program_that_hashes_elsewhere_imports_the_standard_library_alone() -> None:
    command = [sys.executable, "-I", "-S", implementations.__file__, "imagehash"]
    done = subprocess.run(command, input="", capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["libraries"] == {}


def test_imagehash_is_the_same_to_the_bit(pictures: Path) -> None:
    found = compare(pictures, "imagehash", *QUICK)
    assert [row.format for row in found.compared] == list(QUICK)
    assert set(rows(found).values()) == {(5, 5, "the same")}
    assert found.conforms
    assert found.differing == ()


@pytest.mark.oracle
def test_pdqhash_is_the_same_of_the_same_pixels(pictures: Path) -> None:
    required("pdqhash")
    assert rows(compare(pictures, "pdqhash")) == {
        "compute": (5, 5, "the same"),
        "compute_dihedral": (5, 5, "the same"),
        "compute of imread": (5, 5, "the same"),
    }


@pytest.mark.oracle
def test_pdqhash_of_a_picture_that_opencv_turns_is_another(
    vectors_folder: Path, tmp_path: Path
) -> None:
    required("pdqhash")
    media = take(vectors_folder, tmp_path, "images/fractal-exif6.jpg")
    found = compare(media, "pdqhash", "pdq")
    assert rows(found)["compute"] == (1, 1, "the same")
    assert rows(found)["compute of imread"][1] == 0
    assert not found.conforms


@pytest.mark.oracle
def test_threatexchange_is_the_same_but_for_palettes(vectors_folder: Path, tmp_path: Path) -> None:
    required("threatexchange")
    required("pdqhash")
    plain = ("images/fractal-512x321.webp", "images/fractal-grey.png")
    assert compare(take(vectors_folder, tmp_path, *plain), "threatexchange").conforms
    found = compare(take(vectors_folder, tmp_path, "images/chart-palette.png"), "threatexchange")
    assert rows(found)["PdqSignal"][:2] == (3, 2)
    assert [Path(each.path).name for each in found.differing or ()] == ["chart-palette.png"]


@pytest.mark.oracle
def test_what_threatengine_calls_pdq_is_as_far_as_a_stranger(pictures: Path) -> None:
    required("threatengine")
    found = compare(pictures, "threatengine")
    assert rows(found) == {"pdq_hash_file": (5, 0, "not this format: as far as a stranger")}
    assert min(each.drift for each in found.differing or ()) > 90
    assert not found.conforms


@pytest.mark.oracle
def test_blockhash_is_the_same_to_the_bit(pictures: Path) -> None:
    required("blockhash")
    assert rows(compare(pictures, "blockhash")) == {"blockhash, 16": (5, 5, "the same")}


@pytest.mark.oracle
def test_videohash_is_within_its_tolerance_and_gets_videos_alone(
    vectors_folder: Path, tmp_path: Path
) -> None:
    required("videohash")
    media = take(vectors_folder, tmp_path, "clips/halfsecond-h264-30fps.mp4", "images/flat.png")
    found = compare(media, "videohash")
    assert found.conforms
    assert (found.files, found.compared[0].files) == (2, 1)


def test_opencv_is_the_same_also_of_a_picture_that_is_to_be_turned(
    vectors_folder: Path, tmp_path: Path
) -> None:
    media = take(vectors_folder, tmp_path, "images/fractal-exif6.jpg", "images/tiny-42x34.png")
    found = compare(media, "opencv")
    assert set(rows(found).values()) == {(2, 2, "the same")}


@pytest.mark.oracle
def test_a_tolerance_stands_for_the_declared_one(vectors_folder: Path, tmp_path: Path) -> None:
    required("threatexchange")
    media = take(vectors_folder, tmp_path, "images/chart-palette.png", "images/fractal-grey.png")
    assert not compare(media, "threatexchange").conforms
    found = compare(media, "threatexchange", tolerance=256)
    assert rows(found)["PdqSignal"] == (2, 1, "within tolerance")
    assert found.compared[0].tolerance_reason == "as asked for"


@pytest.mark.oracle
def test_no_hash_leaves_with_the_outcome(vectors_folder: Path, tmp_path: Path) -> None:
    required("threatengine")
    media = take(vectors_folder, tmp_path, "images/fractal-512x321.webp")
    written = msgspec.json.encode(compare(media, "threatengine")).decode()
    assert hash_file(next(media.iterdir()), ("pdq",)).hashes[0].value.hex() not in written
    assert "fractal-512x321.webp" in written


def test_nothing_to_compare_is_no_conformance(tmp_path: Path) -> None:
    found = compare(tmp_path, "imagehash", "phash")
    assert rows(found) == {"phash": (0, 0, "nothing to compare")}
    assert not found.conforms


def test_a_file_that_only_one_of_both_can_hash_is_counted_apart(tmp_path: Path) -> None:
    """A cut picture is a failure for both: neither has a hash."""
    (tmp_path / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    row = compare(tmp_path, "imagehash", "phash").compared[0]
    assert (row.files, row.only_ours, row.only_theirs, row.neither) == (0, 0, 0, 1)


@pytest.mark.parametrize(
    ("name", "formats", "message"),
    [
        ("imaghash", (), "did you mean imagehash"),
        ("imagehash", ("pdq",), "no pdq is computed by imagehash"),
    ],
)
def test_what_is_not_known_is_a_usage_error(
    tmp_path: Path, name: str, formats: tuple[str, ...], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        compare(tmp_path, name, *formats)


def test_every_implementation_that_is_named_has_something_to_compare(tmp_path: Path) -> None:
    both = Question(against=("imagehash", "pdqhash"), formats=("pdq",))
    message = "imagehash computes none of these formats; it has ahash, phash"
    with pytest.raises(UsageError, match=message):
        check_conformance(both, tmp_path, complain=print)


def test_a_folder_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a folder"):
        compare(tmp_path / "none", "imagehash", "phash")


def test_a_program_that_is_not_installed_is_named_with_what_to_install(tmp_path: Path) -> None:
    if importlib.util.find_spec("perception"):
        pytest.skip("perception is installed")
    expected = r"needs the module perception: `.* -m pip install 'perception\[pdq\]'`"
    with pytest.raises(PeerError, match=expected):
        compare(tmp_path, "perception")
