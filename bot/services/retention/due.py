"""What is due to be forgotten, as queries and as the lines of a list."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.orm import Session

from bot.services.retention.cut_offs import CutOffs
from models.lifecycle import Kind, Status
from models.retention.retention_list import Due
from models.tickets.attachment import Attachment
from models.tickets.comment import Comment
from models.tickets.ticket import Ticket

_HAS_FILES = select(Attachment.id).where(Attachment.ticket_id == Ticket.id).correlate(Ticket).exists()
_HAS_NOTES = (
    select(Comment.id).where(Comment.ticket_id == Ticket.id, Comment.is_internal).correlate(Ticket).exists()
)


def tickets_due(cut_offs: CutOffs) -> ColumnElement[bool]:
    """Whether a ticket is to be forgotten as a whole."""
    return _closed_before(cut_offs.tickets) & Ticket.forgotten_at.is_(None)


def files_due(cut_offs: CutOffs) -> ColumnElement[bool]:
    """Whether a ticket has files or notes that are to be forgotten, and is kept itself."""
    is_kept = Ticket.closed_at >= cut_offs.tickets
    has_any = Ticket.files_forgotten_at.is_(None) & or_(_HAS_FILES, _HAS_NOTES)
    return _closed_before(cut_offs.files) & is_kept & has_any


def _closed_before(moment: datetime) -> ColumnElement[bool]:
    return (Ticket.status == Status.CLOSED) & (Ticket.closed_at < moment)


def lines_of(session: Session, cut_offs: CutOffs, zone: ZoneInfo) -> list[Due]:
    """What is due, by the year of closing and the kind."""
    lines: dict[tuple[bool, int, Kind], Due] = {}
    for is_whole, condition in ((True, tickets_due(cut_offs)), (False, files_due(cut_offs))):
        files, notes = (_counts(session, query) for query in _parts(condition))
        for row in session.execute(_tickets(condition)).yield_per(1_000):
            opened, closed = (at.astimezone(zone).date() for at in (row.opened_at, row.closed_at))
            key = (is_whole, closed.year, row.kind)
            line = lines.setdefault(key, Due(closed.year, row.kind, is_whole=is_whole))
            of_files, of_notes = files.get(row.id, (0, 0)), notes.get(row.id, (0, 0))
            more = Due(closed.year, row.kind, is_whole, 1, *of_files, of_notes[0])
            lines[key] = line.plus(more, row.team_id, opened, closed)
    return [lines[key] for key in sorted(lines, key=lambda key: (not key[0], key[1], key[2]))]


def _tickets(condition: ColumnElement[bool]) -> Select[int, Kind, str, datetime, datetime | None]:
    columns = (Ticket.id, Ticket.kind, Ticket.team_id, Ticket.opened_at, Ticket.closed_at)
    return select(*columns).where(condition)


def _parts(condition: ColumnElement[bool]) -> Sequence[Select[int, int, int]]:
    """The files of the tickets, and their notes: how many, and how many bytes."""
    files = select(Attachment.ticket_id, func.count(), func.coalesce(func.sum(Attachment.size), 0))
    notes = select(Comment.ticket_id, func.count(), literal(0)).where(Comment.is_internal)
    of_files = files.join(Ticket, Ticket.id == Attachment.ticket_id).where(condition)
    of_notes = notes.join(Ticket, Ticket.id == Comment.ticket_id).where(condition)
    return of_files.group_by(Attachment.ticket_id), of_notes.group_by(Comment.ticket_id)


def _counts(session: Session, query: Select[int, int, int]) -> dict[int, tuple[int, int]]:
    return {number: (int(count), int(size)) for number, count, size in session.execute(query)}
