"""Reads `catalogue.yaml`: the sites, the teams, and the tree of groups and services.

The file is accepted or refused as a whole, with every mistake and its line.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from bot.catalogue import yaml_lines
from bot.catalogue.calendar.build import HOURS, calendar_of_desk, calendar_of_team, closed_years
from bot.catalogue.calendar.parts import DIRECTORY
from bot.catalogue.mistakes import problems_of, shown
from bot.catalogue.rules import broken_rules
from bot.catalogue.schema import CatalogueFile, Group, Service
from bot.catalogue.targets import contradictions, targets_of
from bot.catalogue.yaml_lines import Problem
from models.calendar.frames import DAY


class CatalogueError(ValueError):
    """The file is refused; `problems` has one line for each thing to correct, in the order of the file."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_catalogue(path: Path) -> CatalogueFile:
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise CatalogueError(
            f"{path}: there is no such file — `guichet init` writes an example, or name yours in CATALOGUE"
        ) from error
    except OSError as error:
        reason = error.strerror or "no reason is given"
        raise CatalogueError(f"{path}: cannot be read, {reason} — check the setting CATALOGUE") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CatalogueError(f"{path}:{line}: this is not UTF-8 — save the file as UTF-8") from error
    try:
        document = yaml_lines.parse(text)
    except yaml_lines.YamlSyntaxError as error:
        raise _refused(path, [error.problem]) from error
    if not isinstance(document.data, dict):
        what = "the file is empty" if document.data is None else f"the file holds {shown(document.data)}"
        raise _refused(path, [Problem(1, "", f"{what} — expected the keys sites, teams and catalogue")])
    problems = document.problems + broken_rules(document)
    try:
        catalogue = CatalogueFile.model_validate(document.data, context={DIRECTORY: path.parent})
    except ValidationError as error:
        for details in error.errors(include_url=False):
            problems.extend(problems_of(document, details))
        raise _refused(path, problems) from error
    found = (*_of_targets(catalogue), *_of_days_off(catalogue))
    problems += [document.problem(document.known(where) or ("hours",), text) for where, text in found]
    if problems:
        raise _refused(path, problems)
    return catalogue


def _of_days_off(file: CatalogueFile) -> Iterator[tuple[yaml_lines.Path, str]]:
    """Holidays and closures that leave no open day."""
    teams = ((("teams", index), team, calendar_of_team(file, team)) for index, team in enumerate(file.teams))
    for owner, part, calendar in (((), file, calendar_of_desk(file)), *teams):
        if calendar and (year := closed_years(calendar)):
            key = "holidays" if part.holidays else "closures" if part.closures else "hours"
            text = f"no day of {year} and {year + 1} is open — check the holidays, the closures and the hours"
            yield (*owner, key), text


def _of_targets(file: CatalogueFile) -> Iterator[tuple[yaml_lines.Path, str]]:
    """Targets that contradict each other: the desk's, and those of each service that has its own."""
    day = (file.hours or HOURS).minutes_of_day
    desk = targets_of(file.targets)
    yield from contradictions(desk, ("targets",), day)
    days = {team.id: team.hours.minutes_of_day for team in file.teams if team.hours and not team.hours.always}
    always = {team.id for team in file.teams if team.hours and team.hours.always}
    for path, service in _with_paths(file.groups, ("catalogue",)):
        if service.targets:
            is_always = service.hours == "always" or service.team in always
            of_service = targets_of(service.targets, desk)
            minutes = DAY if is_always else days.get(service.team, day)
            yield from contradictions(of_service, (*path, "targets"), minutes)


def _with_paths(groups: Sequence[Group], path: yaml_lines.Path) -> Iterator[tuple[yaml_lines.Path, Service]]:
    for index, group in enumerate(groups):
        for place, service in enumerate(group.services):
            yield (*path, index, "services", place), service
        yield from _with_paths(group.groups, (*path, index, "groups"))


def _refused(path: Path, problems: list[Problem]) -> CatalogueError:
    lines = (
        f"{path}:{line}: {where}: {text}" if where else f"{path}:{line}: {text}"
        for line, where, text in sorted(set(problems))
    )
    return CatalogueError(*lines)
