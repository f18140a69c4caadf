"""The report as one HTML file that asks no host for anything."""

from __future__ import annotations

import json

import jinja2
from markupsafe import Markup

from hashwalk_bench.measure.model import Measures
from hashwalk_bench.report import glossary, live, words
from hashwalk_bench.report.contents import Contents
from hashwalk_bench.report.scope import scopes

_CLOSERS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028"}


def page(report: Contents, measures: Measures) -> str:
    """Return the page; every text in it is escaped, and its policy forbids any request."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("hashwalk_bench.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=_unbroken,
    )
    environment.filters["listed"] = words.listed
    template = environment.get_template("report.html.j2")
    return template.render(
        report=report,
        points={m.scope.medium: _points(m.scope.points) for m in report.media},
        data=_script(_data(measures)),
        glossary=glossary,
        words=words,
    )


def _unbroken(value: object) -> object:
    """Return what is put into the page, with its texts unbroken before a per cent sign."""
    if isinstance(value, str):
        return type(value)(words.unbroken(value))
    return value


def _points(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, words.point_words(name)) for name in names]


def _data(measures: Measures) -> dict[str, object]:
    told = scopes(measures)
    return {
        "formats": {
            f"{m.medium}-{m.format}": live.slider(m) for scope in told for m in scope.formats
        },
        "heats": {
            scope.medium: {
                "tables": live.heat_tables(scope),
                **live.heats(scope, measures.transforms),
            }
            for scope in told
        },
    }


def _script(data: dict[str, object]) -> Markup:
    """Return JSON that cannot end the script element that holds it."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    for character, escape in _CLOSERS.items():
        text = text.replace(character, escape)
    return Markup(text)  # noqa: S704 - what could end the element is escaped above
