"""What follows once a person's own data was sent, or was given up."""

from dataclasses import dataclass
from datetime import timedelta

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.own_data.requests import queue_own_data_failure
from bot.services.removals.queue import remove_file, remove_message
from models.outbox.delivery import Delivery
from models.outbox.details import OwnDataDetails
from models.person import Person

KEPT_FOR = timedelta(days=7)
"""How long Slack keeps the message and its file."""


@dataclass(frozen=True)
class Posted:
    """The message with the file."""

    channel: str
    ts: str
    link: str
    """The address that opens it."""


def after_sending(uow: UnitOfWork, delivery_id: int, posted: Posted) -> None:
    """Save where the message is, and have it deleted with its file after `KEPT_FOR`."""
    row = _row(uow, delivery_id)
    file, until = row.details_as(OwnDataDetails).file, uow.now + KEPT_FOR
    row.details = OwnDataDetails(file, posted.link)
    uow.session.get_one(Person, row.person_id).dm_channel = posted.channel
    if file is not None:
        remove_file(uow, file, at=until)
    remove_message(uow, posted.channel, posted.ts, at=until)


def after_giving_up(uow: UnitOfWork, delivery_id: int) -> None:
    """Tell the person; a file that Slack may have is deleted."""
    row = _row(uow, delivery_id)
    if (file := row.details_as(OwnDataDetails).file) is not None:
        remove_file(uow, file)
    queue_own_data_failure(uow, row)


def _row(uow: UnitOfWork, delivery_id: int) -> Delivery:
    """The row as the last attempt left it."""
    return uow.session.get_one(Delivery, delivery_id, populate_existing=True)
