"""What the exchanges that write JSON, CSV or lines send is told by its content, by one alone."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from hashwalk.errors import HashListError
from hashwalk.hashlists import containers, read_list
from hashwalk.hashlists.container import ContainerReader, Head

PDQ = hashlib.sha256(b"a landscape").hexdigest()
STOPNCII = {"count": 1, "hashRecords": [{"signalType": "ImagePDQ", "hashValue": PDQ}]}
UPDATES = {"data": [{"id": "1", "indicator": PDQ, "type": "HASH_PDQ", "should_delete": True}]}
TAT = {"results": [{"hash_digest": PDQ, "algorithm": "PDQ", "deleted": True, "id": 1}]}
DOCUMENTS = [
    ("stopncii", "a.json", json.dumps(STOPNCII)),
    ("stopncii", "a.json", json.dumps([STOPNCII], indent=1)),
    ("threatexchange", "a.json", json.dumps(UPDATES)),
    ("threatexchange", "a.json", json.dumps(UPDATES["data"])),
    ("hma", "a.json", json.dumps({"pdq": PDQ})),
    ("hma", "a.json", json.dumps([{"note": "", "pdq": PDQ}], indent=1)),
    ("hma", "a.jsonl", f'{{"video_md5": "{PDQ[:32]}"}}\n{{"pdq": "{PDQ}"}}\n'),
    ("tat", "a.json", json.dumps(TAT)),
    ("tat", "a.csv", f"hash_digest,algorithm,deleted,id\n{PDQ},PDQ,false,1\n"),
    ("tx-file", "a.txt", f"pdq {PDQ}\n"),
    ("tx-dataset", "a.csv", f"signal_type,signal_str,collab,category,tags\npdq,{PDQ},C,X,\n"),
    ("tx-state", "simple.HASH_PDQ.te", f"{PDQ},30,2020,\n"),
]


@pytest.mark.parametrize(("name", "file", "text"), DOCUMENTS)
@pytest.mark.parametrize("mark", ["", "\ufeff", "\ufeff\r\n"])
def test_a_document_is_recognised_by_one_container(
    name: str, file: str, text: str, mark: str
) -> None:
    head = Head(file, (mark + text).encode())
    readers = [each for each in containers() if isinstance(each, ContainerReader)]
    assert [each.name for each in readers if each.recognises(head)] == [name]


@pytest.mark.parametrize("name", ["stopncii", "threatexchange", "tat"])
@pytest.mark.parametrize("file", ["a.json", "a.txt"])
def test_another_exchange_s_document_is_refused_in_one_line(
    tmp_path: Path, name: str, file: str
) -> None:
    path = tmp_path / file
    path.write_text("{" if file == "a.txt" else json.dumps({"unheard-of": [PDQ]}))
    with pytest.raises(HashListError) as caught:
        list(read_list(path, container=name))
    assert str(path) in str(caught.value)
    assert PDQ not in str(caught.value)
    assert "\n" not in str(caught.value)
