"""A ticket's file: fetched once, stored, copied into threads; removed from all of these."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.db.session import Sessions
from bot.delivery.errors import Retryable, Superseded
from bot.delivery.lease import Lease
from bot.delivery.rendering.rendered import FileRemoval, RenderedFile
from bot.delivery.senders.files import CopyState, SlackFiles
from bot.delivery.senders.transferred import About, FileUnavailable
from bot.notifications.cards import refresh_cards
from bot.notifications.waits.approvals import show_approvals
from bot.storage.base import Store, StoreUnavailable
from models.outbox.delivery import Delivery
from models.outbox.reasons import Reason
from models.tickets.attachment import Attachment, AttachmentState, FileCopy, key_of
from models.tickets.event import Event
from models.tickets.file_name import cut_name

NAME_MAX = 255
CHECKS = 8  # attempts: a minute at least before the last (`bot.delivery.outbox.backoff`)


@dataclass(frozen=True)
class Stored:
    """A file that the store has."""

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
        """Share a copy in the thread. Returns its Slack id; `None` when there is nothing to post, as the
        cards then show. Raises `Retryable`, and `LeaseLost` when a later attempt has the delivery."""
        lease = Lease(self.sessions, delivery, self.clock)
        if rendered.slack_id is not None:
            rendered = replace(rendered, channel=self.slack.open(rendered.slack_id))
        if rendered.channel is not None and (found := self._earlier_copy(delivery, rendered, lease)):
            return found
        try:
            stored = self._stored(delivery, rendered, lease)
        except StoreUnavailable as error:
            raise Retryable(Reason.STORE_UNAVAILABLE, "attachments", error.reason) from error
        if stored is None or rendered.channel is None:
            return None
        lease.renew()
        copy, address = self.slack.announce(stored.name, len(stored.content))
        self._save_copy(delivery, rendered, copy)
        self.slack.upload(address, stored.content, keep=lease.keep)
        lease.renew()
        link = self.slack.complete(copy, rendered, stored.name)
        if link is None:
            raise Retryable(
                Reason.REMOTE_ERROR, "files.completeUploadExternal", "file_not_found", maybe_sent=True
            )
        self._save_link(copy, link)
        return copy

    def remove(self, removal: FileRemoval) -> None:
        """Delete every copy in Slack, and what the store has."""
        for copy in removal.copies:
            self.slack.remove(copy)
            with self.sessions.begin() as session:
                session.execute(delete(FileCopy).where(FileCopy.slack_file_id == copy))
        try:
            for key in removal.keys:
                self.store.delete(key)
        except StoreUnavailable as error:
            raise Retryable(Reason.STORE_UNAVAILABLE, "attachments", error.reason) from error
        with self.sessions.begin() as session:
            file = session.get(Attachment, removal.attachment_id)
            if file is not None:
                file.key = None

    def _stored(self, delivery: Delivery, rendered: RenderedFile, lease: Lease) -> Stored | None:
        if rendered.key:
            with suppress(FileNotFoundError):  # it may be in the folder of another machine
                return Stored(rendered.name, self.store.get(rendered.key))
        try:
            fetched = self.slack.fetch(rendered.slack_file_id, owner=rendered.owner, keep=lease.keep)
        except FileUnavailable as refusal:
            self._save_refusal(delivery, rendered, refusal)
            return None
        with self.sessions() as session:
            key = key_of(_existing(session.get(Attachment, rendered.attachment_id)))
        lease.renew()
        self.store.put(key, fetched.content)
        with self.sessions.begin() as session:
            file = _locked(session, rendered.attachment_id)
            file.state, file.key, file.size = AttachmentState.KEPT, key, len(fetched.content)
            file.digest = sha256(fetched.content).hexdigest()
            if _save_about(file, fetched.about):
                self._refresh_cards(session, delivery, file, why=f"file {file.id} named")
            return Stored(file.name, fetched.content)

    def _save_refusal(self, delivery: Delivery, rendered: RenderedFile, refusal: FileUnavailable) -> None:
        with self.sessions.begin() as session:
            file = _locked(session, rendered.attachment_id)
            _save_about(file, refusal.about)
            file.state, file.reason = AttachmentState.FAILED, refusal.reason
            self._refresh_cards(session, delivery, file, why=f"file {file.id}")

    def _refresh_cards(self, session: Session, delivery: Delivery, file: Attachment, *, why: str) -> None:
        event = session.get_one(Event, delivery.event_id)
        uow = UnitOfWork(session, self.clock())
        refresh_cards(uow, file, event, why=why)
        if not file.is_internal:
            show_approvals(uow, event, why=why)

    def _save_copy(self, delivery: Delivery, rendered: RenderedFile, copy: str) -> None:
        """Save a copy's id before it is visible: a later attempt and a removal find it by that."""
        with self.sessions.begin() as session:
            _locked(session, rendered.attachment_id)
            row = FileCopy(
                slack_file_id=copy,
                attachment_id=rendered.attachment_id,
                delivery_key=delivery.key,
                recipient=delivery.recipient,
            )
            session.add(row)

    def _save_link(self, copy: str, link: str | None) -> None:
        """Save where Slack shows a copy that is in its thread."""
        if link:
            with self.sessions.begin() as session:
                session.execute(update(FileCopy).where(FileCopy.slack_file_id == copy).values(permalink=link))

    def _earlier_copy(self, delivery: Delivery, rendered: RenderedFile, lease: Lease) -> str | None:
        """The copy that an earlier attempt announced, once it is in the thread: it is completed under its own
        id, never announced twice. Deletes the row of one whose bytes never came."""
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
        """Whether a copy is in the thread, after completing it if need be. False when Slack no longer has it.

        Raises `Retryable` while Slack has it and no message shows it. After `CHECKS` attempts it is removed.
        """
        state = self.slack.look(copy, rendered) if delivery.uncertain else CopyState.UNKNOWN
        if state is CopyState.UNKNOWN:
            link = self.slack.complete(copy, rendered, rendered.name)
            if link is not None:
                self._save_link(copy, link)
                return True
            state = self.slack.look(copy, rendered)  # the earlier completion may have been done just now
        if state is CopyState.COMPLETE:
            if delivery.attempt <= CHECKS:
                raise Retryable(Reason.NOT_SHARED_YET, "files.info", maybe_sent=True)
            self.slack.remove(copy)
        if state is CopyState.SHARED:
            self._save_link(copy, self.slack.permalink(copy))
        return state is CopyState.SHARED


def _locked(session: Session, attachment_id: int) -> Attachment:
    """The file, locked until the transaction ends. Raises `Superseded` when its author has deleted it, or it
    was forgotten."""
    file = _existing(session.get(Attachment, attachment_id, with_for_update=True))
    if file.state is AttachmentState.FAILED:
        raise Superseded(Reason.FILE_WITHDRAWN)
    return file


def _existing(file: Attachment | None) -> Attachment:
    if file is None:
        raise Superseded(Reason.FILE_WITHDRAWN)
    return file


def _save_about(file: Attachment, about: About) -> bool:
    """Save what Slack says of a file. Returns whether its name has changed."""
    before = file.name
    file.name = cut_name(about.name or file.name, NAME_MAX)
    file.media_type = (about.media_type or file.media_type)[:255]
    file.permalink = about.permalink
    return file.name != before
