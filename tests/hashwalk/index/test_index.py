"""An index gives exactly what comparing with every hash gives."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hashwalk import Format, Hash, Part, get_format
from hashwalk.errors import FormatMismatchError, IndexFileError, UsageError
from hashwalk.index import Found, Index
from hashwalk.index.codes import CodeSearch
from hashwalk_formats.tmk_vector import TmkVector

BITS = ["pdq", "phash", "phash-256", "colorhash", "blockhash"]
RADII = [0, 3, 10, 31, 90, 256]


def flipped(value: bytes, bits: int, wide: int, rng: random.Random) -> bytes:
    """Return `value` with `bits` of its `wide` first bits turned."""
    number = int.from_bytes(value, "big")
    for bit in rng.sample(range(wide), min(bits, wide)):
        number ^= 1 << (8 * len(value) - 1 - bit)
    return number.to_bytes(len(value), "big")


def value_of(wide: int, rng: random.Random) -> bytes:
    return (rng.getrandbits(wide) << (-wide % 8)).to_bytes((wide + 7) // 8, "big")


def related(wide: int, count: int, seed: int) -> list[bytes]:
    """Return values of which many are equal or near."""
    rng = random.Random(seed)  # noqa: S311
    found: list[bytes] = []
    for _ in range(count):
        old = rng.choice(found) if found and rng.random() < 0.6 else value_of(wide, rng)
        found.append(flipped(old, rng.choice([0, 0, 1, 2, 9, 30]), wide, rng))
    return found


def by_hand(searched: Format, items: Sequence[tuple[str, Hash]], query: Hash) -> list[Found]:
    """Return every hash with its distance, nearest first."""
    measured = [Found(key, searched.distance(query, value)) for key, value in items]
    return sorted(measured, key=lambda found: found.distance)


def assert_equal_to_brute_force(
    format_id: str,
    items: Sequence[tuple[str, Hash]],
    queries: Sequence[Hash],
    radii: Sequence[float],
) -> None:
    index, searched = Index(format_id, items), get_format(format_id)
    for query in queries:
        expected = by_hand(searched, items, query)
        for radius in radii:
            near = [found for found in expected if found.distance <= radius]
            assert index.within(query, radius) == near
        for count in (1, 3, len(items) + 5):
            assert index.nearest(query, count) == expected[:count]
        equal = [key for key, value in items if _values(value) == _values(query)]
        assert index.exact(query) == equal


def _values(value: Hash) -> list[bytes]:
    return [part.value for part in value.parts]


@pytest.mark.parametrize("format_id", BITS)
def test_formats_of_bits_are_searched_exactly(format_id: str) -> None:
    wide = get_format(format_id).spec.bits
    assert wide is not None
    values = [Hash.of(format_id, value) for value in related(wide, 130, 1)]
    items = [(str(number), value) for number, value in enumerate(values[:120])]
    assert_equal_to_brute_force(format_id, items, values[100:], RADII)


@pytest.mark.parametrize(("size", "radius"), [(8, 10), (32, 31), (32, 30), (12, 9), (8, 0), (5, 2)])
def test_many_codes_are_searched_exactly_through_their_chunks(size: int, radius: int) -> None:
    rng = np.random.default_rng(size * 100 + radius)
    codes = rng.integers(0, 256, (30_000, size), dtype=np.uint8)
    codes[:2_500] = codes[0]
    codes[2_500:4_000, : size // 2] = 0
    turned = np.packbits(rng.random((60, size * 8)) < radius / size / 8, axis=1)
    queries = np.concatenate([codes[:5], codes[3_000:3_005], codes[-50:]]) ^ turned
    search = CodeSearch(codes)
    hits = search.within(queries, radius)
    distance = np.bitwise_count(codes[None] ^ queries[:, None]).sum(axis=2)
    query, item = np.nonzero(distance <= radius)
    found = set(zip(hits.query, hits.item, hits.distance, strict=True))
    assert found == set(zip(query, item, distance[query, item], strict=True))
    assert len(hits.query) == len(query)
    assert search._tables, "the chunks were not used"


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 4), st.integers(0, 300))
@example(287, 3, 0)  # equal values, of different quality
def test_frame_lists_are_searched_exactly(seed: int, most: int, radius: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    frames = related(256, 30, seed)
    lists = [
        Hash(
            "vpdq",
            tuple(
                Part(rng.choice(frames), rng.choice([None, 10, 60, 100]), float(n), n)
                for n in range(rng.randint(1, most))
            ),
        )
        for _ in range(25)
    ]
    items = [(str(number), value) for number, value in enumerate(lists[:20])]
    assert_equal_to_brute_force("vpdq", items, lists[15:], [0, 0.2, 0.5, radius / 300, 1])


def test_the_least_distance_of_any_two_parts_is_searched_exactly() -> None:
    values = related(256, 26 * 8, 7)
    hashes = [
        Hash("pdq-dihedral", tuple(Part(v) for v in values[8 * n : 8 * n + 8])) for n in range(26)
    ]
    items = [(str(number), value) for number, value in enumerate(hashes[:20])]
    assert_equal_to_brute_force("pdq-dihedral", items, hashes[15:], [0, 31, 90, 130])


def test_vectors_are_searched_exactly() -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(0, 1, (60, 42)) * 10.0 ** rng.integers(-3, 4, (60, 1))
    rows[10:20] = rows[:10] + rng.normal(0, 1e-4, (10, 42))
    rows[20:25] = rows[:5]
    hashes = [Hash.of("cv-color-moment", row.astype("<f8").tobytes()) for row in rows]
    items = [(str(number), value) for number, value in enumerate(hashes[:50])]
    assert_equal_to_brute_force("cv-color-moment", items, hashes, [0, 1e-4, 1e-3, 1, 100, 1e6])


def test_a_format_of_whose_distance_nothing_is_known_is_searched_exactly() -> None:
    rng = random.Random(5)  # noqa: S311
    hashes = [Hash.of("cv-radial-variance", rng.randbytes(40)) for _ in range(20)]
    items = [(str(number), value) for number, value in enumerate(hashes)]
    assert_equal_to_brute_force("cv-radial-variance", items, hashes[:5], [0, 0.1, 0.5, 1])


def test_equal_values_of_a_format_without_a_measure_are_found() -> None:
    index = Index("photodna", [("a", Hash.of("photodna", bytes(144)))])
    assert index.exact(Hash.of("photodna", bytes(144))) == ["a"]
    assert index.within(Hash.of("photodna", bytes(143) + b"\1"), 0) == []


def test_hashes_can_be_added_and_removed() -> None:
    a, b = (Hash.of("pdq", bytes(31) + bytes([n])) for n in (0, 1))
    index = Index("pdq", [("a", a)])
    assert index.within(b) == [Found("a", 1)]
    index.add([("b", b), ("b", a)])
    assert index.within(b) == [Found("b", 0), Found("a", 1), Found("b", 1)]
    assert index.remove(["b", "never"]) == 2
    assert index.nearest(b, 5) == [Found("a", 1)]
    assert len(index) == 1


def test_an_empty_index_finds_nothing() -> None:
    for format_id in ("pdq", "vpdq", "cv-color-moment", "tmk-pdqf", "cv-radial-variance"):
        assert len(Index(format_id)) == 0
    assert Index("pdq").nearest(Hash.of("pdq", bytes(32))) == []
    assert Index("pdq").within(Hash.of("pdq", bytes(32)), 256) == []
    assert list(Index("pdq").exact_many([Hash.of("pdq", bytes(32))])) == [[]]


def test_the_threshold_of_the_format_is_the_default_radius() -> None:
    index = Index("pdq", [("near", Hash.of("pdq", b"\xff\xff\xff\xfe" + bytes(28)))])
    assert index.within(Hash.of("pdq", bytes(32))) == [Found("near", 31)]
    assert index.within(Hash.of("pdq", bytes(31) + b"\1")) == []
    with pytest.raises(UsageError, match="colorhash has no published threshold"):
        Index("colorhash").within(Hash.of("colorhash", bytes(6)))


def test_an_index_is_saved_and_loaded_without_loss(tmp_path: Path) -> None:
    parts = (Part(bytes(32), 90, 0.0), Part(bytes(31) + b"\1", None, None))
    items = [("a", Hash("vpdq", parts)), ("a", Hash("vpdq", parts[1:])), ("ü", Hash("vpdq", parts))]
    Index("vpdq", items).save(tmp_path / "frames.parquet")
    loaded = Index.load(tmp_path / "frames.parquet")
    assert list(loaded) == items
    assert (tmp_path / "frames.parquet").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"no parquet", None])
def test_a_file_that_is_no_index_is_one_clear_line(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "x"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IndexFileError, match=r"^cannot read the index [^\n]*$"):
        Index.load(path)


def test_a_hash_of_another_format_is_refused() -> None:
    with pytest.raises(FormatMismatchError):
        Index("pdq", [("a", Hash.of("phash", bytes(8)))])
    with pytest.raises(FormatMismatchError):
        Index("pdq").exact(Hash.of("phash", bytes(8)))


def test_what_two_frame_lists_share_is_told_with_its_times() -> None:
    black, grey, white = (bytes([level]) * 32 for level in (0, 0x0F, 0xFF))
    held = [black, black, grey, white]
    found = Hash("vpdq", tuple(Part(v, 100, float(n), n) for n, v in enumerate(held)))
    query = Hash("vpdq", (Part(white, 100, 5.0), Part(black, 100, 6.0), Part(grey, 0, 7.0)))
    (match,) = Index("vpdq", [("x", found)]).frame_match(query, "x")
    assert (match.of_query, match.of_found) == (1.0, 2 / 3)
    assert [(r.start_s, r.end_s, r.frames) for r in match.query_ranges] == [(5.0, 6.0, 2)]
    spans = [(r.start_s, r.end_s, r.frames) for r in match.found_ranges]
    assert spans == [(0.0, 1.0, 2), (3.0, 3.0, 1)]
    with pytest.raises(UsageError, match="not lists of frames"):
        Index("pdq").frame_match(Hash.of("pdq", bytes(32)), "x")


def test_vectors_in_two_levels_are_searched_exactly() -> None:
    rng = np.random.default_rng(11)

    def vector(mean: NDArray[np.float32]) -> Hash:
        waves = rng.normal(0, 0.05, (2, 4, 32, 256)).astype(np.float32).clip(-1, 1)
        return Hash.of("tmk-pdqf", TmkVector(90, mean.astype(np.float32), *waves).to_bytes())

    means = rng.normal(0, 1, (10, 256)).astype(np.float32)
    means[4:8] = means[0] + rng.normal(0, 0.3, (4, 256))
    means[8] = 0
    items = [(str(number), vector(mean)) for number, mean in enumerate(means)]
    queries = [items[0][1], items[8][1], vector(means[0])]
    assert_equal_to_brute_force("tmk-pdqf", items, queries, [0, 0.3, 0.9, 1.0, 1.1])
