"""Readers see the newest row of each key, and the failures that stand."""

from __future__ import annotations

import json
import re
import traceback
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hashwalk.crosswalk import Crosswalk, CrosswalkWriter, merge_crosswalks
from hashwalk.errors import CrosswalkError, CrosswalkSchemaError
from hashwalk.format import Hash, Part
from hashwalk.results import Failure, HashedFile, Media

DOCUMENT = Path(__file__).parents[3] / "docs" / "crosswalk.md"


def phash(number: int) -> Hash:
    return Hash.of("phash", number.to_bytes(8, "big"))


def frames(*numbers: int) -> Hash:
    return Hash("vpdq", tuple(Part(bytes([n]) * 32, 50, float(n), n) for n in numbers))


def test_the_newest_row_of_a_file_counts(write_crosswalk: Any, make_media: Any) -> None:
    old, new = make_media("a.jpg", "old"), make_media("a.jpg", "new")
    root = write_crosswalk([HashedFile(media=old)], [HashedFile(media=new)])
    assert list(Crosswalk.open(root).media()) == [new]
    assert Crosswalk.open(root).count_files() == 1


def test_a_newer_frame_list_hides_all_parts_of_the_older(
    write_crosswalk: Any, make_media: Any
) -> None:
    media = make_media("a.mp4", kind="video")
    root = write_crosswalk(
        [HashedFile(media=media, hashes=(frames(1, 2, 3), phash(1)))],
        [HashedFile(media=media, hashes=(frames(4, 5),))],
    )
    read = Crosswalk.open(root)
    wanted = {"phash": phash(1), "vpdq": frames(4, 5)}
    assert read.lookup(media.sha256) == wanted
    assert list(read.hashes()) == [(media.sha256, value) for value in wanted.values()]
    assert list(read.hashes("vpdq")) == [(media.sha256, frames(4, 5))]
    assert list(read.hashed()) == [(media.sha256, "phash"), (media.sha256, "vpdq")]


def test_lookup_takes_either_case_and_knows_nothing_of_others(
    write_crosswalk: Any, make_media: Any
) -> None:
    media = make_media("a.jpg")
    read = Crosswalk.open(write_crosswalk([HashedFile(media=media, hashes=(phash(7),))]))
    assert read.lookup(media.sha256.upper()) == {"phash": phash(7)}
    assert read.lookup("0" * 64) == {}


def history(make_media: Any, make_failure: Any) -> tuple[list[list[HashedFile]], set[Any]]:
    """Batches with failures of every fate, and (uri, format) of those that stand."""
    stands, healed, unread, reread, changed, hashed, undecoded = (
        make_media(f"{name}.jpg")
        for name in ("stands", "healed", "unread", "reread", "changed", "hashed", "undecoded")
    )
    first = [
        HashedFile(media=stands, failures=(make_failure(stands), make_failure(stands, "phash"))),
        HashedFile(media=healed, failures=(make_failure(healed),)),
        HashedFile(media=None, failures=(make_failure(unread, readable=False),)),
        HashedFile(media=None, failures=(make_failure(reread, readable=False),)),
        HashedFile(media=changed, failures=(make_failure(changed, "phash"),)),
        HashedFile(media=hashed, failures=(make_failure(hashed, "phash"),)),
        HashedFile(media=undecoded),
    ]
    second = [
        HashedFile(media=healed, hashes=(phash(1),)),
        HashedFile(media=reread),
        HashedFile(media=make_media("changed.jpg", "other")),
        HashedFile(media=hashed, hashes=(phash(2),)),
        HashedFile(media=undecoded, failures=(make_failure(undecoded),)),
    ]
    standing = {
        (stands.uri, "*"),
        (stands.uri, "phash"),
        (unread.uri, "*"),
        (undecoded.uri, "*"),
    }
    return [first, second], standing


def test_failures_stand_until_the_file_or_the_format_is_hashed(
    write_crosswalk: Any, make_media: Any, make_failure: Any
) -> None:
    batches, standing = history(make_media, make_failure)
    found = list(Crosswalk.open(write_crosswalk(*batches)).failures())
    assert [(f.uri, f.format) for f in found] == sorted(standing)


def test_a_file_that_is_hashed_within_the_same_batch_has_not_failed(
    write_crosswalk: Any, make_media: Any, make_failure: Any
) -> None:
    media = make_media("a.jpg")
    failed = HashedFile(media=None, failures=(make_failure(media, readable=False),))
    root = write_crosswalk([failed, HashedFile(media=media, hashes=(phash(1),))])
    assert list(Crosswalk.open(root).failures()) == []


