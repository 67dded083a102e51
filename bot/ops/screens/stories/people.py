"""What the people of a sample desk do to a ticket, each in one call."""

from dataclasses import dataclass
from typing import Any

from bot.ops.screens.cast import REQUESTER, TECHNICIAN
from bot.ops.screens.desk import SampleDesk
from bot.ops.screens.stories import texts
from bot.services.catalogue import offered_services
from bot.services.children import attaching
from bot.services.tickets import satisfaction, triage
from bot.services.tickets.actions import act
from bot.services.tickets.comments import replies
from bot.services.tickets.duplicates import resolution
from bot.services.tickets.new_ticket import open_ticket
from models.lifecycle import Action, HoldReason, Rating
from models.tickets.draft import TicketDraft


@dataclass(frozen=True)
class Case:
    """A ticket, and what happens to it."""

    desk: SampleDesk
    number: int

    def requester(self, action: Action, text: str | None = None) -> None:
        """Its requester does this."""
        self.desk.do(REQUESTER, act, self.number, action, text=text)

    def technician(self, action: Action, text: str | None = None) -> None:
        """The technician does this."""
        self.desk.do(TECHNICIAN, act, self.number, action, text=text)

    def reply(self, text: str, *, waits: bool = False, files: Any = ()) -> None:
        new = replies.NewReply(text, texts.submission(), files, waits)
        self.desk.do(TECHNICIAN, replies.reply, self.number, new)

    def answer(self, text: str, files: Any = ()) -> None:
        sent = texts.submission()
        self.desk.do(REQUESTER, replies.answer, self.number, text, files=files, submission=sent)

    def note(self, text: str) -> None:
        sent = texts.submission()
        self.desk.do(TECHNICIAN, replies.note, self.number, text, submission=sent)

    def hold(self, reason: HoldReason = HoldReason.PART) -> None:
        self.desk.do(TECHNICIAN, triage.hold, self.number, triage.NewHold(reason, why=texts.PARAGRAPH))

    def requalify(self, why: str = "", **changed: str) -> None:
        self.desk.do(TECHNICIAN, triage.requalify, self.number, changed, why)

    def resolve(self, solution: str = texts.SHORT, words: str = "") -> None:
        self.desk.do(TECHNICIAN, resolution.resolve, self.number, resolution.Solution(solution, words))

    def duplicate_of(self, other: int) -> None:
        self.desk.do(TECHNICIAN, triage.link_duplicate, self.number, other, texts.SHORT)

    def attach_to(self, other: int) -> None:
        self.desk.do(TECHNICIAN, attaching.attach, self.number, other)

    def rate(self, rating: Rating, opinion: str = "") -> None:
        self.desk.do(REQUESTER, satisfaction.rate, self.number, rating)
        if opinion:
            self.desk.do(REQUESTER, satisfaction.comment, self.number, opinion)


def file(desk: SampleDesk, draft: TicketDraft | None = None, by: str = REQUESTER) -> Case:
    """Somebody files a ticket."""
    given = draft or texts.incident()
    return Case(desk, desk.do(by, lambda uow: open_ticket(uow, given).id))


def for_outages(desk: SampleDesk, *wanted: str) -> list[str]:
    """Those of these services that an outage may concern: not confidential ones."""
    groups = desk.do(None, lambda uow: offered_services(uow.session))
    offered = {each.id for _group, services in groups for each in services}
    return [each for each in wanted if each in offered]
