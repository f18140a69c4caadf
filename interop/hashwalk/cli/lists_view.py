"""How hash lists and their containers are shown on a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hashwalk.cli.console import print_fields, print_note, print_table
from hashwalk.cli.crosswalk_view import abbreviated
from hashwalk.errors import HashwalkError
from hashwalk.hashlists import Conversion, Record, Reject, Status
from hashwalk.hashlists.container import Container, ContainerReader, ContainerWriter
from hashwalk.hashlists.containers import container_named
from hashwalk.hashlists.record import FIELDS
from hashwalk.hashlists.survey import Survey
from hashwalk.hashlists.values import format_of, hash_of
from hashwalk.opaque import PROPRIETARY

HEADER = ("container", "read", "written", "withdrawn", "deleted", "algorithms")
HIDDEN = "(hidden)"


def survey_fields(survey: Survey) -> dict[str, Any]:
    """Return what is in a list, as JSON values."""
    return {
        "container": survey.container,
        "records": survey.records,
        "rejects": survey.rejects,
        "algorithms": [
            {
                "algorithm": algorithm,
                **{status.value: counts[status] for status in Status},
                "example": example_of(survey, algorithm),
            }
            for algorithm, counts in survey.algorithms.items()
        ],
        "problems": _places(survey.problems),
    }


def conversion_fields(done: Conversion) -> dict[str, Any]:
    """Return what a conversion did, as JSON values."""
    return {
        "read_as": done.read_as,
        "written_as": done.written_as,
        "read": done.read,
        "written": done.loss.written,
        "fields_lost": done.loss.fields,
        "left_out": done.loss.left_out,
        "rejects": done.rejects,
        "first_rejects": _places(done.first_rejects),
    }


def print_survey(survey: Survey, path: Path, problems: int) -> None:
    """Print what is in a list, with the first `problems` of its problems."""
    about = container_named(survey.container).summary
    print_fields(
        [
            ("list", str(path)),
            ("container", f"{survey.container}: {about}"),
            ("records", f"{survey.records:,}"),
            ("problems", f"{survey.rejects:,}"),
        ]
    )
    if survey.algorithms:
        print()
        print_table(("algorithm", *Status, "example"), _rows(survey))
    if survey.problems:
        shown = [f"{each.where}: {each.reason}" for each in survey.problems[:problems]]
        more = survey.rejects - len(shown)
        rest = [f"… and {more:,} more: `hashwalk lists validate` prints all"] if more else []
        print_note("Cannot be read", *shown, *rest)


def example_of(survey: Survey, algorithm: str) -> str:
    """Return a few digits of the first value of an algorithm, if it has any and is no secret."""
    record = survey.examples.get(algorithm)
    if record is None:
        return ""
    known = format_of(algorithm)
    if known is None or known.spec.licence == PROPRIETARY:
        return HIDDEN
    return _abbreviated(record)


def container_fields(container: Container) -> dict[str, Any]:
    """Return all that is known of a container, as JSON values."""
    writer = container if isinstance(container, ContainerWriter) else None
    algorithms = writer.algorithms if writer else None
    return {
        "name": container.name,
        "summary": container.summary,
        "read": isinstance(container, ContainerReader),
        "written": writer is not None,
        "experimental": writer.experimental if writer else "",
        "statuses": [s.value for s in Status if s in writer.statuses] if writer else [],
        "algorithms": None if algorithms is None else dict(algorithms),
        "carries": [name for name in FIELDS if name in writer.carries] if writer else [],
        "loses": [name for name in FIELDS if name not in writer.carries] if writer else [],
        "needs_value": writer.needs_value if writer else False,
    }


def container_row(container: Container) -> tuple[str, ...]:
    """Return the texts of one row of the table of containers, under HEADER."""
    reads = "yes" if isinstance(container, ContainerReader) else "-"
    if not isinstance(container, ContainerWriter):
        return (container.name, reads, "-", "-", "-", "-")
    said = ("yes" if s in container.statuses else "-" for s in (Status.WITHDRAWN, Status.DELETED))
    algorithms = "any" if container.algorithms is None else str(len(container.algorithms))
    written = "experimental" if container.experimental else "yes"
    return (container.name, reads, written, *said, algorithms)


def print_containers(containers: Iterable[Container]) -> None:
    """Print the table of containers, and what each is."""
    shown = list(containers)
    print_table(HEADER, [container_row(each) for each in shown])
    print()
    print_fields([(each.name, each.summary) for each in shown])


def print_container(container: Container) -> None:
    """Print all that is known of a container."""
    fields = container_fields(container)
    lines = [("name", container.name), ("summary", container.summary)]
    lines += [(name, "yes" if fields[name] else "no") for name in ("read", "written")]
    if isinstance(container, ContainerWriter):
        algorithms = fields["algorithms"]
        named = "any" if algorithms is None else ", ".join(algorithms)
        lines += [
            ("statuses", ", ".join(fields["statuses"])),
            ("algorithms", named),
            ("carries", ", ".join(fields["carries"])),
            ("loses", ", ".join(fields["loses"]) or "nothing"),
        ]
        if container.experimental:
            lines.append(("experimental", container.experimental))
    print_fields(lines)


def _places(rejects: Iterable[Reject]) -> list[dict[str, str]]:
    return [{"where": each.where, "reason": each.reason} for each in rejects]


def _rows(survey: Survey) -> list[tuple[str, ...]]:
    return [
        (algorithm, *(f"{counts[s]:,}" for s in Status), example_of(survey, algorithm))
        for algorithm, counts in sorted(survey.algorithms.items())
    ]


def _abbreviated(record: Record) -> str:
    try:
        value = hash_of(record)
    except HashwalkError:
        return HIDDEN
    return abbreviated(value) if value is not None and value.parts else ""
