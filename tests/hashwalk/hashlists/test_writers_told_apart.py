"""Bundles, events and bare hashes that were written are taken for what they are alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from hashwalk import get_format
from hashwalk.errors import HashwalkError
from hashwalk.hashlists import Record, containers, write_list
from hashwalk.hashlists.container import HEAD_BYTES, ContainerReader, Head

PDQ = "00ff" * 16
READERS = [each for each in containers() if isinstance(each, ContainerReader)]
FORMS = ["vpdq-text", "vpdq-json", "vpdq-json-frames"]
NAMES = ["stix", "misp", "hex-lines", "base64-lines", "tmk", *FORMS]


@pytest.fixture(scope="module")
def candidates(vectors_folder: Path) -> list[Record]:
    """Records of which every container can say at least one."""
    tmk = get_format("tmk-pdqf")
    content = (vectors_folder / "tmk" / "life-mpeg4-15fps.tmk").read_bytes()
    values = {
        "md5": PDQ[:32],
        "pdq": PDQ,
        "vpdq": f"0,100,{PDQ},0.000",
        "tmk-pdqf": tmk.render(tmk.read_file(content)),  # type: ignore[attr-defined]
    }
    entry = {"source": "ncmec", "member_id": "42", "entry_id": "7"}
    return [
        Record(algorithm=algorithm, value=value, **entry)  # type: ignore[arg-type]
        for algorithm, value in values.items()
    ]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_is_recognised_by_its_container_alone(
    name: str, candidates: list[Record], tmp_path: Path
) -> None:
    said = 0
    for record in candidates:
        path = tmp_path / f"{record.algorithm}.list"
        try:
            written = write_list([record], path, name).written
        except HashwalkError:
            continue
        said += written
        with path.open("rb") as file:
            head = Head(path.name, file.read(HEAD_BYTES))
        assert [each.name for each in READERS if each.recognises(head)] == [name] * written
    assert said
