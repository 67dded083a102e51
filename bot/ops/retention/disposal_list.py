"""A list of what is due, as text: what the archivist signs."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from sqlalchemy import select
from sqlalchemy.orm import Session

from blocks.i18n import Translator
from blocks.labels import KIND
from models.catalogue import Team
from models.retention.retention_list import Due, RetentionList

_MEGABYTE = 1_000_000
_DOTS = "." * 24


def disposal_list(_: Translator, session: Session, made: RetentionList, time_zone: str) -> str:
    """What a list covers, who produced it, and where to sign."""
    zone = ZoneInfo(time_zone)
    names = _team_names(_, session, {team for line in made.lines for team in line.teams})
    day = _.day(made.made_at.astimezone(zone))
    return "\n".join(
        (
            _("Disposal list No. {number}", number=made.id),
            _("Made on {day} from the IT help desk’s tickets (Guichet).", day=day),
            _("Services that produced the documents: {teams}", teams=", ".join(names.values())),
            *_section(_, [line for line in made.lines if line.is_whole], _whole(_, made, zone)),
            *_section(_, [line for line in made.lines if not line.is_whole], _parts(_, made, zone)),
            "",
            _(
                "Kept for statistics, without names or words: number, kind, service, site, team, impact, "
                "urgency, priority, states, times and rating."
            ),
            "",
            *_producer(_),
            "",
            *signature(_, made, time_zone),
        )
    )


def _producer(_: Translator) -> Iterator[str]:
    """Where the service signs that asks for the visa (Code du patrimoine, art. R212-14)."""
    yield _("For the service that asks for the visa")
    for head in (_("Name and function:"), _("Date:"), _("Signature:")):
        yield f"{head} {_DOTS}"


def signature(_: Translator, made: RetentionList, time_zone: str) -> Iterator[str]:
    """Where to sign, or by whom it was signed."""
    yield _("Archivist’s visa (Code du patrimoine, art. L212-2 and R212-14)")
    if made.approved_at is None:
        for head in (_("Reference:"), _("Date:"), _("Signature:")):
            yield f"{head} {_DOTS}"
        yield ""
        command = f"guichet retention approve {made.id} --visa " + _("REFERENCE")
        yield _("Nothing is erased before the visa is recorded: {command}", command=command)
    elif made.visa is None:
        yield _("Not required (RETENTION_VISA_REQUIRED=false).")
    else:
        at = _.date_time(made.approved_at, time_zone)
        yield _("Recorded on {at}, reference “{visa}”.", at=at, visa=made.visa)


def megabytes(_: Translator, size: int) -> str:
    """A number of bytes as "12.3 MB"; what is not nothing is never 0."""
    number = max(size / _MEGABYTE, 0.1) if size else 0
    return _("{number} MB", number=format_decimal(number, "#,##0.0", locale=_.locale))


def _whole(_: Translator, made: RetentionList, zone: ZoneInfo) -> str:
    day = _before(_, made.tickets_before, zone)
    return _("Tickets closed before {day}: all that they say and whom they name is erased", day=day)


def _parts(_: Translator, made: RetentionList, zone: ZoneInfo) -> str:
    day = _before(_, made.files_before, zone)
    return _("Tickets closed before {day}: their files and internal notes are erased", day=day)


def _before(_: Translator, moment: datetime, zone: ZoneInfo) -> str:
    return _.day(moment.astimezone(zone))


def _section(_: Translator, lines: Sequence[Due], title: str) -> Iterator[str]:
    if not lines:
        return
    yield from ("", title)
    heads = _("Year"), _("Kind"), _("Tickets"), _("Files"), _("Volume"), _("Notes"), _("Inclusive dates")
    rows = [_row(_, str(line.year), _(KIND[line.kind]), line) for line in lines]
    days = [day for line in lines for day in (line.first, line.last) if day is not None]
    total = Due(
        0,
        lines[0].kind,
        tickets=sum(line.tickets for line in lines),
        files=sum(line.files for line in lines),
        size=sum(line.size for line in lines),
        notes=sum(line.notes for line in lines),
        first=min(days, default=None),
        last=max(days, default=None),
    )
    yield from _table([heads, *rows, _row(_, _("Total"), "", total)])


def _row(_: Translator, head: str, kind: str, line: Due) -> tuple[str, ...]:
    numbers = (_.number(line.tickets), _.number(line.files), megabytes(_, line.size), _.number(line.notes))
    return head, kind, *numbers, f"{_short(line.first)} – {_short(line.last)}"


def _short(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _table(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Texts to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.rjust(width) if 1 < place < len(row) - 1 else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield f"  {'  '.join(cells)}".rstrip()


def _team_names(_: Translator, session: Session, ids: Collection[str]) -> Mapping[str, str]:
    teams = session.scalars(select(Team).where(Team.id.in_(ids)).order_by(Team.position, Team.id))
    return {team.id: team.name.in_(_.locale) for team in teams}
