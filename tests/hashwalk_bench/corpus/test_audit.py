"""The audit for near-duplicates, and the halves: what counts as one, and where it goes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance

from hashwalk.format import Hash, Part
from hashwalk.hashing import hash_file
from hashwalk_bench.corpus import (
    AUDIT_FORMATS,
    Corpus,
    Half,
    Source,
    halves,
    near_duplicates,
    together,
)
from hashwalk_bench.scenes import scene
from hashwalk_bench.transforms import Medium


def hashed(folder: Path, *pictures: Image.Image) -> dict[int, tuple[Hash, ...]]:
    found = {}
    for number, picture in enumerate(pictures):
        path = folder / f"{number}.png"
        picture.save(path)
        found[number] = hash_file(path, AUDIT_FORMATS[Medium.PICTURE]).hashes
    return found


def cropped(picture: Image.Image, share: float) -> Image.Image:
    across, down = round(share * picture.width), round(share * picture.height)
    return picture.crop((across, down, picture.width - across, picture.height - down))


def captioned(picture: Image.Image) -> Image.Image:
    copy = picture.copy()
    ImageDraw.Draw(copy).rectangle((0, 0, copy.width, copy.height // 12), fill="white")
    return copy


def test_light_edits_of_a_picture_are_one_cluster(tmp_path: Path) -> None:
    one = scene(1, 320, 240)
    edits = [
        one.resize((160, 120)),
        ImageEnhance.Brightness(one).enhance(1.2),
        cropped(one, 0.01),
        captioned(one),
    ]
    clusters = near_duplicates(hashed(tmp_path, scene(2, 320, 240), one, *edits))
    assert together(clusters) == [(1, 2, 3, 4, 5)]
    assert clusters[0] == 0


def test_pictures_that_differ_are_each_alone(tmp_path: Path) -> None:
    pictures = [scene(seed, 128, 96) for seed in range(30)]
    assert near_duplicates(hashed(tmp_path, *pictures)) == {n: n for n in range(30)}


def test_flat_pictures_are_not_near_one_another(tmp_path: Path) -> None:
    flat = [Image.new("RGB", (128, 96), colour) for colour in ("white", "black", "white")]
    assert together(near_duplicates(hashed(tmp_path, *flat))) == []


def test_one_format_alone_does_not_decide(tmp_path: Path) -> None:
    (pdq, _), (_, gradients) = hashed(tmp_path, scene(1, 128, 96), scene(2, 128, 96)).values()
    of_both = hashed(tmp_path, scene(1, 128, 96))[0]
    assert together(near_duplicates({0: of_both, 1: (pdq, gradients)})) == []
    assert together(near_duplicates({0: of_both, 1: (pdq,)})) == []
    assert together(near_duplicates({0: of_both, 1: of_both})) == [(0, 1)]


def frames(*values: int, quality: int = 100) -> tuple[Hash]:
    parts = [Part(bytes([value]) * 32, quality, float(n), n) for n, value in enumerate(values)]
    return (Hash("vpdq", tuple(parts)),)


def test_videos_with_a_scene_in_common_are_one_cluster() -> None:
    hashes = {4: frames(*range(10)), 7: frames(9, *range(20, 26)), 9: frames(*range(40, 50))}
    assert near_duplicates(hashes) == {4: 4, 7: 4, 9: 9}


def test_a_frame_in_twenty_is_no_scene_and_black_frames_are_none() -> None:
    assert together(near_duplicates({0: frames(*range(20)), 1: frames(*range(19, 39))})) == []
    black = {0: frames(0, 0, quality=0), 1: frames(0, 0, quality=0)}
    assert together(near_duplicates(black)) == []


def test_what_is_near_to_the_same_video_is_one_cluster() -> None:
    hashes = {3: frames(1, 2), 2: frames(2, 3), 1: frames(3, 4), 5: ()}
    assert near_duplicates(hashes) == {1: 1, 2: 1, 3: 1, 5: 5}


@settings(deadline=None, max_examples=25)
@given(
    st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=3), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
)
def test_a_cluster_has_the_number_of_its_lowest_member_whatever_the_order(
    lists: list[list[int]], random: Random
) -> None:
    hashes = {number: frames(*values) for number, values in enumerate(lists)}
    clusters = near_duplicates(hashes)
    assert all(clusters[lowest] == lowest <= number for number, lowest in clusters.items())
    mixed = list(hashes.items())
    random.shuffle(mixed)
    assert near_duplicates(dict(mixed)) == clusters
    for one, values in enumerate(lists):
        for other, others in enumerate(lists):
            if set(values) & set(others):
                assert clusters[one] == clusters[other]


@pytest.fixture(scope="module")
def sources(corpus: Corpus) -> tuple[Source, ...]:
    return corpus.sources


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 1 << 40), st.integers(1, 9))
def test_halves_are_balanced_and_divide_no_cluster(
    sources: tuple[Source, ...], seed: int, size: int
) -> None:
    # Clusters of `size` pictures; the videos are alone.
    cluster_of: dict[int, int] = {}
    for medium, together_ in ((Medium.PICTURE, size), (Medium.VIDEO, 1)):
        numbers = [s.number for s in sources if s.medium is medium]
        cluster_of |= {n: numbers[i - i % together_] for i, n in enumerate(numbers)}
    half_of = halves(sources, cluster_of, seed)
    assert half_of.keys() == {s.number for s in sources}
    assert all(half_of[n] is half_of[lowest] for n, lowest in cluster_of.items())
    for medium in Medium:
        firsts = {cluster_of[s.number] for s in sources if s.medium is medium}
        count = Counter(half_of[first] for first in firsts)
        assert count[Half.REPORT] - count[Half.CHOOSE] in {0, 1}


def test_halves_go_by_seed_and_content_alone(sources: tuple[Source, ...]) -> None:
    alone = {source.number: source.number for source in sources}
    renamed = [replace(source, name="x", path=Path("x")) for source in reversed(sources)]
    assert halves(sources, alone, 1) == halves(renamed, alone, 1)
    assert halves(sources, alone, 1) != halves(sources, alone, 2)
