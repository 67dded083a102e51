"""The steps of a ticket's agreement: who was asked, what each of them decided, and what they agreed to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, SmallInteger, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.approval_rule import ApprovalStep, Quorum
from models.base import Base, JsonColumn, UtcDateTime, enum_column, partial_index
from models.person import Person
from models.tickets.answer import Answer


class StepState(StrEnum):
    """How far one step is. A ticket whose agreement is asked has one step of the four that are current."""

    LATER = "later"  # after the present one
    LOOKUP = "lookup"  # Slack is to be asked who the approvers are
    CHOICE = "choice"  # nobody fit was found: the requester, or the team, chooses somebody
    ASKED = "asked"
    INCOMPLETE = "incomplete"  # an approver needs an information from the requester
    GIVEN = "given"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # by a cancellation, another service, or other answers


CURRENT = frozenset({StepState.LOOKUP, StepState.CHOICE, StepState.ASKED, StepState.INCOMPLETE})
_IS_CURRENT = "state IN ('lookup', 'choice', 'asked', 'incomplete')"


class Decision(StrEnum):
    """What an approver answered."""

    AGREE = "agree"
    DECLINE = "decline"
    ASK = "ask"  # for an information: no decision yet


@dataclass(frozen=True)
class AgreedTo:
    """What a request said when its approvers were asked."""

    title: str
    description: str
    answers: tuple[Answer, ...]
    files: tuple[str, ...]
    """The id in Slack of each attachment, sorted; `Attachment.digest` says what was in it."""


class Approval(Base):
    """One step of one ticket."""

    __tablename__ = "approval"
    __table_args__ = (
        UniqueConstraint("ticket_id", "position"),
        partial_index("ix_approval_current", "ticket_id", where=_IS_CURRENT),
        partial_index("ix_approval_remind_at", "remind_at", where="remind_at IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    """1, 2, 3… in the ticket. Asked again, a step is a new one."""
    rule: Mapped[ApprovalStep] = mapped_column(JsonColumn(ApprovalStep))
    """As the catalogue had it when the request was filed."""
    state: Mapped[StepState] = mapped_column(enum_column(StepState), default=StepState.LATER)
    subject: Mapped[AgreedTo | None] = mapped_column(JsonColumn(AgreedTo))
    """What they are asked to agree to; `None` before they are asked."""
    subject_before: Mapped[AgreedTo | None] = mapped_column(JsonColumn(AgreedTo))
    """What they were asked to agree to before the request was completed or changed."""
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its approvers are reminded next, or the fallback is asked; `None` while it waits for nobody."""
    reminded: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """How many of the moments at which something is due have passed."""
    counted_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when its working days count; later than `asked_at` once it stood."""
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when its days stand: an information is missing."""
    has_fallback: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The fallback was asked too."""
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    event_number: Mapped[int | None]
    """The ticket's event that decided it."""
    messages: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """How many messages were queued for the requester about it: that nobody was found, or nobody decides."""
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The technician who asked for it by hand, or recorded it; `None` of a step of the catalogue's."""
    words: Mapped[str | None] = mapped_column(Text)
    """What they wrote to who is asked."""
    version: Mapped[int] = mapped_column()

    approvers: Mapped[list["Approver"]] = relationship(back_populates="approval", order_by="Approver.id")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it from the class)

    @property
    def may_be_chosen(self) -> bool:
        """Whether somebody else may be named whom the step asks: nobody can be asked, or the term is over."""
        is_over = self.reminded > self.rule.moments.index(self.rule.within)
        return self.state is StepState.CHOICE or (self.state is StepState.ASKED and is_over)

    @property
    def asked(self) -> Sequence["Approver"]:
        """Who may decide now, or has decided."""
        return [each for each in self.approvers if each.dropped_at is None]

    @property
    def undecided(self) -> Sequence["Approver"]:
        """Who may still decide. Of an absent approver and who stands in for them, one is enough."""
        agreed = {each.decides_for for each in self.asked if each.decision is Decision.AGREE}
        return [each for each in self.asked if each.decides_for not in agreed]

    @property
    def is_given(self) -> bool:
        """Whether enough of them have agreed. Of the fallback one is enough, and either of an absent
        approver and who decides for them."""
        agreed = [each for each in self.asked if each.decision is Decision.AGREE]
        if self.rule.quorum is Quorum.ONE or any(each.is_fallback for each in agreed):
            return bool(agreed)
        needed = {each.decides_for for each in self.asked if not each.is_fallback}
        return bool(needed) and needed <= {each.decides_for for each in agreed}


class Approver(Base):
    """Somebody who is asked in a step."""

    __tablename__ = "approver"
    __table_args__ = (
        UniqueConstraint("approval_id", "person_id"),
        partial_index("ix_approver_open", "person_id", where="dropped_at IS NULL AND is_open"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approval.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The absent approver for whom they decide."""
    is_fallback: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_open: Mapped[bool] = mapped_column(default=True)
    """They may decide now: the step is asked, and waits for them."""
    decision: Mapped[Decision | None] = mapped_column(enum_column(Decision))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    text: Mapped[str | None] = mapped_column(Text)
    """Why they declined, or what they need to know."""
    messages: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """How many messages were queued that ask them: another one for each reminder, and once the request was
    completed."""
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they were no longer asked: their account is deactivated, or they have left the group."""
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """The technician who recorded that they agreed elsewhere; `text` says where and when."""

    approval: Mapped[Approval] = relationship(back_populates="approvers")
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    stands_in_for: Mapped[Person | None] = relationship(foreign_keys=[for_id])

    @property
    def may_decide(self) -> bool:
        """Whether the step waits for them, or the information they asked for, which they may do without."""
        is_asking = self.decision is Decision.ASK and self.approval.state is StepState.INCOMPLETE
        return self.dropped_at is None and (self.is_open or is_asking)

    @property
    def has_decided(self) -> bool:
        """Whether they agreed or declined."""
        return self.decision in {Decision.AGREE, Decision.DECLINE}

    @property
    def decides_for(self) -> int:
        """The id of the person whose agreement theirs is."""
        return (self.stands_in_for or self.person).id


class Absence(Base):
    """Days on which somebody is away, and who decides for them."""

    __tablename__ = "absence"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    first_day: Mapped[date]
    """In their time zone, as the last one."""
    last_day: Mapped[date]
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    substitute: Mapped[Person | None] = relationship(foreign_keys=[substitute_id])
