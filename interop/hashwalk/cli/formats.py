"""``hashwalk formats``: the table of formats, and the card of one."""

from __future__ import annotations

from typing import Annotated

import typer

from hashwalk.cli.console import print_fields, print_json, print_note, print_table
from hashwalk.format import Format
from hashwalk.registry import can_compute, get_format, registry

HEADER = ("format", "of", "bits", "distance", "match", "quality", "licence")

# What the card for people leaves out where there is nothing to say.
_LEFT_OUT = {
    "to_compute",
    "threshold_source",
    "quality_floor_source",
    "text_forms",
    "fidelity",
    "strong",
    "weak",
    "used_by",
    "libraries",
}

Json = str | int | float | bool | list[str] | None


def formats(
    format_id: Annotated[
        str | None, typer.Argument(metavar="ID", help="Show the card of this format.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the installed formats, or show all that is known of one.

    The columns: what it hashes; bits of one value; how two are compared; the largest distance
    that is a match (published, - where nobody has); the smallest quality to be matched.
    """
    if format_id is None:
        _show_all_as_json() if as_json else _show_all()
    elif as_json:
        print_json(card(get_format(format_id)), indent=2)
    else:
        print_fields(card_lines(get_format(format_id)))


def table_row(offered: Format) -> tuple[str, ...]:
    """Return the texts of one row of the table, under HEADER."""
    spec = offered.spec
    return (
        spec.id,
        str(spec.kind),
        "-" if spec.bits is None else str(spec.bits),
        spec.distance.name,
        "-" if spec.threshold is None else f"{spec.threshold.value:g}",
        "-" if spec.quality_floor is None else str(spec.quality_floor.value),
        spec.licence,
    )


def card(offered: Format) -> dict[str, Json]:
    """Return all that is known of a format, as JSON values."""
    spec = offered.spec
    return {
        "id": spec.id,
        "summary": spec.summary,
        "kind": str(spec.kind),
        "shape": str(spec.shape),
        "bits": spec.bits,
        "computed_here": can_compute(offered),
        "to_compute": spec.to_compute,
        "by_default": spec.id in registry().default_ids(),
        "distance": spec.distance.name,
        "distance_is_a_metric": spec.distance.metric,
        "threshold": spec.threshold.value if spec.threshold else None,
        "threshold_source": spec.threshold.source if spec.threshold else None,
        "quality_floor": spec.quality_floor.value if spec.quality_floor else None,
        "quality_floor_source": spec.quality_floor.source if spec.quality_floor else None,
        "encodings": [encoding.name for encoding in spec.encodings],
        "text_forms": list(spec.text_forms),
        "interchangeable_with": list(spec.interchangeable_with),
        "fidelity": spec.fidelity,
        "strong": spec.strong,
        "weak": spec.weak,
        "used_by": spec.used_by,
        "source": spec.source,
        "libraries": list(spec.libraries),
        "licence": spec.licence,
        "version": spec.version,
    }


def card_lines(offered: Format) -> list[tuple[str, str]]:
    """Return the card as (name, text) for people."""
    fields = card(offered).items()
    return [(n.replace("_", " "), _text(v)) for n, v in fields if v or n not in _LEFT_OUT]


def _text(value: Json) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value) or "-"
    if isinstance(value, float):
        return f"{value:g}"
    return "-" if value in (None, "") else str(value)


def _show_all() -> None:
    print_table(HEADER, [table_row(offered) for offered in registry().values()])
    carried = [f"{', '.join(ids)}: {remedy}" for remedy, ids in _carried().items()]
    if carried:
        print_note("Not computed here, but carried and compared", *carried)
    for family in registry().families():
        examples = ", ".join(family.examples) or "none"
        print_note(family.pattern, f"{family.summary.rstrip('.')}. By default: {examples}.")
    for format_id, problem in registry().problems().items():
        print_note(f"{format_id} cannot be used", str(problem))


def _carried() -> dict[str, list[str]]:
    """Return the ids of formats that are not computed here, by what it takes to compute them."""
    ids: dict[str, list[str]] = {}
    for offered in registry().values():
        if not can_compute(offered):
            ids.setdefault(offered.spec.to_compute, []).append(offered.spec.id)
    return ids


def _show_all_as_json() -> None:
    families = [
        {"pattern": f.pattern, "summary": f.summary, "by_default": list(f.examples)}
        for f in registry().families()
    ]
    problems = {format_id: str(problem) for format_id, problem in registry().problems().items()}
    cards = [card(offered) for offered in registry().values()]
    print_json({"formats": cards, "families": families, "problems": problems}, indent=2)
