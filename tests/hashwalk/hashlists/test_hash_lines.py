"""Lists of bare hashes are read once their algorithm is sure, and written of a single one."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk.errors import AmbiguousAlgorithmError, HashListError
from hashwalk.hashlists import Record, Reject, Status, read_list, write_list
from hashwalk.hashlists.container import Head, Told
from hashwalk.hashlists.hash_lines import Base64Lines, HashLines, HexLines
from hashwalk.hashlists.loss import Loss

PHASHES = "d879f8f89b1bbf00\nffd7918181c9ffff\n"


def read(
    container: HashLines, text: str | bytes, algorithm: str | None = None
) -> list[Record | Reject]:
    data = text.encode() if isinstance(text, str) else text
    return list(container.read(io.BytesIO(data), Told(name="a list", algorithm=algorithm)))


def values(found: list[Record | Reject]) -> list[str | None]:
    return [each.value if isinstance(each, Record) else each.where for each in found]


def written(container: HashLines, records: list[Record]) -> tuple[str, Loss]:
    file, loss = io.BytesIO(), Loss()
    container.write(file, loss.carried_by(container, records), loss)
    return file.getvalue().decode(), loss


def test_hashes_of_imagehash_need_their_algorithm_said(tmp_path: Path) -> None:
    path = tmp_path / "hashes.txt"
    path.write_text(PHASHES)
    with pytest.raises(AmbiguousAlgorithmError) as raised:
        list(read_list(path))
    assert {"ahash", "phash", "dhash"} <= set(raised.value.candidates)
    assert "d879" not in str(raised.value)
    found = list(read_list(path, algorithm="phash"))
    assert [(each.algorithm, each.encoding) for each in found] == [("phash", "hex")] * 2
    assert [each.value for each in found] == PHASHES.split()


def test_64_digits_are_never_told_by_their_length() -> None:
    with pytest.raises(AmbiguousAlgorithmError) as raised:
        read(HexLines(), "00" * 32 + "\n")
    assert {"sha256", "pdq", "phash-256"} <= set(raised.value.candidates)


def test_only_crop_resistant_hashes_are_joined_by_commas() -> None:
    text = f"{PHASHES.splitlines()[0]}\n{','.join(PHASHES.split())}\n"
    assert values(read(HexLines(), text)) == text.split()
    assert {each.algorithm for each in read(HexLines(), text) if isinstance(each, Record)} == {
        "crop-resistant"
    }


def test_hashes_of_perception_are_base64() -> None:
    value = base64.b64encode(bytes(range(8))).decode()
    (found,) = read(Base64Lines(), value, "perception:phash")
    assert isinstance(found, Record)
    assert (found.algorithm, found.encoding, found.value) == ("perception:phash", "base64", value)


def test_malformed_lines_fall_out_and_do_not_disturb_the_others() -> None:
    digests = ["0" * 40, "1" * 40, "2" * 40]
    lines = [*digests[:2], "no hash at all", "ab" * 16, digests[2], "f" * 41]
    text = "\ufeff" + "\r\n".join(lines)
    with pytest.raises(AmbiguousAlgorithmError) as raised:
        read(HexLines(), text)
    assert "sha1" in raised.value.candidates
    found = read(HexLines(), text, "sha1")
    assert values(found) == [*digests[:2], "line 3", "line 4", digests[2], "line 6"]
    rejects = [each for each in found if isinstance(each, Reject)]
    assert [each.start for each in rejects] == ["no hash at all", "ab" * 16, "f" * 41]
    assert not any("abab" in each.reason for each in rejects)


def test_a_line_without_end_is_one_reject() -> None:
    text = "0" * 40 + "\n" + "f" * (5 << 20) + "\n" + "1" * 40
    assert values(read(HexLines(), text, "sha1")) == ["0" * 40, "line 2", "1" * 40]


def test_a_list_of_other_hashes_than_was_said_is_refused() -> None:
    with pytest.raises(HashListError, match="no line is a hash of md5 in hex"):
        read(HexLines(), PHASHES, "md5")


def test_an_algorithm_that_is_not_known_here_is_carried() -> None:
    assert values(read(HexLines(), "abcdef012345\nxyz\n", "someone's")) == [
        "abcdef012345",
        "line 2",
    ]


@pytest.mark.parametrize(
    ("text", "container"),
    [
        (PHASHES, HexLines),
        (",".join(PHASHES.split()), HexLines),
        (PHASHES.replace("\n", "\r\n"), HexLines),
        ("ab" * 40_000 + "\n", HexLines),
        ("AAECAwQFBgc=\n" * 9_999, Base64Lines),
        ("A/" * 40_000, Base64Lines),
        (PHASHES + "no hash\n", HexLines),
        (PHASHES + "no hash\n" * 2, None),
        ("00" * 32 + "\n" + "00" * 16, None),
        ("photodna " + "00" * 16, None),
        ("md5,sha1\n" + "0" * 32 + "," + "0" * 40, None),
        ("{}", None),
        ("TMK1FVECPDQF\0\0", None),
    ],
)
def test_a_list_is_told_by_its_lines(text: str, container: type[HashLines] | None) -> None:
    head = Head("list.txt", text.encode()[:65_536])
    says_yes = [each for each in (HexLines, Base64Lines) if each().recognises(head)]
    assert says_yes == [container] * (container is not None)


def test_a_list_is_written_of_one_algorithm_alone() -> None:
    """The first that can be written; withdrawn hashes would be read as live and are left out."""
    pdq = "00" * 32
    text, loss = written(
        HexLines(),
        [
            Record(algorithm="tmk-pdqf", value="AAAA"),
            Record(algorithm="pdq", value=pdq.upper(), labels=()),
            Record(algorithm="pdq", value=base64.b64encode(bytes(32)).decode(), encoding="base64"),
            Record(algorithm="md5", value="0" * 32),
            Record(algorithm="pdq", value="11" * 32, status=Status.DELETED),
        ],
    )
    assert text == f"{pdq}\n{pdq}\n"
    assert loss.written == 2
    assert sum(loss.left_out.values()) == 3
    assert not any(pdq in reason for reason in loss.left_out)


def test_frame_lists_are_no_line() -> None:
    frame = f"0,100,{'00' * 32},0.000"
    text, loss = written(HexLines(), [Record(algorithm="vpdq", value=frame)])
    assert (text, loss.written) == ("", 0)


@given(st.lists(st.binary(min_size=8, max_size=8), min_size=1))
def test_what_is_written_is_read_again(hashes: list[bytes]) -> None:
    records = [Record(algorithm="phash", value=each.hex()) for each in hashes]
    for container in (HexLines(), Base64Lines()):
        text, loss = written(container, records)
        again = written(
            HexLines(), [r for r in read(container, text, "phash") if type(r) is Record]
        )
        assert again[0].split() == [each.hex() for each in hashes]
        assert loss.fields == {"algorithm": len(hashes)}


def test_an_empty_list_is_written_and_read(tmp_path: Path) -> None:
    write_list([], tmp_path / "out", "hex-lines")
    assert list(read_list(tmp_path / "out", container="hex-lines")) == []