def test_the_sql_of_the_document_sees_the_same(
    write_crosswalk: Any, make_media: Any, make_failure: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches, _ = history(make_media, make_failure)
    media = make_media("healed.jpg")
    later = [HashedFile(media=media, hashes=(frames(1, 2),))]
    root = write_crosswalk(*batches, later, [HashedFile(media=media, hashes=(frames(3),))])
    gone = root.rename(root.with_name("crosswalk"))
    (gone / "hashes" / "000000000009.parquet").write_bytes(
        (gone / "hashes" / "000000000003.parquet").read_bytes()
    )
    monkeypatch.chdir(gone.parent)
    text = DOCUMENT.read_text()
    python = re.search(r'db\.execute\("""(.*?)"""\)', text, re.DOTALL)
    sql = re.search(r"```sql\n(.*?)```", text, re.DOTALL)
    assert python
    assert sql
    read = Crosswalk.open(gone)
    with duckdb.connect() as db:
        db.execute(python[1] + sql[1])
        assert {uri for (uri,) in db.execute("SELECT uri FROM media").fetchall()} == {
            media.uri for media in read.media()
        }
        seen = db.execute("SELECT sha256, format, value FROM hashes ORDER BY ALL").fetchall()
        assert seen == sorted(
            (sha256, value.format, part.value)
            for sha256, value in read.hashes()
            for part in value.parts
        )
        assert set(db.execute("SELECT uri, format FROM failures").fetchall()) == {
            (failure.uri, failure.format) for failure in read.failures()
        }


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("crosswalk.json", None, "is not a cross-walk"),
        ("crosswalk.json", "{", "cannot be read"),
        ("crosswalk.json", "[]", "is not the manifest"),
        ("crosswalk.json", '{"schema": 1}', "is damaged"),
        ("crosswalk.json", '{"schema": 2}', "install a newer hashwalk"),
    ],
)
def test_what_is_no_cross_walk_is_refused_with_a_reason(
    name: str, text: str | None, error: str, tmp_path: Path
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(CrosswalkError, match=error):
        Crosswalk.open(tmp_path)


def test_a_folder_that_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(CrosswalkError, match="hashwalk rehash"):
        Crosswalk.open(tmp_path / "nowhere")


def test_a_damaged_part_is_named_when_it_is_read(write_crosswalk: Any, make_media: Any) -> None:
    root = write_crosswalk([HashedFile(media=make_media("a.jpg"))])
    (root / "media" / "000000000001.parquet").write_bytes(b"PAR1")
    with pytest.raises(CrosswalkSchemaError, match=r"media/000000000001\.parquet.*verify"):
        list(Crosswalk.open(root).media())


def test_no_cell_of_a_damaged_part_is_in_an_error(
    write_crosswalk: Any, make_media: Any, tmp_path: Path
) -> None:
    root = write_crosswalk(*([HashedFile(media=make_media(name))] for name in "ab"))
    part = root / "media" / "000000000002.parquet"
    table = pq.read_table(part)
    secret = pa.array(["c0ffee00c0ffee00"])
    pq.write_table(table.set_column(table.schema.get_field_index("size"), "size", secret), part)
    read = Crosswalk.open(root)
    reading: list[Callable[[], object]] = [
        lambda: list(read.media()),
        lambda: read.export(tmp_path / "out.csv", "csv"),
        lambda: merge_crosswalks(tmp_path / "out", [root]),
    ]
    for read_all in reading:
        with pytest.raises(
            CrosswalkSchemaError, match=r"(read \(\w+\)|columns of).*verify"
        ) as raised:
            read_all()
        assert "c0ffee" not in "".join(traceback.format_exception(raised.value))
        assert str(part) in str(raised.value)


def test_names_that_mean_something_in_sql_and_in_patterns_are_plain_folders(
    write_crosswalk: Any, make_media: Any
) -> None:
    media = make_media("a.jpg")
    root = write_crosswalk([HashedFile(media=media)], name="it's [a]*{b,c}?k=v\\'%")
    assert list(Crosswalk.open(root).media()) == [media]


def test_several_streams_can_be_read_at_a_time(write_crosswalk: Any, make_media: Any) -> None:
    items = [make_media(f"{n}.jpg") for n in range(3)]
    root = write_crosswalk([HashedFile(media=m, hashes=(phash(1),)) for m in items])
    read = Crosswalk.open(root)
    together = zip(read.media(), read.hashes(), strict=True)
    assert len(list(together)) == 3


def test_the_manifest_is_plain_json(write_crosswalk: Any) -> None:
    manifest = json.loads((write_crosswalk() / "crosswalk.json").read_text())
    assert manifest["schema"] == 1
    assert manifest["formats"]["phash"]["bits"] == 64


def test_reading_many_media_takes_no_more_memory_than_reading_a_few(tmp_path: Path) -> None:
    count = 60_000
    with CrosswalkWriter.open(tmp_path / "walk", formats=()) as writer:
        for number in range(count):
            media = Media(
                uri=f"file:///{number}",
                sha256=f"{number:064x}",
                md5=f"{number:032x}",
                size=number,
                mtime_ns=number,
                type="picture",
            )
            writer.add(HashedFile(media=media, hashes=(phash(number),)))
            if writer.pending_rows > 20_000:
                writer.flush()
    read = Crosswalk.open(tmp_path / "walk")
    tracemalloc.start()
    try:
        assert sum(1 for _ in read.media()) == sum(1 for _ in read.hashes()) == count
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < count * 500


def test_failures_are_typed(write_crosswalk: Any, make_media: Any, make_failure: Any) -> None:
    failure: Failure = make_failure(make_media("a.jpg"), readable=False)
    root = write_crosswalk([HashedFile(media=None, failures=(failure,))])
    assert list(Crosswalk.open(root).failures()) == [failure]
