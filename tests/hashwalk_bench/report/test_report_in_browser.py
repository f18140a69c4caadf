"""The page in a browser without network: no request, no error, slider, tables, accessibility.

The browser is Debian's Chromium, driven by selenium; the rules of accessibility are axe-core's
(its minified file and licence are in the folder ``axe-core`` beside this one).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hashwalk_bench.measure.model import Measured, Measures
from hashwalk_bench.report import write_report

webdriver = pytest.importorskip("selenium.webdriver")

AXE = Path(__file__).parent / "axe-core" / "axe.min.js"
REQUIRE_BROWSER = "HASHWALK_REQUIRE_BROWSER"
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
SMALL: dict[str, Any] = {
    "sources": 40,
    "pictures": {"phash": (64, 10.0, 0.6), "pdq": (256, 31.0, 0.7), "ahash": (64, 10.0, 0.8)},
    "videos": {"vpdq": (256, 31.0, 0.6)},
    "ladders": 3,
}
WAIT = """
const done = arguments[arguments.length - 1];
setTimeout(() => done(document.querySelector("details.format .spoken").textContent), 600);
"""
CHECK = """
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ["violations"] }).then(
  (told) => done(told.violations.map((v) => [v.id, v.impact, v.nodes.map((n) => n.html)])),
  (error) => done([["axe", "critical", [String(error)]]]),
);
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One Chromium for all tests here; where there is none they are skipped, or fail."""
    programs = [shutil.which(name) for name in ("chromium", "chromedriver")]
    if not all(programs):
        reason = "Chromium and its driver are not installed: apt-get install chromium-driver"
        if os.environ.get(REQUIRE_BROWSER):
            pytest.fail(f"{reason}; {REQUIRE_BROWSER} is set")
        pytest.skip(reason)
    options = webdriver.ChromeOptions()
    options.binary_location = programs[0]
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(programs[1]))
    yield driver
    driver.quit()


def uneven(measures: Measures) -> Measures:
    """Return measures whose first edit could be made of a tenth of the sources alone."""
    return msgspec.structs.replace(measures, formats=tuple(map(_uneven, measures.formats)))


def _uneven(measured: Measured) -> Measured:
    first, *others = measured.edited
    seldom = msgspec.structs.replace(
        first, trials=4, distances=(4, *[0] * (len(first.distances) - 1)), unusable=0
    )
    edited = (seldom, *others)
    published, *targets = measured.points
    within = int(published.threshold or 0) + 1
    value = sum(sum(e.distances[:within]) / e.trials for e in edited) / len(edited)
    recall = msgspec.structs.replace(published.recall, value=value)
    point = msgspec.structs.replace(published, recall=recall)
    return msgspec.structs.replace(measured, edited=edited, points=(point, *targets))


@pytest.fixture(scope="module")
def loaded(
    browser: Any,
    simulate: Callable[..., Measures],
    write_run: Callable[[Measures], Path],
) -> Any:
    """The browser with the report of a run of pictures and videos, and what loading it logged."""
    run = write_run(uneven(simulate(**SMALL)))
    write_report(run, run / "report.html")
    browser.get("about:blank")
    browser.get_log("performance")
    browser.get((run / "report.html").as_uri())
    browser.messages = browser.get_log("browser")
    browser.traffic = [json.loads(e["message"])["message"] for e in browser.get_log("performance")]
    return browser


def test_it_asks_for_nothing_but_itself_and_has_no_error(loaded: Any) -> None:
    sent = [
        event["params"]["request"]["url"]
        for event in loaded.traffic
        if event["method"] == "Network.requestWillBeSent"
    ]
    assert [url for url in sent if not url.startswith("file:")] == []
    assert len(set(sent)) == 1
    assert loaded.messages == []


def test_its_policy_stops_a_request(loaded: Any) -> None:
    """The page could not tell anyone anything, even if it held a script that wants to."""
    loaded.execute_script("new Image().src = 'https://example.org/told.png'")
    loaded.execute_async_script("setTimeout(arguments[0], 200)")
    told = "".join(entry["message"] for entry in loaded.get_log("browser"))
    assert "Content Security Policy" in told


def test_the_slider_changes_the_numbers_by_keyboard_and_says_so(loaded: Any) -> None:
    part = loaded.find_element("css selector", "details.format[open]")
    slider = part.find_element("css selector", "input[type=range]")
    before = [part.find_element("css selector", each).text for each in (".recall", ".fpr")]
    cursor = part.find_element("css selector", ".cursor").get_attribute("d")
    slider.send_keys(webdriver.Keys.END)
    after = [part.find_element("css selector", each).text for each in (".recall", ".fpr")]
    assert after != before
    assert slider.get_attribute("aria-valuetext") == "256 bits"
    assert part.find_element("css selector", ".cursor").get_attribute("d") != cursor
    assert loaded.execute_async_script(WAIT).startswith("At 256 bits: found ")
    slider.send_keys(webdriver.Keys.HOME)
    assert part.find_element("css selector", ".fpr").text.startswith("≤ ")
    slider.send_keys(webdriver.Keys.ARROW_RIGHT)
    assert slider.get_attribute("aria-valuetext") == "1 bits"


def test_the_slider_says_what_the_table_says_at_the_published_threshold(
    loaded: Any, simulate: Callable[..., Measures]
) -> None:
    """Every edit has equal weight in both, however few copies could be made by it."""
    measured = next(m for m in uneven(simulate(**SMALL)).formats if m.format == "phash")
    point = next(p for p in measured.points if p.name == "published")
    assert point.recall.value is not None
    shown = loaded.execute_script(
        "return document.querySelector('[data-format=picture-phash] .recall').firstChild.data"
    )
    assert shown == f"{100 * point.recall.value:.0f}\u00a0%"


def test_tables_sort_by_number_and_back(loaded: Any) -> None:
    table = loaded.find_element("id", "summary-picture")
    head = table.find_elements("css selector", "thead th")[1]
    shown = []
    for _ in range(2):
        head.find_element("css selector", "button").send_keys(webdriver.Keys.ENTER)
        order = head.get_attribute("aria-sort")
        cells = table.find_elements("css selector", "tbody td:nth-child(2)")
        values = [float(cell.get_attribute("data-value")) for cell in cells]
        assert values == sorted(values, reverse=order == "descending")
        shown.append((order, values))
    assert [order for order, _ in shown] == ["descending", "ascending"]
    assert shown[0][1] == shown[1][1][::-1]
    assert len({*shown[0][1]}) > 1


def test_heat_maps_are_shown_at_another_threshold(loaded: Any) -> None:
    table = loaded.find_element("id", "heat-picture")
    before = table.text
    select = loaded.find_element("id", "point-picture")
    select.find_element("css selector", "option[value=published]").click()
    assert table.text != before
    assert "at published threshold" in table.find_element("css selector", "caption").text
    detail = table.find_element("css selector", "tbody td small").text
    assert detail.endswith("%")


def test_a_keyboard_can_skip_to_the_findings(loaded: Any) -> None:
    first = loaded.find_element("css selector", "a, button, input, select, [tabindex]")
    assert first.get_attribute("class") == "skip"
    assert first.rect["x"] < 0
    first.send_keys(webdriver.Keys.NULL)
    assert loaded.switch_to.active_element == first
    assert first.rect["x"] >= 0
    first.send_keys(webdriver.Keys.ENTER)
    assert loaded.switch_to.active_element.get_attribute("id") == "main"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_it_is_accessible_and_does_not_scroll_sideways(loaded: Any, width: int, theme: str) -> None:
    screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    themed = {"features": [{"name": "prefers-color-scheme", "value": theme}]}
    loaded.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    loaded.execute_cdp_cmd("Emulation.setEmulatedMedia", themed)
    if not loaded.execute_script("return window.axe !== undefined"):
        loaded.execute_script(AXE.read_text())
    assert loaded.execute_script("return document.documentElement.scrollWidth") <= width
    told = loaded.execute_async_script(CHECK)
    assert [each for each in told if each[1] in {"serious", "critical"}] == []


@pytest.mark.parametrize("figure", ["det-picture", "histogram-picture-phash"])
def test_ticks_can_be_read_on_a_narrow_screen(loaded: Any, figure: str) -> None:
    screen = {"width": 400, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    loaded.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    loaded.execute_script("document.querySelector('#try-picture-phash').open = true")
    boxes = loaded.execute_script(f"""
      return [...document.querySelectorAll("#{figure} .ticks text:not(.axis)")].map((text) => {{
        const box = text.getBoundingClientRect();
        return [box.left, box.top + 3, box.right, box.bottom - 3];
      }});
    """)
    assert len(boxes) > 5
    assert all(bottom - top + 6 >= 11 for _, top, _, bottom in boxes)
    assert all(left >= 0 and right <= 400 for left, _, right, _ in boxes)
    for one, two in combinations(boxes, 2):
        apart = one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]
        assert apart, (one, two)


def test_paper_is_light_for_who_reads_in_the_dark(loaded: Any) -> None:
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    shown = []
    for medium in ("screen", "print"):
        emulated = {"media": medium, "features": dark}
        loaded.execute_cdp_cmd("Emulation.setEmulatedMedia", emulated)
        shown.append(loaded.execute_script("return getComputedStyle(document.body).color"))
    loaded.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    assert shown == ["rgb(228, 232, 236)", "rgb(27, 31, 36)"]


def test_the_heads_of_a_long_heat_map_stay_in_sight(loaded: Any) -> None:
    screen = {"width": 1280, "height": 300, "deviceScaleFactor": 1, "mobile": False}
    loaded.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    places = loaded.execute_script("""
      const table = document.getElementById("heat-picture"), box = table.parentElement;
      box.scrollTop = box.scrollHeight;
      const top = (part) => part.getBoundingClientRect().top;
      return [top(table.tHead.rows[0].cells[1]) - top(box), top(table.rows[1]) - top(box)];
    """)
    assert places[0] == pytest.approx(0, abs=1)
    assert places[1] < 0


def test_the_name_of_a_format_is_not_broken_on_a_narrow_screen(loaded: Any) -> None:
    screen = {"width": 400, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    loaded.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    heads = loaded.find_elements("css selector", "#summary-picture tbody th")
    assert [head.text for head in heads if "\n" in head.text] == []
    assert all(head.rect["width"] >= 90 for head in heads)


def test_everything_is_open_on_paper(loaded: Any) -> None:
    closed = "return document.querySelectorAll('details:not([open])').length"
    shut = loaded.execute_script(closed)
    assert shut > 1
    loaded.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert loaded.execute_script(closed) == 0
    loaded.execute_script("dispatchEvent(new Event('afterprint'))")
    assert loaded.execute_script(closed) == shut
