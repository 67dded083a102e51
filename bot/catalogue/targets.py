"""The targets of `catalogue.yaml`: within which working time tickets are taken in charge, and resolved."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.catalogue.parts import Part, refused
from bot.catalogue.yaml_lines import Path
from models.calendar.service_level import SHIPPED_TARGETS, Target, Targets
from models.calendar.working_time import WorkingTime, WorkingTimeError, read_working_time
from models.lifecycle import Priority

LONGEST = WorkingTime(days=366)
TIME = "working time such as 4h, 90m, 1d or 1d 4h"
EXPECTED: Mapping[str, str] = {
    "targets": "priorities P1 to P4 with their targets, such as P1: {taken: 1h, resolved: 4h}",
    **dict.fromkeys(Priority, "the keys taken and resolved, such as {taken: 1h, resolved: 4h}"),
    **dict.fromkeys(("taken", "resolved"), TIME),
}


def _time(text: str) -> str:
    try:
        time = read_working_time(text)
    except WorkingTimeError as error:
        raise refused(str(error)) from error
    if time.days > LONGEST.days or time.minutes > LONGEST.days * 24 * 60:
        raise refused(f"“{text}” is longer than a year — expected at most {LONGEST}")
    return text


Time = Annotated[str, AfterValidator(_time)]


class TargetInFile(Part):
    taken: Time | None = None
    resolved: Time | None = None


class TargetsInFile(Part):
    """What is not written is as it is above: in the desk's targets, or those that are shipped."""

    p1: TargetInFile = Field(default=TargetInFile(), alias="P1")
    p2: TargetInFile = Field(default=TargetInFile(), alias="P2")
    p3: TargetInFile = Field(default=TargetInFile(), alias="P3")
    p4: TargetInFile = Field(default=TargetInFile(), alias="P4")


def targets_of(given: TargetsInFile | None, above: Targets = SHIPPED_TARGETS) -> Targets:
    """All targets: those given, and for the rest those above."""
    if given is None:
        return above
    parts = dict(zip(Priority, (given.p1, given.p2, given.p3, given.p4), strict=True))
    return {each: _over(parts[each], above[each]) for each in Priority}


def _over(given: TargetInFile, above: Target) -> Target:
    times = (("taken", given.taken), ("resolved", given.resolved))
    return replace(above, **{name: read_working_time(text) for name, text in times if text is not None})


def contradictions(targets: Targets, path: Path, day: int) -> Iterator[tuple[Path, str]]:
    """Which targets contradict each other, each with its path below that of the targets. `day`: the minutes
    of `1d`."""

    def minutes(time: WorkingTime) -> int:
        return time.days * day + time.minutes

    for priority, target in targets.items():
        if minutes(target.taken) > minutes(target.resolved):
            what = f"{priority} has {target.taken} until it is taken, which is longer than {target.resolved}"
            text = f"{what} until it is resolved — expected at most {target.resolved}"
            yield (*path, priority, "taken"), text
    for one, other in pairwise(Priority):
        for name in ("taken", "resolved"):
            more, less = getattr(targets[one], name), getattr(targets[other], name)
            if minutes(more) > minutes(less):
                what = f"{one} has {more}, which is longer than {less} of {other}"
                yield (*path, one, name), f"{what} — give {one} at most {less}, or {other} more"
