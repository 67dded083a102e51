"""Posts the zip file with a person's own data in their direct message, once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from bot.db.session import Sessions
from bot.delivery.errors import LeaseLost, Permanent, Retryable
from bot.delivery.lease import Lease
from bot.delivery.own_data.archive import ArchiveWriter, Wanted
from bot.delivery.rendering.rendered import RenderedOwnData, Sent
from bot.delivery.senders.files import CopyState, SlackFiles
from bot.storage.base import StoreUnavailable
from bot.temporary import temporary_folder
from models.outbox.delivery import Delivery
from models.outbox.details import OwnDataDetails
from models.outbox.reasons import Reason

STORE_WAIT = timedelta(hours=1)
"""How long the store may be away before the person is told that it failed."""
FOLDER = "guichet-own-data-"


@dataclass(frozen=True)
class DirectMessage:
    """Where the file is shared."""

    channel: str | None
    thread_ts: str | None = None


@dataclass(frozen=True)
class OwnDataPosting:
    """Writes the file, uploads it, and finds its message. No session is open while anything is sent."""

    sessions: Sessions
    slack: SlackFiles
    archives: ArchiveWriter
    clock: Callable[[], datetime]

    def post(self, delivery: Delivery, rendered: RenderedOwnData) -> Sent:
        """Share the file. Returns its message. Raises `DeliveryError`; `LeaseLost` when a later attempt has
        the delivery."""
        lease = Lease(self.sessions, delivery, self.clock)
        place = DirectMessage(self.slack.open(rendered.slack_id))
        copy = rendered.file
        if copy is None or not self._is_complete(copy, place, rendered):
            copy = self._upload(delivery, rendered, lease)
            lease.renew()
            if self._complete(copy, place, rendered) is None:
                raise Retryable(
                    Reason.REMOTE_ERROR, "files.completeUploadExternal", "file_not_found", maybe_sent=True
                )
        ts = self.slack.message_of(copy, place)
        if ts is None or place.channel is None:
            raise Retryable(Reason.NOT_SHARED_YET, "files.info", maybe_sent=True)
        return Sent(place.channel, ts)

    def _is_complete(self, copy: str, place: DirectMessage, rendered: RenderedOwnData) -> bool:
        """Whether Slack has the file that an earlier attempt announced, after completing it if need be."""
        if self.slack.look(copy, place) is not CopyState.UNKNOWN:
            return True
        return self._complete(copy, place, rendered) is not None

    def _complete(self, copy: str, place: DirectMessage, rendered: RenderedOwnData) -> str | None:
        return self.slack.complete(copy, place, rendered.file_name, comment=rendered.text)

    def _upload(self, delivery: Delivery, rendered: RenderedOwnData, lease: Lease) -> str:
        with temporary_folder(FOLDER) as folder:
            path = folder / "own-data.zip"
            try:
                with path.open("wb") as file:
                    self.archives.write(file, Wanted(rendered.person_id, self.clock(), lease.keep))
            except StoreUnavailable as error:
                is_over = self.clock() - delivery.created_at >= STORE_WAIT
                refusal = Permanent if is_over else Retryable
                raise refusal(Reason.STORE_UNAVAILABLE, "attachments", error.reason) from error
            lease.renew()
            copy, address = self.slack.announce(rendered.file_name, path.stat().st_size)
            self._save_copy(delivery, copy)
            self.slack.upload(address, path, keep=lease.keep)
        return copy

    def _save_copy(self, delivery: Delivery, copy: str) -> None:
        """Save the file's id before it is visible: a later attempt finds it by that. Raises `LeaseLost`."""
        own = (Delivery.id == delivery.id, Delivery.attempt == delivery.attempt)
        saved = update(Delivery).where(*own).values(details=OwnDataDetails(copy)).returning(Delivery.id)
        with self.sessions.begin() as session:
            if session.execute(saved).one_or_none() is None:
                raise LeaseLost
