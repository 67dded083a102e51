"""What follows once a person's own data was sent, or was given up."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.context.unit_of_work import UnitOfWork
from bot.delivery.rendering.own_data.requests import KEPT_FOR
from bot.delivery.rendering.rendered import Sent
from bot.notifications.own_data.requests import queue_own_data_failure
from bot.services.removals.queue import remove_file, remove_message
from models.outbox.delivery import Delivery
from models.outbox.details import OwnDataDetails
from models.person import Person


def after_sending(session: Session, delivery: Delivery, sent: Sent, link: str, *, now: datetime) -> None:
    """Save where the message is, and have it deleted with its file after `KEPT_FOR`."""
    row = session.get_one(Delivery, delivery.id, populate_existing=True)
    details = row.details_as(OwnDataDetails)
    row.details = OwnDataDetails(details.file, link)
    session.get_one(Person, row.person_id).dm_channel = sent.channel
    uow, until = UnitOfWork(session, now), now + KEPT_FOR
    if details.file is not None:
        remove_file(uow, details.file, at=until)
    remove_message(uow, sent.channel, sent.ts, at=until)


def after_giving_up(session: Session, delivery: Delivery, *, now: datetime) -> None:
    """Tell the person; a file that Slack may have is deleted."""
    uow = UnitOfWork(session, now)
    row = session.get_one(Delivery, delivery.id, populate_existing=True)
    if (file := row.details_as(OwnDataDetails).file) is not None:
        remove_file(uow, file)
    queue_own_data_failure(uow, row)
