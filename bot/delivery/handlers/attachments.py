"""What becomes of a ticket's file: fetched once, kept, copied into threads; taken back with all of that."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.db.session import Sessions
from bot.delivery.errors import Retryable
from bot.delivery.lease import Lease
from bot.delivery.rendering.rendered import FileRemoval, RenderedFile, Superseded
from bot.delivery.senders.files import CopyState, SlackFiles
from bot.delivery.senders.transfer import About, FileUnavailable
from bot.notifications.enqueue import refresh_cards
from bot.storage.base import Store, StoreUnavailable
from models.outbox.delivery import Delivery
from models.tickets.attachment import Attachment, AttachmentState, FileCopy, key_of
from models.tickets.event import Event
from models.tickets.file_name import cut_name

NAME_MAX = 255
LOOKS = 8  # attempts: a minute at least before the last (`bot.delivery.outbox.backoff`)
GONE = "its author took it back before it was posted"


@dataclass(frozen=True)
class Kept:
    """A file that we have."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Attachments:
    """Files between Slack, the store and the database; no session is open while anything is sent."""

    sessions: Sessions
    slack: SlackFiles
    store: Store
    clock: Callable[[], datetime]

    def post(self, delivery: Delivery, rendered: RenderedFile) -> str | None:
        """Share a copy in the thread. Returns its Slack id; `None` when there is nothing to post, which the
        cards then say. Raises `Retryable`, also when a later attempt has taken the delivery over."""
        lease = Lease(self.sessions, delivery, self.clock)
        if rendered.channel is not None and (found := self._earlier_copy(delivery, rendered, lease)):
            return found
        try:
            kept = self._kept(delivery, rendered, lease)
        except StoreUnavailable as error:
            raise Retryable(f"attachments: {error.reason}", reached=False) from error
        if kept is None or rendered.channel is None:
            return None
        lease.renew()
        copy, address = self.slack.announce(kept.name, len(kept.content))
        self._note_copy(delivery, rendered, copy)
        self.slack.upload(address, kept.content, keep=lease.keep)
        lease.renew()
        if not self.slack.complete(copy, rendered, kept.name):
            raise Retryable("files.completeUploadExternal: file_not_found", reached=True)
        return copy

    def take_back(self, removal: FileRemoval) -> None:
        """Remove every copy in Slack, and what the store has."""
        for copy in removal.copies:
            self.slack.remove(copy)
            with self.sessions.begin() as session:
                session.execute(delete(FileCopy).where(FileCopy.slack_file_id == copy))
        try:
            for key in removal.keys:
                self.store.delete(key)
        except StoreUnavailable as error:
            raise Retryable(f"attachments: {error.reason}", reached=False) from error
        with self.sessions.begin() as session:
            session.get_one(Attachment, removal.attachment_id).key = None

    def _kept(self, delivery: Delivery, rendered: RenderedFile, lease: Lease) -> Kept | None:
        if rendered.key:
            with suppress(FileNotFoundError):  # another machine's worker may have kept it, in its own folder
                return Kept(rendered.name, self.store.get(rendered.key))
        try:
            fetched = self.slack.fetch(rendered.slack_file_id, owner=rendered.owner, keep=lease.keep)
        except FileUnavailable as refusal:
            self._note_refusal(delivery, rendered, refusal)
            return None
        with self.sessions() as session:
            key = key_of(session.get_one(Attachment, rendered.attachment_id))
        lease.renew()
        self.store.put(key, fetched.content)
        with self.sessions.begin() as session:
            file = _still_wanted(session, rendered.attachment_id)
            file.state, file.key, file.size = AttachmentState.KEPT, key, len(fetched.content)
            if _note(file, fetched.about):
                self._refresh_cards(session, delivery, file, why=f"file {file.id} named")
            return Kept(file.name, fetched.content)

    def _note_refusal(self, delivery: Delivery, rendered: RenderedFile, refusal: FileUnavailable) -> None:
        with self.sessions.begin() as session:
            file = _still_wanted(session, rendered.attachment_id)
            _note(file, refusal.about)
            file.state, file.reason = AttachmentState.FAILED, refusal.reason
            self._refresh_cards(session, delivery, file, why=f"file {file.id}")

    def _refresh_cards(self, session: Session, delivery: Delivery, file: Attachment, *, why: str) -> None:
        event = session.get_one(Event, delivery.event_id)
        refresh_cards(UnitOfWork(session, self.clock()), file, event, why=why)

    def _note_copy(self, delivery: Delivery, rendered: RenderedFile, copy: str) -> None:
        """Keep a copy's id before anybody sees it: what a later attempt and a removal find it by."""
        with self.sessions.begin() as session:
            _still_wanted(session, rendered.attachment_id)
            row = FileCopy(
                slack_file_id=copy, attachment_id=rendered.attachment_id, delivery_key=delivery.key
            )
            session.add(row)

    def _earlier_copy(self, delivery: Delivery, rendered: RenderedFile, lease: Lease) -> str | None:
        """The copy that an earlier attempt announced, once it stands in the thread: it is completed under its
        own id, never announced twice. Forgets one whose bytes never came."""
        with self.sessions() as session:
            made = select(FileCopy.slack_file_id).where(FileCopy.delivery_key == delivery.key)
            copies = session.scalars(made.order_by(FileCopy.slack_file_id)).all()
        for copy in copies:
            lease.renew()
            if self._is_shared(copy, delivery, rendered):
                return copy
            with self.sessions.begin() as session:
                session.execute(delete(FileCopy).where(FileCopy.slack_file_id == copy))
        return None

    def _is_shared(self, copy: str, delivery: Delivery, rendered: RenderedFile) -> bool:
        """Whether a copy stands in Slack, which may take completing it. False when there is none any more.

        Raises `Retryable` while Slack has it and shows it nowhere. What is not shown for long is taken back.
        """
        state = self.slack.look(copy, rendered) if delivery.uncertain else CopyState.UNKNOWN
        if state is CopyState.UNKNOWN:
            if self.slack.complete(copy, rendered, rendered.name):
                return True
            state = self.slack.look(copy, rendered)  # the earlier completion may have been done just now
        if state is CopyState.COMPLETE:
            if delivery.attempt <= LOOKS:
                raise Retryable("files.info: not shared yet", reached=True)
            self.slack.remove(copy)
        return state is CopyState.SHARED


def _still_wanted(session: Session, attachment_id: int) -> Attachment:
    """The file, which nobody takes back until the transaction ends. Raises `Superseded` when somebody has."""
    file = session.get_one(Attachment, attachment_id, with_for_update=True)
    if file.state is AttachmentState.FAILED:
        raise Superseded(GONE)
    return file


def _note(file: Attachment, about: About) -> bool:
    """Keep what Slack says of a file; whether it has another name than was thought."""
    before = file.name
    file.name = cut_name(about.name or file.name, NAME_MAX)
    file.media_type = (about.media_type or file.media_type)[:255]
    file.permalink = about.permalink
    return file.name != before
