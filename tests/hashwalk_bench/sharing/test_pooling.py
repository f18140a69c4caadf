"""Members who share counts alone get the figures of one corpus, but for pairs across members."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from hashwalk import Hash
from hashwalk_bench.errors import RunError
from hashwalk_bench.measure.measuring import measure_run
from hashwalk_bench.measure.model import Between, Measured
from hashwalk_bench.sharing.counting import shared_of
from hashwalk_bench.sharing.model import Shared
from hashwalk_bench.sharing.pooling import pooled
from hashwalk_bench.sharing.reading import check_alike, read_shared, write_shared
from hashwalk_bench.sharing.spread import Spread, spread_of
from hashwalk_bench.statistics.node_rates import node_variances as variances
from hashwalk_bench.statistics.proportions import exact_rate

if TYPE_CHECKING:
    from conftest import Made

SOURCES, TRANSFORMS = 64, {"jpeg(quality=20)": 10, "crop(share=0.1)": 11}
THRESHOLD = 10
NAMES = ("squares", "products", "trials")
Bits = NDArray[np.uint8]


def flipped(bits: Bits, count: int, random: np.random.Generator) -> Bits:
    """Return bits of which some differ."""
    changed = bits.copy()
    changed[random.permutation(64)[:count]] ^= 1
    return changed


@pytest.fixture(scope="module")
def bits() -> dict[str, list[Bits]]:
    """The bits of each source's original and variants; the sources are alike in 30 of 64 bits."""
    random = np.random.default_rng(5)
    base = random.integers(0, 2, 64, np.uint8)
    originals = [flipped(base, int(random.integers(4, 34)), random) for _ in range(SOURCES)]
    made = {"original": originals}
    for name, most in TRANSFORMS.items():
        made[name] = [flipped(o, int(random.integers(0, most + 4)), random) for o in originals]
    return made


def run_of(new_run: Callable[[], Made], bits: dict[str, list[Bits]], sources: range) -> Path:
    """Return a run of some of the sources."""
    made = new_run()
    for place in sources:
        source = made.source("choose" if place % 4 < 2 else "report")
        for name, several in bits.items():
            value = Hash.of("phash", np.packbits(several[place]).tobytes())
            made.item(source, [value], name)
    return made.written()


@pytest.fixture
def member(
    new_run: Callable[[], Made], bits: dict[str, list[Bits]], tmp_path: Path
) -> Callable[..., Any]:
    """Share the counts of the even or the odd sources; ``member(0)``, ``member(1)``."""

    def share(odd: int, smallest: int = 1) -> Shared:
        folder = run_of(new_run, bits, range(odd, SOURCES, 2))
        shared = shared_of(folder, measure_run(folder), smallest)
        folder.rename(tmp_path / f"member-{odd}-{smallest}")
        return shared

    return share


def distances(a: Sequence[Bits], b: Sequence[Bits]) -> NDArray[np.int64]:
    return (np.array(a)[:, None] != np.array(b)[None]).sum(axis=2)


def within_members(bits: dict[str, list[Bits]], half: str | None = None) -> NDArray[np.int64]:
    """Return the distances of all unrelated pairs of one member's originals and items."""
    place = np.arange(SOURCES)
    of_half = (place % 4 < 2) == (half == "choose")
    chosen = place if half is None else place[of_half]
    apart = (chosen[:, None] != chosen) & (chosen[:, None] % 2 == chosen % 2)
    originals = [bits["original"][p] for p in chosen]
    return np.concatenate(
        [distances(originals, [several[p] for p in chosen])[apart] for several in bits.values()]
    )


def point(measured: Measured, name: str) -> Any:
    return next(p for p in measured.points if p.name == name)


def test_two_halves_pooled_find_what_the_whole_finds(
    new_run: Callable[[], Made], bits: dict[str, list[Bits]], member: Callable[..., Any]
) -> None:
    (both,) = pooled([member(0), member(1)]).formats
    (whole,) = measure_run(run_of(new_run, bits, range(SOURCES))).formats
    assert point(both, "published").recall.value == point(whole, "published").recall.value
    of_whole = {edited.transform: edited for edited in whole.edited}
    for edited in both.edited:
        assert edited.distances == of_whole[edited.transform].distances
        found, expected = (e.recall["published"] for e in (edited, of_whole[edited.transform]))
        assert found == expected
        assert 0 < found.hits < found.trials


