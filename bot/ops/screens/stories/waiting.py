"""What comes with time: reminders for requesters and technicians, the lists of what nobody has taken."""

from collections.abc import Iterator

from bot.ops.screens.desk import SampleDesk
from bot.ops.screens.posting import discard, send
from bot.ops.screens.screen import Screen
from bot.ops.screens.sending import due_messages
from bot.ops.screens.stories import texts
from bot.ops.screens.stories.people import file
from bot.services.clocks.reminders import remind_technicians
from bot.services.tickets.waits.reminders import remind
from models.lifecycle import Action, Urgency

LISTED = 16  # tickets: one more than a list shows


def reminders(desk: SampleDesk) -> Iterator[Screen]:
    """Eight tickets of one person that wait for them, and the ninth."""
    for number in range(9):
        case = file(desk, texts.incident(f"{number} · {texts.TITLE}"))
        case.technician(Action.TAKE)
        if number % 2:
            case.reply(texts.PARAGRAPH, waits=True)
        else:
            case.resolve(texts.PARAGRAPH)
    discard(desk)
    for days in (3, 4):
        desk.pass_days(days)
        desk.job(remind)
        yield from due_messages(desk)


def targets(desk: SampleDesk) -> Iterator[Screen]:
    """Tickets whose targets are nearly over, and over; most of them nobody has taken."""
    taken = file(desk)
    taken.technician(Action.TAKE)
    send(desk)
    for number in range(LISTED):
        file(desk, texts.incident(f"{number} · {texts.TITLE}", urgency=Urgency.CRITICAL))
    discard(desk)
    for days in (2, 3, 7):
        desk.pass_days(days)
        desk.job(remind_technicians)
        yield from due_messages(desk)
