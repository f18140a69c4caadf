"""``hashwalk lists``: look at hash lists, convert them from one container to another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hashwalk.cli.console import complain, counted, print_json, printable
from hashwalk.cli.errors import SOME_FAILED

if TYPE_CHECKING:
    from hashwalk.hashlists import Conversion, Reject

app = typer.Typer(
    help="Look at hash lists, validate them, convert them to another container.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

File = Annotated[Path, typer.Argument(metavar="FILE", help="A hash list.")]
ReadAs = Annotated[
    str | None,
    typer.Option("--from", metavar="CONTAINER", help="What the list is; default: told by content."),
]
Algorithm = Annotated[
    str | None, typer.Option(metavar="ID", help="Format of hashes that do not name their own.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

_PROBLEMS_SHOWN = 10


@app.command()
def inspect(
    file: File, read_as: ReadAs = None, algorithm: Algorithm = None, as_json: Json = False
) -> None:
    """Show what a list is, its hashes by algorithm and status, and what cannot be read.

    Examples are shortened; those of algorithms that are proprietary or not known are hidden.
    The exit code is 3 when records cannot be read.
    """
    from hashwalk.cli.lists_view import print_survey, survey_fields
    from hashwalk.hashlists.survey import survey_list

    found = survey_list(file, container=read_as, algorithm=_told(algorithm))
    if as_json:
        print_json(survey_fields(found), indent=2)
    else:
        print_survey(found, file, _PROBLEMS_SHOWN)
    raise typer.Exit(SOME_FAILED if found.rejects else 0)


@app.command()
def validate(
    file: File, read_as: ReadAs = None, algorithm: Algorithm = None, as_json: Json = False
) -> None:
    """Read all of a list, and print what is wrong, a line each.

    The exit code is 3 when records cannot be read. The JSON has the first 1,000 problems.
    """
    from hashwalk.cli.lists_view import survey_fields
    from hashwalk.hashlists.survey import survey_list

    found = survey_list(
        file,
        container=read_as,
        algorithm=_told(algorithm),
        on_reject=_ignore if as_json else _print_problem,
    )
    if as_json:
        wanted = ("container", "records", "rejects", "problems")
        print_json({name: survey_fields(found)[name] for name in wanted}, indent=2)
    else:
        rejects = counted(found.rejects, "problem")
        print(f"{found.container} list, {counted(found.records, 'record')} read, {rejects}")
    raise typer.Exit(SOME_FAILED if found.rejects else 0)


@app.command()
def convert(  # noqa: PLR0917 - each is an option
    source: Annotated[Path, typer.Argument(metavar="IN", help="A hash list.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The list to write.")],
    read_as: ReadAs = None,
    written_as: Annotated[
        str | None,
        typer.Option("--to", metavar="CONTAINER", help="What OUT is; default: by its name."),
    ] = None,
    algorithm: Algorithm = None,
    as_json: Json = False,
) -> None:
    """Write a list as another container; no hash is changed, and none translated.

    OUT.loss.json says what OUT cannot carry, OUT.rejects.jsonl lists what cannot be read, in
    which case the exit code is 3. All are readable by their owner alone. Withdrawn and deleted
    hashes stay so, or are left out where OUT cannot say it.
    """
    from hashwalk.cli.lists_view import conversion_fields
    from hashwalk.hashlists import convert_list
    from hashwalk.hashlists.containers import name_by_suffix

    done = convert_list(
        source,
        out,
        read_as=read_as,
        written_as=written_as or name_by_suffix(out, "--to"),
        algorithm=_told(algorithm),
    )
    if as_json:
        print_json(conversion_fields(done), indent=2)
    else:
        _print_conversion(done, out)
    raise typer.Exit(SOME_FAILED if done.rejects else 0)


@app.command()
def formats(
    name: Annotated[
        str | None, typer.Argument(metavar="CONTAINER", help="Show all that is known of this one.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List the containers: which are read, which written, and what they can carry.

    A container that is written as an experiment may not be read by the exchange.
    """
    from hashwalk.cli.lists_view import container_fields, print_container, print_containers
    from hashwalk.hashlists.containers import container_named, containers

    if name is None and as_json:
        print_json([container_fields(each) for each in containers()], indent=2)
    elif name is None:
        print_containers(containers())
    elif as_json:
        print_json(container_fields(container_named(name)), indent=2)
    else:
        print_container(container_named(name))


def _told(algorithm: str | None) -> str | None:
    """Return the algorithm that was told, and say so where it is no format that is known."""
    from hashwalk.errors import UnknownFormatError
    from hashwalk.registry import get_format

    if algorithm is not None:
        try:
            get_format(algorithm)
        except UnknownFormatError as error:
            complain(f"{error}: its hashes are carried as they are, unchecked")
    return algorithm


def _print_problem(reject: Reject) -> None:
    print(printable(f"{reject.where}: {reject.reason}"))


def _ignore(_: Reject) -> None:
    pass


def _print_conversion(done: Conversion, out: Path) -> None:
    complain(f"{counted(done.loss.written, 'record')} into {out}: {done.written_as}")
    for name, count in done.loss.fields.most_common():
        complain(f"{counted(count, 'record')} without {name}")
    for reason, count in done.loss.left_out.most_common():
        complain(f"{counted(count, 'record')} left out: {reason}")
    if done.rejects:
        for reject in done.first_rejects:
            complain(f"{reject.where}: {reject.reason}")
        complain(f"{done.rejects:,} that could not be read in {out}.rejects.jsonl")
