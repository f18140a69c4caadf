"""Proprietary formats are carried in every text form they are exchanged in, and told to nobody."""

import base64
from collections.abc import Callable
from subprocess import CompletedProcess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk.errors import HashParseError, NotComputableError
from hashwalk.format import Format
from hashwalk.hashing import hash_file
from hashwalk.registry import can_compute, get_format, registry
from hashwalk_formats import opaque

Run = Callable[..., CompletedProcess[str]]

IDS = (
    "photodna",
    "netclean",
    "videntifier",
    "ssvh-pdna",
    "ssvh-safer-hash",
    "csai-match",
    "neuralhash",
    "saferhash",
)
PHOTODNA = bytes(range(100, 244))


@pytest.mark.parametrize("format_id", IDS)
def test_it_is_carried_and_neither_computed_nor_a_default(format_id: str) -> None:
    offered = get_format(format_id)
    assert not can_compute(offered)
    assert format_id not in registry().default_ids()
    with pytest.raises(NotComputableError, match=f"{format_id} hashes .* a licensee plugs"):
        hash_file(__file__, [format_id])


@given(st.binary(min_size=144, max_size=144))
def test_photodna_is_told_by_its_length(value: bytes) -> None:
    texts = {
        "base64": base64.b64encode(value).decode(),
        "hex": value.hex(),
        "comma": ",".join(str(byte) for byte in value),
    }
    assert (len(texts["base64"]), len(texts["hex"])) == (192, 288)
    for name, text in texts.items():
        assert opaque.PHOTODNA.parse(text).value == value
        assert opaque.PHOTODNA.render(opaque.PHOTODNA.parse(text), name) == text
    assert opaque.PHOTODNA.parse(texts["hex"].upper()).value == value


@pytest.mark.parametrize(
    "text",
    [
        PHOTODNA.hex()[:-2],
        base64.b64encode(PHOTODNA[:-1]).decode(),
        base64.b64encode(PHOTODNA + b"\0").decode(),
        ",".join(map(str, PHOTODNA[1:])),
        ",".join(map(str, PHOTODNA)).replace("100", "256"),
    ],
)
def test_what_has_another_length_is_no_photodna(text: str) -> None:
    with pytest.raises(HashParseError) as caught:
        opaque.PHOTODNA.parse(text)
    assert text[:8] not in str(caught.value)


def test_neuralhash_has_96_bits() -> None:
    value = bytes(range(12))
    assert opaque.NEURALHASH.parse(value.hex()).value == value
    assert opaque.NEURALHASH.parse(base64.b64encode(value).decode()).value == value
    with pytest.raises(HashParseError):
        opaque.NEURALHASH.parse(value.hex() + "00")


@pytest.mark.parametrize("format_id", [i for i in IDS if i not in {"photodna", "neuralhash"}])
@given(value=st.binary(min_size=16, max_size=500))
def test_a_hash_of_unknown_length_keeps_its_bytes(format_id: str, value: bytes) -> None:
    carried: Format = get_format(format_id)
    for name in ("hex", "base64", "comma"):
        assert carried.parse(carried.render(carried.parse(value.hex()), name)).value == value


def test_comparing_prints_no_value(run_hashwalk: Run) -> None:
    """Nor when they differ, nor when one of them is no hash at all."""
    one, two = PHOTODNA.hex(), base64.b64encode(PHOTODNA[::-1]).decode()
    same = run_hashwalk("compare", "photodna", one, base64.b64encode(PHOTODNA).decode())
    other = run_hashwalk("compare", "photodna", one, two)
    wrong = run_hashwalk("compare", "photodna", one, two[:-5])
    assert (same.returncode, other.returncode, wrong.returncode) == (0, 0, 2)
    assert "match" in same.stdout
    assert "no verdict" in other.stdout
    for done in (same, other, wrong):
        printed = done.stdout + done.stderr
        assert not any(value[:8] in printed for value in (one, two, "ZGVm"))