def test_collisions_pooled_are_those_of_all_pairs_within_members(
    bits: dict[str, list[Bits]], member: Callable[..., Any]
) -> None:
    (both,) = pooled([member(0), member(1)]).formats
    apart = within_members(bits)
    rate = point(both, "published").collisions
    assert (rate.hits, rate.trials) == ((apart <= THRESHOLD).sum(), apart.size)
    assert rate.hits > 5
    assert np.array_equal(np.bincount(apart, minlength=65), both.non_matching)
    chosen = point(both, "fpr 1e-2")
    choose, report = within_members(bits, "choose"), within_members(bits, "report")
    assert (choose <= chosen.threshold).mean() <= 0.01 < (choose <= chosen.threshold + 1).mean()
    assert chosen.collisions.hits == (report <= chosen.threshold).sum()
    assert chosen.collisions.trials == report.size


def test_the_report_says_which_pairs_nobody_compared(member: Callable[..., Any]) -> None:
    limits = " ".join(pooled([member(0), member(1)]).limits)
    across = 2 * (SOURCES // 2) * (SOURCES // 2 * (1 + len(TRANSFORMS)))
    assert f"phash: {across:,} pairs of one member's original picture and another's item" in limits


def test_with_small_cells_hidden_every_rate_stays_within_them(
    bits: dict[str, list[Bits]], member: Callable[..., Any]
) -> None:
    (exact,) = pooled([member(0), member(1)]).formats
    (hidden,) = pooled([member(0, 5), member(1, 5)]).formats
    for before, after in zip(exact.edited, hidden.edited, strict=True):
        off = before.recall["published"].hits - after.recall["published"].hits
        assert abs(off) < 2 * 2 * 5  # two members, two halves
    more = point(hidden, "published").collisions.hits - point(exact, "published").collisions.hits
    assert 0 <= more < 2 * 2 * 5
    assert within_members(bits).size == hidden.non_matching_pairs


def test_what_is_shared_has_no_small_cell_no_path_and_no_hash(
    bits: dict[str, list[Bits]], member: Callable[..., Any]
) -> None:
    shared = member(0, 5)
    (each,) = shared.formats
    lines = [pairs.counts for pairs in each.pairs.values()]
    lines += [edited.counts for half in each.edited.values() for edited in half]
    lines.append(each.original_counts)
    counts = np.concatenate([np.array(line) for line in lines])
    assert counts.any()
    assert not ((counts > 0) & (counts < 5)).any()
    text = msgspec.json.encode(shared).decode()
    assert "secret" not in text
    assert not any(np.packbits(b).tobytes().hex() in text for b in bits["original"])


def test_formats_of_which_as_many_pairs_were_not_compared_share_a_sentence(
    member: Callable[..., Any],
) -> None:
    def doubled(shared: Shared) -> Shared:
        (phash,) = shared.formats
        twin = msgspec.structs.replace(phash, format="dhash")
        return msgspec.structs.replace(shared, formats=(phash, twin))

    told = pooled([doubled(member(0)), doubled(member(1))]).limits
    assert [text.split(":")[0] for text in told if "never compared" in text] == ["phash, dhash"]


def test_no_few_originals_nor_few_timed_items_nor_few_videos_are_told(
    new_run: Callable[[], Made], bits: dict[str, list[Bits]]
) -> None:
    folder = run_of(new_run, bits, range(0, SOURCES, 2))
    measures = measure_run(folder)
    (measured,) = measures.formats
    cost = msgspec.structs.replace(measured.cost, items=4, milliseconds=7.5)
    rare = msgspec.structs.replace(measured, unusable_references=4, cost=cost)
    corpus = msgspec.structs.replace(measures.corpus, videos=3, clusters=35, groups=2, left_out=4)
    measures = msgspec.structs.replace(measures, formats=(rare,), corpus=corpus)
    shared = shared_of(folder, measures, 5)
    (each,) = shared.formats
    assert each.unusable_references == 0
    assert (each.cost.items, each.cost.milliseconds) == (0, None)
    assert shared.corpus.left_out == 0
    assert (shared.corpus.videos, shared.corpus.groups, shared.corpus.clusters) == (0, 0, 32)
    assert "usable hash are told as none" in " ".join(pooled([shared, shared]).limits)


def test_agreement_is_not_told_where_it_gives_a_hidden_count_away(
    new_run: Callable[[], Made], bits: dict[str, list[Bits]]
) -> None:
    folder = run_of(new_run, bits, range(0, SOURCES, 2))
    half = exact_rate(20, 40)
    between = Between(
        a="phash",
        b="dhash",
        target=1e-2,
        recall_a=half,
        recall_b=half,
        b_finds_a_missed=exact_rate(2, 20),
        union=half,
        union_gain=half,
        kappa=half,
        shared_collisions=half,
    )
    measures = msgspec.structs.replace(measure_run(folder), between=(between,))
    (told,) = shared_of(folder, measures, 5).between
    assert (told.b_finds_a_missed.hits, told.kappa) == (None, None)
    (told,) = shared_of(folder, measures, 2).between
    assert (told.b_finds_a_missed.hits, told.kappa) == (2, 0.5)


def test_intervals_of_pooled_pairs_are_those_of_all_nodes_together() -> None:
    random = np.random.default_rng(1)
    halves = []
    for nodes in (7, 5):
        trials = random.integers(3, 9, (nodes, nodes))
        counts = random.integers(0, 2, (nodes, nodes, 4)) * (random.random((nodes, nodes, 1)) < 0.5)
        np.fill_diagonal(trials, 0)
        counts[np.arange(nodes), np.arange(nodes)] = 0
        halves.append((counts, trials))
    whole_counts, whole_trials = np.zeros((12, 12, 4), int), np.zeros((12, 12), int)
    whole_counts[:7, :7], whole_trials[:7, :7] = halves[0]
    whole_counts[7:, 7:], whole_trials[7:, 7:] = halves[1]
    every = np.arange(4)
    sums = [spread_of(counts, trials, every) for counts, trials in halves]
    added = Spread(
        reached=np.cumsum(whole_counts.sum(axis=(0, 1))).astype(float),
        trials=float(whole_trials.sum()),
        sources=12,
        node=tuple(sum(np.array(s[f"node_{n}"], float) for s in sums) for n in NAMES),  # type: ignore[arg-type, literal-required]
        pair=tuple(sum(np.array(s[f"pair_{n}"], float) for s in sums) for n in NAMES),  # type: ignore[arg-type, literal-required]
    )
    expected = variances(np.cumsum(whole_counts, axis=2), whole_trials)
    assert added.variances() == pytest.approx(expected)


def test_members_who_measured_other_versions_are_not_pooled(
    member: Callable[..., Any], tmp_path: Path
) -> None:
    first = member(0)
    newer = tuple(msgspec.structs.replace(f, version=9) for f in first.formats)
    with pytest.raises(RunError, match=r"b\.json and .*a\.json .* versions of phash"):
        check_alike(
            [tmp_path / "a.json", tmp_path / "b.json"],
            [first, msgspec.structs.replace(first, formats=newer)],
        )


@pytest.mark.parametrize("text", [b"", b"{}", b'{"kind": "else"}', b"\xff\xfe\x00"])
def test_what_is_no_shared_counts_is_one_line(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "counts.json"
    path.write_bytes(text)
    with pytest.raises(RunError, match=r"counts\.json has no shared counts") as raised:
        read_shared(path)
    assert "\n" not in str(raised.value)


def test_counts_are_read_as_they_were_written(member: Callable[..., Any], tmp_path: Path) -> None:
    shared = member(1)
    write_shared(tmp_path / "counts.json", shared)
    assert read_shared(tmp_path / "counts.json") == shared
    assert (tmp_path / "counts.json").stat().st_mode & 0o777 == 0o600
