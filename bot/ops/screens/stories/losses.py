"""What never reached a requester, or could not be fetched: lines for the team, and files on the cards."""

from collections.abc import Iterator

from sqlalchemy import select

from bot.context.unit_of_work import UnitOfWork
from bot.notifications.undelivered import announce_undelivered
from bot.notifications.waits.outcome import keep_ticket_open
from bot.ops.screens.desk import SampleDesk
from bot.ops.screens.posting import send
from bot.ops.screens.screen import Screen
from bot.ops.screens.sending import due_messages
from bot.ops.screens.stories import texts
from bot.ops.screens.stories.people import file
from models.lifecycle import Action
from models.outbox.delivery import Delivery
from models.outbox.kinds import KINDS, Loss
from models.outbox.reasons import Undelivered
from models.tickets.attachment import Attachment, AttachmentReason, AttachmentState
from models.tickets.draft import NewFile
from models.tickets.ticket import Ticket

ANNOUNCED = [kind for kind, known in KINDS.items() if known.loss is not Loss.UNANNOUNCED]


def losses(desk: SampleDesk) -> Iterator[Screen]:
    """Each kind of loss, for each reason in turn; a file for each reason why one is not kept."""
    files = [
        NewFile(f"F0SAMPLE10{number}", f"« relevé » n° {number} <notes> & copies.ods", "text/plain", 7, True)
        for number, _reason in enumerate(AttachmentReason)
    ]
    case = file(desk, texts.incident(files=files))
    case.technician(Action.TAKE)
    case.reply(texts.PAGE, files=texts.OTHER_FILES)
    case.resolve(texts.PAGE)
    send(desk)
    desk.do(None, _lose_files, case.number)
    desk.do(None, _lose_messages, case.number)
    case.requester(Action.REFUSE, texts.SHORT)
    yield from due_messages(desk)


def _lose_files(uow: UnitOfWork, number: int) -> None:
    files = select(Attachment).where(Attachment.ticket_id == number, Attachment.comment_id.is_(None))
    for reason, attachment in zip(AttachmentReason, uow.session.scalars(files), strict=True):
        attachment.state, attachment.reason = AttachmentState.FAILED, reason
        attachment.permalink = "https://univ.slack.com/files/U0SAMPLE001/F0SAMPLE100/relev_.ods?a=b&c=<d>"


def _lose_messages(uow: UnitOfWork, number: int) -> None:
    found = select(Delivery).where(Delivery.ticket_id == number, Delivery.kind.in_(ANNOUNCED))
    reasons = list(Undelivered)
    for place, delivery in enumerate(uow.session.scalars(found.order_by(Delivery.id)).all()):
        announce_undelivered(uow, delivery, reasons[place % len(reasons)])
    keep_ticket_open(uow, uow.session.get_one(Ticket, number), Undelivered.MESSAGES_OFF)
