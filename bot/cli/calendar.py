"""`guichet calendar`: when the help desk is open, and what working time makes of it."""

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from bot.cli.apps import app, settings

if TYPE_CHECKING:
    from models.calendar.calendar import Calendar

YEAR = "year"
TEAM = "--team"

Team = Annotated[
    str | None, typer.Option(TEAM, metavar="ID", help="The calendar of this team; the desk's by default.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]


class _YearByDefault(TyperGroup):
    """Takes arguments without a subcommand as those of `year`; options may stand before a subcommand."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        names = [
            place
            for place, each in enumerate(args)
            if each in self.commands and args[max(0, place - 1)] != TEAM
        ]
        if names:
            args = [args[names[0]], *args[: names[0]], *args[names[0] + 1 :]]
        elif "--help" not in args:
            args = [YEAR, *args]
        return super().parse_args(ctx, args)


calendar_app = typer.Typer(
    cls=_YearByDefault,
    help="Print when the help desk is open, as the catalogue's file says. Nothing needs to be loaded.",
    rich_markup_mode=None,
)
app.add_typer(calendar_app, name="calendar")


@calendar_app.command(YEAR)
def year(
    year: Annotated[int | None, typer.Argument(help="The year; this one by default.")] = None,
    team: Team = None,
    locale: Annotated[
        Literal["fr", "en"] | None, typer.Option(help="The language of the names; DEFAULT_LOCALE by default.")
    ] = None,
) -> None:
    """Print the open days and the days off of a year. The word year may be left out."""
    from bot.ops.calendar_report import year_report
    from models.base import utc_now
    from models.calendar.calendar import FIRST_YEAR, LAST_YEAR

    calendar = _calendar(team)
    chosen = calendar.local(utc_now()).year if year is None else year
    if not FIRST_YEAR < chosen < LAST_YEAR:
        raise typer.BadParameter(
            f"{chosen} is not known — expected a year from {FIRST_YEAR + 1} to {LAST_YEAR - 1}"
        )
    typer.echo(year_report(calendar, chosen, locale or settings().default_locale))


@calendar_app.command("due")
def due(
    start: Annotated[str, typer.Argument(help='A time such as "2026-12-18 17:00", in the calendar\'s zone.')],
    working_time: Annotated[str, typer.Argument(help="Such as 4h, 90m, 1d or 1d 4h.")],
    team: Team = None,
    as_json: AsJson = False,
) -> None:
    """Print when so much working time will have passed."""
    from bot.ops.calendar_report import read_time, when
    from models.calendar.working_time import read_working_time

    calendar = _calendar(team)
    try:
        found = calendar.local(calendar.due(read_time(calendar, start), read_working_time(working_time)))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    typer.echo(json.dumps({"due": found.isoformat(timespec="seconds")}) if as_json else when(calendar, found))


@calendar_app.command("elapsed")
def elapsed(
    start: Annotated[str, typer.Argument(help='A time such as "2026-12-18 17:00", in the calendar\'s zone.')],
    end: Annotated[str, typer.Argument(help="A later time.")],
    team: Team = None,
    as_json: AsJson = False,
) -> None:
    """Print how much working time there is between two times, in whole minutes."""
    from bot.ops.calendar_report import minutes_between
    from models.calendar.working_time import WorkingTime

    calendar = _calendar(team)
    try:
        minutes = minutes_between(calendar, start, end)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    typer.echo(json.dumps({"minutes": minutes}) if as_json else str(WorkingTime(minutes=minutes)))


def _calendar(team: str | None) -> "Calendar":
    from bot.catalogue.calendar.build import calendar_of_desk, calendar_of_team
    from bot.catalogue.file import read_catalogue
    from bot.catalogue.words import did_you_mean

    file = read_catalogue(settings().catalogue)
    if team is None:
        return calendar_of_desk(file)
    teams = {each.id: each for each in file.teams}
    if team not in teams:
        raise typer.BadParameter(f"there is no team “{team}”{did_you_mean(team, teams)}")
    return calendar_of_team(file, teams[team]) or calendar_of_desk(file)
