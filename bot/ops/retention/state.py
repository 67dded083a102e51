"""What `guichet retention` prints without an option: the settings, the lists, what is due."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from blocks.i18n import Translator
from bot.context.unit_of_work import UnitOfWork
from bot.services.retention.cut_offs import cut_offs
from bot.services.retention.due import lines_of
from bot.services.retention.lists import all_lists
from models.retention.errors import RetentionNotChosen
from models.retention.retention_list import RetentionList


def retention_state(_: Translator, uow: UnitOfWork) -> str:
    """Raises `RetentionNotChosen`."""
    settings = uow.settings
    today = cut_offs(settings, uow.now)
    if today is None:
        raise RetentionNotChosen
    return "\n".join(
        (
            _(
                "After their closing, tickets are kept for {tickets} months, their files and internal notes "
                "for {files}.",
                tickets=settings.retention_tickets_months,
                files=settings.retention_files_months,
            ),
            _("The archivist’s visa is required.")
            if settings.retention_visa_required
            else _("No visa is required."),
            *(_line(_, made, settings.default_time_zone) for made in all_lists(uow.session)),
            *_due(_, uow),
        )
    )


def _line(_: Translator, made: RetentionList, time_zone: str) -> str:
    head = _("List No. {number} of {day}:", number=made.id, day=_.day(_local(made, time_zone)))
    if made.approved_at is None:
        waits = _("waits for the archivist’s visa")
        return f"{head} {waits}"
    visa = _("visa “{visa}”", visa=made.visa) if made.visa else _("no visa required")
    if made.done_at is None:
        done = _("under way")
    else:
        done = _("done on {at}", at=_.date_time(made.done_at, time_zone))
    counts = _(
        "tickets erased: {tickets} of {all_tickets}; only their files and notes: {files} of {all_files}",
        tickets=_.number(made.tickets_done),
        all_tickets=_.number(sum(line.tickets for line in made.lines if line.is_whole)),
        files=_.number(made.files_done),
        all_files=_.number(sum(line.tickets for line in made.lines if not line.is_whole)),
    )
    return f"{head} {visa}, {done} ({counts})"


def _local(made: RetentionList, time_zone: str) -> datetime:
    return made.made_at.astimezone(ZoneInfo(time_zone))


def _due(_: Translator, uow: UnitOfWork) -> Iterator[str]:
    today = cut_offs(uow.settings, uow.now)
    assert today is not None
    lines = lines_of(uow.session, today, ZoneInfo(uow.settings.default_time_zone))
    yield _(
        "Due today: tickets: {tickets}; only their files and notes: {files}.",
        tickets=_.number(sum(line.tickets for line in lines if line.is_whole)),
        files=_.number(sum(line.tickets for line in lines if not line.is_whole)),
    )
