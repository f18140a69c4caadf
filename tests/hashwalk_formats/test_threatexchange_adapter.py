"""Every signal type of python-threatexchange that hashes files is a format, with its verdicts."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hashwalk.errors import HashParseError, UnknownFormatError
from hashwalk.format import Kind
from hashwalk.hashing import hash_file
from hashwalk.registry import can_compute, get_format, registry
from hashwalk.testing import Example, conformance_checks

NAMES = ("pdq", "video_md5", "video_sha256")


@pytest.fixture(scope="module")
def signals() -> dict[str, Any]:
    """The package's own classes, by the name they give themselves."""
    reason = "python-threatexchange is not installed"
    md5 = pytest.importorskip("threatexchange.signal_type.md5", reason=reason)
    pdq = pytest.importorskip("threatexchange.signal_type.pdq.signal", reason=reason)
    sha256 = pytest.importorskip("threatexchange.signal_type.sha256", reason=reason)
    found = (md5.VideoMD5Signal, pdq.PdqSignal, sha256.VideoSHA256Signal)
    return {signal.get_name(): signal for signal in found}


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("pdq", "images/fractal-1600x1004.jpg"),
        ("pdq", "images/chart-640x480.png"),
        ("video_md5", "clips/halfsecond-h264-30fps.mp4"),
        ("video_sha256", "clips/halfsecond-h264-30fps.mp4"),
    ],
)
def test_the_value_is_the_text_of_the_signal(
    signals: dict[str, Any], vectors_folder: Path, name: str, file: str
) -> None:
    (found,) = hash_file(vectors_folder / file, [f"threatexchange:{name}"]).hashes
    text = signals[name].hash_from_file(vectors_folder / file)
    assert get_format(found.format).render(found) == text
    assert get_format(found.format).parse(text) == found


@pytest.mark.oracle
def test_a_signal_type_hashes_its_own_kind_of_media(
    signals: dict[str, Any], vectors_folder: Path
) -> None:
    assert signals
    assert get_format("threatexchange:pdq").spec.kind is Kind.PICTURE
    assert get_format("threatexchange:video_md5").spec.kind is Kind.VIDEO
    clip = vectors_folder / "clips" / "halfsecond-h264-30fps.mp4"
    result = hash_file(clip, ["threatexchange:pdq", "threatexchange:video_md5"])
    assert [h.format for h in result.hashes] == ["threatexchange:video_md5"]
    assert result.failures == ()


@pytest.mark.oracle
def test_no_signal_is_a_failure_of_the_format_alone(
    signals: dict[str, Any], vectors_folder: Path
) -> None:
    """python-threatexchange gives no PDQ of a picture of low quality."""
    flat = vectors_folder / "images" / "flat.png"
    assert signals["pdq"].hash_from_file(flat) == ""
    result = hash_file(flat, ["threatexchange:pdq", "pdq"])
    assert [h.format for h in result.hashes] == ["pdq"]
    assert [(f.format, f.code) for f in result.failures] == [("threatexchange:pdq", "unsupported")]


@pytest.mark.oracle
def test_distance_and_verdict_are_the_signal_types_own(signals: dict[str, Any]) -> None:
    made = get_format("threatexchange:pdq")
    examples = signals["pdq"].get_examples()[:12]
    for one in examples:
        for two in examples:
            ours = made.compare(made.parse(one), made.parse(two))
            theirs = signals["pdq"].compare_hash(one, two)
            assert (ours.distance, ours.match) == (theirs.distance.distance, theirs.match)


@pytest.mark.oracle
def test_a_signal_type_without_a_distance_tells_equal_from_different(
    signals: dict[str, Any],
) -> None:
    made = get_format("threatexchange:video_md5")
    one, two = map(made.parse, signals["video_md5"].get_examples()[:2])
    assert made.compare(one, one).match is True
    assert made.compare(one, two).match is False
    assert (made.distance(one, one), made.distance(one, two)) == (0, 1)


@pytest.mark.oracle
@pytest.mark.parametrize("name", NAMES)
def test_the_format_conforms(signals: dict[str, Any], name: str) -> None:
    examples = [
        Example(text, "the package threatexchange") for text in signals[name].get_examples()[:3]
    ]
    for check in conformance_checks(f"threatexchange:{name}", examples=examples):
        check()


@pytest.mark.oracle
def test_what_the_signal_type_refuses_is_not_repeated(signals: dict[str, Any]) -> None:
    """Its own message would."""
    assert signals
    text = "0123456789abcdef0123456789abcdeg"
    with pytest.raises(HashParseError) as caught:
        get_format("threatexchange:video_md5").parse(text)
    assert text not in str(caught.value)


@pytest.mark.oracle
@pytest.mark.parametrize("name", ["raw_text", "tlsh", "no such", ""])
def test_what_hashes_no_files_is_refused_with_a_list(signals: dict[str, Any], name: str) -> None:
    assert signals
    with pytest.raises(UnknownFormatError, match=r"it has .*pdq, .*video_md5"):
        get_format(f"threatexchange:{name}")


@pytest.mark.oracle
@pytest.mark.parametrize(("name", "meant"), [("PDQ", "pdq"), ("video-md5", "video_md5")])
def test_a_name_that_is_nearly_right_is_suggested(
    signals: dict[str, Any], name: str, meant: str
) -> None:
    assert signals
    with pytest.raises(UnknownFormatError, match=f"did you mean threatexchange:{meant}"):
        get_format(f"threatexchange:{name}")


def test_without_the_package_it_is_said_what_to_install() -> None:
    program = (
        "import sys; sys.modules['threatexchange'] = None\n"
        "from hashwalk import get_format, errors\n"
        "try: get_format('threatexchange:pdq')\n"
        "except errors.UnknownFormatError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert "`pip install threatexchange`" in done.stdout
    assert done.stdout.count("\n") == 1


def test_the_family_is_listed_whether_or_not_the_package_is_there() -> None:
    assert "threatexchange" in {family.prefix for family in registry().families()}
    assert not any(can_compute(f) and ":" in i for i, f in registry().items())
