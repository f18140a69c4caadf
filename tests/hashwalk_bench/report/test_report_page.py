"""The page as text: one file, no request, no secret, every rate with its interval."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from lxml import html

from hashwalk_bench.measure.model import Measures
from hashwalk_bench.report import write_report
from hashwalk_bench.report.facts import made_lines

Simulate = Callable[..., Measures]
WriteRun = Callable[[Measures], Path]


@pytest.fixture(scope="module")
def text(simulate: Simulate, write_run: WriteRun) -> str:
    run = write_run(simulate())
    write_report(run, run / "report.html")
    return (run / "report.html").read_text()


def test_the_policy_forbids_everything_but_its_own_style_and_script(text: str) -> None:
    (policy,) = html.fromstring(text).xpath(
        '//meta[@http-equiv="Content-Security-Policy"]/@content'
    )
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "script-src": "'unsafe-inline'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_nothing_in_it_leads_to_a_host(text: str) -> None:
    page = html.fromstring(text)
    assert not page.xpath("//@src | //link | //img | //iframe | //object | //base")
    assert all(link.startswith("#") for link in page.xpath("//@href"))
    assert not re.search(r"url\(|@import|https?:", text)


def test_links_within_the_page_lead_somewhere(text: str) -> None:
    page = html.fromstring(text)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    named = {link[1:] for link in page.xpath("//@href")}
    named |= {name for names in page.xpath("//@aria-labelledby") for name in names.split()}
    named |= set(page.xpath("//@for"))
    assert named <= set(ids)


def test_headings_go_down_one_step_at_a_time(text: str) -> None:
    levels = [int(h.tag[1]) for h in html.fromstring(text).xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_heads_with_scope(text: str) -> None:
    for table in html.fromstring(text).xpath("//table"):
        assert table.findtext("caption/span").strip()
        assert all(head.get("scope") for head in table.iter("th"))


def test_figures_have_a_title_and_a_description(text: str) -> None:
    charts = html.fromstring(text).xpath("//*[@role='img']")
    assert len(charts) > 5
    for chart in charts:
        assert chart.findtext("title").strip()
        assert len(chart.findtext("desc").strip()) > 40


def test_every_rate_of_a_heat_map_has_its_interval(text: str) -> None:
    cells = html.fromstring(text).xpath("//table[@class='heat']//td[starts-with(@class, 'h')]")
    assert len(cells) > 50
    assert all(" to " in cell.findtext("small") or "%" in cell.findtext("small") for cell in cells)


def test_a_rate_without_event_is_a_bound_and_never_zero(text: str) -> None:
    page = html.fromstring(text)
    cells = page.xpath("//table[@id='summary-picture']//td[3]/text()")
    assert any(cell.startswith("≤ ") for cell in cells)
    assert not [cell for cell in cells if cell.strip() in {"0", "0\u00a0%"}]


def test_a_figure_is_not_parted_from_its_per_cent_sign(text: str) -> None:
    assert "\u00a0%" in text
    assert not re.search(r"\d %", text)


def test_charts_name_both_axes(text: str) -> None:
    (upward,) = html.fromstring(text).xpath(
        "//svg[@id='det-picture']//text[contains(@class, 'upward')]"
    )
    assert upward.text == "edited copies missed"


def test_it_says_why_a_moved_list_finds_other_than_originals_do(text: str) -> None:
    assert "the list holds edited copies, not originals" in text


def test_what_a_run_was_made_with_is_in_words() -> None:
    made: dict[str, object] = {
        "hashwalk": "0.1.0",
        "versions": {"hashwalk": "0.1.0", "Pillow": "13.0", "numpy": "2.4"},
        "formats": {"phash": 1, "pdq": 1},
        "parameters": {"max_pixels": 200_000_000},
        "machine": {"cpus": 2},
    }
    assert made_lines(made) == [
        ("hashwalk", "0.1.0"),
        ("Libraries", "Pillow 13.0, numpy 2.4"),
        ("Formats, with the version of each", "phash 1, pdq 1"),
        ("Pixels of a picture, at most", "200000000"),
        ("Processor cores", "2"),
    ]
    assert made_lines({"versions": {"hashwalk": "0.1.0"}}) == [("hashwalk", "0.1.0")]


def test_what_is_not_resolved_is_said_in_words(text: str) -> None:
    assert re.search(r"not resolvable with [\d,]+ (unrelated )?pairs", text)


def test_texts_of_a_run_cannot_become_markup(simulate: Simulate, write_run: WriteRun) -> None:
    measures = simulate(ladders=1, videos={})
    hostile = "</script><script>alert(1)</script><b>"
    measures = msgspec.structs.replace(
        measures,
        transforms=dict.fromkeys(measures.transforms, hostile),
        formats=tuple(msgspec.structs.replace(m, unit=hostile) for m in measures.formats),
        made={"suite": hostile},
    )
    run = write_run(measures)
    write_report(run, run / "report.html")
    text = (run / "report.html").read_text()
    assert "<script>alert" not in text
    assert "</script><" not in text.replace("</script>\n<script>", "")
    assert "&lt;/script&gt;" in text


def test_no_path_of_a_manifest_is_in_it(simulate: Simulate, write_run: WriteRun) -> None:
    made: dict[str, object] = {
        "media": "holiday",
        "command": "run holiday",
        "machine": {"hostname": "holiday", "cpus": 2},
        "notes": "/srv/holiday",
        "more": ["~/holiday"],
        "other": "srv/holiday",
        "seed": 77123,
    }
    run = write_run(msgspec.structs.replace(simulate(ladders=1, videos={}), made=made))
    for path in write_report(run, run / "report.html", ["md", "json", "csv"]):
        assert "holiday" not in path.read_text()
    assert "77123" in (run / "report.html").read_text()


def test_what_these_measures_cannot_say_is_among_the_limits(
    simulate: Simulate, write_run: WriteRun
) -> None:
    limits = ("This report pools 2 members.", "phash: 48,000 pairs were never compared.")
    run = write_run(msgspec.structs.replace(simulate(ladders=1, videos={}), limits=limits))
    write_report(run, run / "report.html")
    page = html.fromstring((run / "report.html").read_text())
    (shown,) = page.xpath("//h3[.='Limits']/following-sibling::ul[1]")
    assert [item.text for item in shown][:2] == [*limits]
    assert len(shown) > len(limits)
    assert limits[0] in page.xpath("string(//p[@class='warning'])")


def test_a_large_run_is_a_page_of_less_than_eight_megabytes(
    simulate: Simulate, write_run: WriteRun
) -> None:
    """25 formats after 130 edits."""
    wide = {f"format-{n}": (256 if n % 2 else 64, 10.0, 0.3 + n / 30) for n in range(25)}
    measures = simulate(sources=12, pictures=wide, videos={}, ladders=54)
    assert len(measures.transforms) >= 130
    run = write_run(measures)
    write_report(run, run / "report.html")
    assert (run / "report.html").stat().st_size < 8_000_000


def test_a_run_of_one_format_and_no_edit_is_a_report(
    simulate: Simulate, write_run: WriteRun
) -> None:
    measures = simulate(sources=4, pictures={"alone": (64, None, 0.5)}, videos={}, ladders=0)
    run = write_run(measures)
    write_report(run, run / "report.html", ["md", "json", "csv"])
    assert "alone" in (run / "report.html").read_text()


def test_a_run_of_nothing_is_a_report(simulate: Simulate, write_run: WriteRun) -> None:
    empty = msgspec.structs.replace(
        simulate(ladders=1), formats=(), between=(), coverage=(), moved=(), moved_recall=()
    )
    run = write_run(empty)
    write_report(run, run / "report.html", ["md"])
    assert "Findings" in (run / "report.html").read_text()
