"""A ticket's files."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.lifecycle import Role
from models.tickets.attachment import Attachment
from models.tickets.comment import Comment
from models.tickets.draft import NewFile
from models.tickets.ticket import Ticket


def attachments(session: Session, ticket: Ticket, roles: Collection[Role]) -> Sequence[Attachment]:
    """Its files, in the order they came; those of notes are for technicians."""
    query = select(Attachment).where(Attachment.ticket_id == ticket.id)
    if Role.TECHNICIAN not in roles:
        query = query.where(~Attachment.is_internal)
    return session.scalars(query.order_by(Attachment.id)).all()


def add_files(
    session: Session, ticket: Ticket, files: Sequence[NewFile], comment: Comment | None = None
) -> list[Attachment]:
    """Files that came with a ticket's form, or with a comment; the same one twice is one."""
    new = {file.slack_file_id: file for file in files}
    rows = [
        Attachment(
            ticket=ticket,
            comment=comment,
            is_internal=comment is not None and comment.is_internal,
            slack_file_id=file.slack_file_id,
            name=file.name[:255],
            media_type=file.media_type[:255],
            size=file.size,
        )
        for file in new.values()
    ]
    if rows:
        session.add_all(rows)
        session.flush()
    return rows
