"""Commands of installed packages, mounted through the entry-point group ``hashwalk.commands``.

A package is imported only when its command is run, or all are listed; one that does not load
costs its own command alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from hashwalk.errors import HashwalkError
from hashwalk.registry import owner_of

if TYPE_CHECKING:
    from typer._click import Command, Context

GROUP = "hashwalk.commands"


class MountingGroup(TyperGroup):
    """The group of the program's own commands, and of those that installed packages add.

    A name of our own is never given away. Running a command that two packages claim, or whose
    package does not load, raises HashwalkError, which names them.
    """

    def list_commands(self, ctx: Context) -> list[str]:
        """Return our own names first, then those of installed packages by name."""
        own = super().list_commands(ctx)
        return [*own, *sorted({point.name for point in entry_points(group=GROUP)} - {*own})]

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """Return the command with this name, None if there is none."""
        if cmd_name not in self.commands:
            points = [*entry_points(group=GROUP, name=cmd_name)]
            if not points:
                return None
            self.commands[cmd_name] = _mount(cmd_name, points)
        return self.commands[cmd_name]

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, Command | None, list[str]]:
        """Return what `args` name; where it is nothing, the suggestion knows mounted names, too."""
        if self.get_command(ctx, args[0]) is None:
            for name in self.list_commands(ctx):
                self.get_command(ctx, name)
        return super().resolve_command(ctx, args)


def _mount(name: str, points: Sequence[EntryPoint]) -> Command:
    owners = sorted({owner_of(point) for point in points})
    if len({(owner_of(point), point.value) for point in points}) > 1:
        remedy = ": uninstall one of them" if len(owners) > 1 else " more than once"
        claim = f"the command {name!r} is claimed by {' and by '.join(owners)}{remedy}"
        return _refusing(name, claim)
    try:
        return _load(points[0])
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a package does
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        return _refusing(name, f"the command {name!r} of {owners[0]} is broken: {reason}")


def _load(point: EntryPoint) -> Command:
    found: Any = point.load()
    if not isinstance(found, typer.Typer):
        raise TypeError(f"it gives a {type(found).__name__} where a typer.Typer is due")
    return typer.main.get_command(found)


def _refusing(name: str, reason: str) -> Command:
    """Return a command that takes any arguments and says why it cannot be run."""

    def refuse() -> NoReturn:
        raise HashwalkError(reason)

    return TyperCommand(
        name,
        callback=refuse,
        help=reason,
        add_help_option=False,
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
        rich_markup_mode=None,
    )
