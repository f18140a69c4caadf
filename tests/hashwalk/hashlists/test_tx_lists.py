"""What python-threatexchange keeps and prints: local files, data sets, and its state."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashwalk import get_format
from hashwalk.errors import AmbiguousAlgorithmError, HashListError
from hashwalk.hashlists import (
    Feedback,
    Loss,
    MediaType,
    Record,
    Reject,
    Status,
    read_list,
    write_list,
)
from hashwalk.results import Label

PDQ = hashlib.sha256(b"a landscape").hexdigest()
OTHER_PDQ = hashlib.sha256(b"another landscape").hexdigest()
MD5 = PDQ[:32]
PICTURE, VIDEO = MediaType.PICTURE, MediaType.VIDEO


def read(path: Path, text: str, algorithm: str | None = None) -> tuple[list[Record], list[Reject]]:
    path.write_text(text)
    rejects: list[Reject] = []
    return list(read_list(path, algorithm=algorithm, on_reject=rejects.append)), rejects


def test_a_local_file_says_the_type_of_each_signal(tmp_path: Path) -> None:
    text = f"pdq {PDQ}\r\nvideo_md5 {MD5}\n\nurl https://example.org/ b\nphash  {PDQ[:16]}\nnew x\n"
    found, rejects = read(tmp_path / "signals.txt", text)
    assert not rejects
    assert [(each.algorithm, each.media_type, each.value) for each in found] == [
        ("pdq", PICTURE, PDQ),
        ("md5", VIDEO, MD5),
        ("url", MediaType.OTHER, "https://example.org/ b"),
        ("phash", None, PDQ[:16]),
        ("new", None, "x"),
    ]


def test_lines_without_a_type_are_never_told_by_their_length(tmp_path: Path) -> None:
    path = tmp_path / "signals.txt"
    path.write_text(f"{PDQ}\n{OTHER_PDQ}\n")
    with pytest.raises(AmbiguousAlgorithmError, match="--algorithm") as caught:
        list(read_list(path, container="tx-file"))
    assert {"pdq", "sha256", "phash-256"} <= set(caught.value.candidates)
    found = read_list(path, container="tx-file", algorithm="pdq")
    assert [(each.algorithm, each.value) for each in found] == [("pdq", PDQ), ("pdq", OTHER_PDQ)]


def test_a_malformed_line_is_rejected_by_its_number(tmp_path: Path) -> None:
    text = f"pdq {PDQ}\npdq {PDQ[:-1]}\npdq {'a' * 10_000_000}\npdq {OTHER_PDQ}\n"
    found, rejects = read(tmp_path / "signals.txt", text)
    assert len(found) == 2
    assert [each.where for each in rejects] == ["line 2", "line 3"]
    assert all(PDQ[:-1] not in each.reason for each in rejects)


def test_a_local_file_can_only_say_what_is_live(tmp_path: Path) -> None:
    path = tmp_path / "signals.txt"
    records = [Record(algorithm="pdq", value=PDQ, status=status) for status in Status]
    records.append(Record(algorithm="md5", media_type=VIDEO, value=MD5.upper()))
    records.append(Record(algorithm="of_tomorrow", value="a\x0bb"))
    loss = write_list(records, path, "tx-file")
    assert path.read_text() == f"pdq {PDQ}\nvideo_md5 {MD5}\n"
    assert (loss.written, sum(loss.left_out.values())) == (2, 3)


SIGNALS = st.builds(
    Record,
    algorithm=st.just("pdq"),
    media_type=st.just(PICTURE),
    value=st.binary(min_size=32, max_size=32).map(bytes.hex),
) | st.builds(
    Record,
    algorithm=st.just("md5"),
    media_type=st.just(VIDEO),
    value=st.binary(min_size=16, max_size=16).map(bytes.hex),
)


@given(st.lists(SIGNALS, min_size=1, max_size=5))
def test_a_local_file_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, records: list[Record]
) -> None:
    path = tmp_path_factory.mktemp("tx") / "signals.txt"
    assert write_list(records, path, "tx-file") == Loss(written=len(records))
    assert [(each.algorithm, each.media_type, each.value) for each in read_list(path)] == [
        (each.algorithm, each.media_type, each.value) for each in records
    ]


def test_a_frame_list_is_written_on_one_line_as_python_threatexchange_has_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "signals.txt"
    frames = f"0,100,{PDQ},0.000\n1,90,{OTHER_PDQ},1.000\n"
    write_list([Record(algorithm="vpdq", value=frames)], path, "tx-file")
    (found,) = read_list(path)
    vpdq = get_format("vpdq")
    assert [part.value for part in vpdq.parse(found.value or "").parts] == [
        part.value for part in vpdq.parse(frames).parts
    ]


@pytest.mark.oracle
def test_tx_reads_the_local_file_that_is_written(tmp_path: Path) -> None:
    api = pytest.importorskip("threatexchange.exchanges.impl.file_api")
    path = tmp_path / "signals.txt"
    records = [
        Record(algorithm="pdq", value=PDQ.upper()),
        Record(algorithm="md5", media_type=VIDEO, value=MD5),
        Record(algorithm="pdq", value=OTHER_PDQ, status=Status.WITHDRAWN),
    ]
    write_list(records, path, "tx-file")
    config = api.FileCollaborationConfig(filename=str(path), name="a list", api="local_file")
    (delta,) = api.LocalFileSignalExchangeAPI.for_collab(config).fetch_iter([], None)
    assert list(delta.updates) == [("pdq", PDQ), ("video_md5", MD5)]


HEADER = "signal_type,signal_str,collab,category,tags"


def test_a_data_set_is_read_with_the_opinion_of_each_collaboration(tmp_path: Path) -> None:
    rows = f'pdq,{PDQ},"One, or two",POSITIVE_CLASS,a b\r\nvideo_md5,{MD5},C,NEGATIVE_CLASS,\r\n'
    text = f"{HEADER}\r\n{rows}"
    (first, second), rejects = read(tmp_path / "dataset.csv", text)
    assert not rejects
    assert first == Record(
        algorithm="pdq",
        media_type=PICTURE,
        value=PDQ,
        source="threatexchange",
        labels=tuple(Label("threatexchange", "", "", tag) for tag in "ab"),
        feedback=(Feedback("One, or two", "POSITIVE_CLASS", ("a", "b")),),
        raw={
            "signal_type": "pdq",
            "signal_str": PDQ,
            "collab": "One, or two",
            "category": "POSITIVE_CLASS",
            "tags": "a b",
        },
    )
    assert (second.algorithm, second.feedback) == ("md5", (Feedback("C", "NEGATIVE_CLASS"),))


@pytest.mark.parametrize("row", ["pdq,abc,C,POSITIVE_CLASS,", f"pdq,{PDQ}", f",{PDQ},C,X,", '"'])
def test_a_malformed_row_of_a_data_set_costs_no_other(tmp_path: Path, row: str) -> None:
    text = f"\ufeff{HEADER}\n{row}\npdq,{PDQ},C,INVESTIGATION_SEED,\n"
    found, rejects = read(tmp_path / "dataset.csv", text)
    assert [each.value for each in found] == [PDQ]
    assert [each.where for each in rejects] == ["line 2"]


def test_a_data_set_without_its_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dataset.csv"
    path.write_text(f"pdq,{PDQ},C,POSITIVE_CLASS,\n")
    with pytest.raises(HashListError, match="does not begin with signal_type"):
        list(read_list(path, container="tx-dataset"))


@pytest.mark.parametrize("more", ["", "2801,"])
def test_the_state_of_an_indicator_type_has_it_in_its_name(tmp_path: Path, more: str) -> None:
    text = f"{PDQ},{more}30,2020-07-01T18:31:15+0000,a b\r\n{PDQ[:-1]},{more}30,,\r\nx\r\n"
    (found,), rejects = read(tmp_path / "simple.HASH_PDQ.te", text)
    assert (found.algorithm, found.media_type, found.value) == ("pdq", PICTURE, PDQ)
    assert [label.code for label in found.labels] == ["a", "b"]
    assert found.created == "2020-07-01T18:31:15Z"
    assert found.entry_id == (more.rstrip(",") or None)
    assert [each.where for each in rejects] == ["line 2", "line 3"]


def test_a_state_of_videos_says_so_by_type_or_tag(tmp_path: Path) -> None:
    by_type = read(tmp_path / "simple.HASH_VIDEO_MD5.te", f"{MD5},30,,\n")[0]
    by_tag = read(tmp_path / "simple.HASH_MD5.te", f"{MD5},30,,media_type_video\n")[0]
    of_any = read(tmp_path / "simple.HASH_MD5.te", f"{MD5},30,,\n")[0]
    assert [each.media_type for each in (*by_type, *by_tag, *of_any)] == [VIDEO, VIDEO, None]


def test_a_state_under_another_name_needs_its_algorithm(tmp_path: Path) -> None:
    path = tmp_path / "state.csv"
    path.write_text(f"{PDQ},30,,\n")
    with pytest.raises(HashListError, match="--algorithm"):
        list(read_list(path, container="tx-state"))
    (found,) = read_list(path, container="tx-state", algorithm="sha256")
    assert found.algorithm == "sha256"


@pytest.mark.oracle
def test_the_state_that_python_threatexchange_stores_is_read(tmp_path: Path) -> None:
    state = pytest.importorskip("threatexchange.cli.dataset.simple_serialization")
    rollup = pytest.importorskip(
        "threatexchange.exchanges.clients.fb_threatexchange.descriptor"
    ).SimpleDescriptorRollup
    stored = [
        state.CliIndicatorSerialization("HASH_PDQ", PDQ, rollup(30, "2020", {"a"})),
        state.CliIndicatorSerialization("HASH_VIDEO_MD5", MD5, rollup(31, "mine", set())),
    ]
    paths = state.CliIndicatorSerialization.store(tmp_path, stored)
    found = [each for path in paths for each in read_list(path)]
    assert [(each.algorithm, each.value, each.created) for each in found] == [
        ("pdq", PDQ, "2020"),
        ("md5", MD5, "mine"),
    ]
