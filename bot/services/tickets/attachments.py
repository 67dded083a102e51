"""A ticket's files."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session, joinedload

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.files import announce_erasure, queue_copy, was_copy_queued
from bot.services.audit.reading import saw
from bot.services.tickets.actions import locked
from bot.services.tickets.allowance import check_files
from bot.services.tickets.history import event_numbered
from models.errors import FileGone, TicketNotFound
from models.lifecycle import Role
from models.outbox.kinds import Queue
from models.outbox.recipient import Recipient
from models.tickets.attachment import Attachment, AttachmentReason, AttachmentState, FileCopy
from models.tickets.comment import Comment
from models.tickets.draft import NewFile, TicketDraft
from models.tickets.file_name import cut_name
from models.tickets.form_draft import FormDraft
from models.tickets.ticket import Ticket

NAME_MAX = 255
SENT_AGAIN_AFTER = timedelta(hours=1)
LEFTOVERS = 100  # files in one transaction
FORMS_KEPT_FOR = timedelta(days=7)


def attachments(session: Session, ticket: Ticket, roles: Collection[Role]) -> Sequence[Attachment]:
    """Its files, in the order they came; those of notes are for technicians."""
    query = select(Attachment).where(Attachment.ticket_id == ticket.id)
    if Role.TECHNICIAN not in roles:
        query = query.where(~Attachment.is_internal)
    return session.scalars(query.order_by(Attachment.id).options(joinedload(Attachment.comment))).all()


def count_files(session: Session, numbers: Collection[int]) -> Mapping[int, int]:
    """How many files each of these tickets has, by its number; those without any are left out."""
    if not numbers:
        return {}
    counts = select(Attachment.ticket_id, func.count()).where(Attachment.ticket_id.in_(numbers))
    return dict(session.execute(counts.group_by(Attachment.ticket_id)).all())


def ticket_of(uow: UnitOfWork, file_id: int) -> int:
    """The number of the ticket that a file is of. Raises `TicketNotFound`."""
    file = uow.session.get(Attachment, file_id)
    if file is None:
        raise TicketNotFound
    return file.ticket_id


def send_copy(uow: UnitOfWork, file_id: int) -> tuple[Attachment, bool]:
    """Send a file to the direct message of the actor, once in `SENT_AGAIN_AFTER`; and whether that was done
    now. Raises `TicketNotFound` for a file that they may not see, `FileGone`."""
    file = uow.session.get(Attachment, file_id)
    if file is None:
        raise TicketNotFound
    ticket = locked(uow, file.ticket_id)
    roles = uow.actor.roles(ticket)
    if not roles or (file.is_internal and Role.TECHNICIAN not in roles):
        raise TicketNotFound
    if file.state is AttachmentState.FAILED:
        raise FileGone
    saw(uow, ticket)
    reader = Recipient(Queue.DIRECT_MESSAGE, uow.actor.id)
    if was_copy_queued(uow, file, reader, uow.now - SENT_AGAIN_AFTER):
        return file, False
    event = file.comment.event if file.comment else event_numbered(uow.session, ticket, 1)
    assert event is not None
    queue_copy(uow, event, file, reader)
    return file, True


def links_to_copies(
    session: Session, files: Sequence[Attachment], recipients: Collection[Recipient]
) -> Mapping[int, str]:
    """By the ids of these files, where Slack shows the copies that were posted for these recipients; rather
    the one in a direct message."""
    copies = select(FileCopy.attachment_id, FileCopy.permalink).where(
        FileCopy.attachment_id.in_([file.id for file in files]),
        FileCopy.recipient.in_([str(each) for each in recipients]),
        FileCopy.permalink.is_not(None),
    )
    rows = session.execute(copies.order_by(FileCopy.recipient.desc())) if files else ()
    return {row.attachment_id: row.permalink for row in rows}


def without_known(session: Session, files: Sequence[NewFile], stored: ColumnElement[bool]) -> list[NewFile]:
    """Those of the files that are not among the `stored` attachments."""
    known = set(session.scalars(select(Attachment.slack_file_id).where(stored)).all())
    return [file for file in files if file.slack_file_id not in known]


def add_files(
    uow: UnitOfWork, ticket: Ticket, files: Sequence[NewFile], comment: Comment | None = None
) -> list[Attachment]:
    """Files that came with a ticket's form, or with a comment; the same one twice is one. What a form named
    is taken from its sender only. Raises `LimitReached`."""
    new = {
        file.slack_file_id: file for file in reversed(files)
    }  # of two, the first: the one of the form draft
    rows = [
        Attachment(
            ticket=ticket,
            comment=comment,
            is_internal=comment is not None and comment.is_internal,
            slack_file_id=file.slack_file_id,
            name=cut_name(file.name, NAME_MAX),
            media_type=file.media_type[:255],
            size=file.size,
            owner_slack_id=None if file.is_from_message else file.owner or uow.actor.slack_id,
        )
        for file in reversed(new.values())
    ]
    if rows:
        check_files(uow, new.values())
        uow.session.add_all(rows)
        uow.session.flush()
    return rows


def keep_form(uow: UnitOfWork, draft: TicketDraft) -> None:
    """Save what the form of a message cannot hold, and its files, since a client may alter the form."""
    uow.session.add(
        FormDraft(
            submission=draft.submission,
            person_id=uow.actor.id,
            files=list(draft.files),
            rest=draft.rest,
            message_draft_id=draft.message_draft_id,
            messages=list(draft.messages),
            created_at=uow.now,
        )
    )


def kept_form(uow: UnitOfWork, draft: TicketDraft) -> FormDraft | None:
    """What was saved for a form, if it is the actor's."""
    form = uow.session.get(FormDraft, draft.submission) if draft.is_kept else None
    return form if form is not None and form.person_id == uow.actor.id else None


def with_kept(uow: UnitOfWork, draft: TicketDraft) -> TicketDraft:
    """The form with what was saved for it; that is deleted."""
    form = kept_form(uow, draft)
    if form is None:
        return draft
    description = f"{draft.description.rstrip()}{form.rest}" if form.rest else draft.description
    files = [*form.files, *draft.files]
    uow.session.delete(form)
    return replace(draft, description=description, files=files)


def remove_leftovers(uow: UnitOfWork) -> None:
    """Queue the removal of stored files that their authors deleted: version 0.1 removed copies only."""
    left = select(Attachment).where(
        Attachment.reason == AttachmentReason.DELETED,
        Attachment.key.is_not(None),
        Attachment.comment_id.is_not(None),
    )
    for file in uow.session.scalars(left.order_by(Attachment.id).limit(LEFTOVERS)).all():
        announce_erasure(uow, file)


def delete_form_drafts(uow: UnitOfWork) -> None:
    """Delete the drafts of forms that were not sent."""
    uow.session.execute(
        delete(FormDraft).where(FormDraft.created_at < uow.now - FORMS_KEPT_FOR),
        execution_options={"synchronize_session": False},
    )
