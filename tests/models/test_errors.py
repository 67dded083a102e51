"""Every error of the help desk has a message, and every field a block."""

from collections.abc import Iterator
from datetime import UTC, datetime
from string import Formatter

import pytest

from blocks.kit.fields import BLOCKS
from models.approvals.errors import AgreementSettled, ChosenTooEarly, NotPassedOn
from models.departures.errors import DepartureOver, NotBackYet
from models.details import EventDetails
from models.errors import (
    LIMIT_MESSAGES,
    ActedMeanwhile,
    AgreementAsked,
    ChasedToday,
    ChasedTooEarly,
    Done,
    DraftUsed,
    HelpDeskError,
    Limit,
    LimitReached,
    MadeFromMessage,
    NotRecorded,
    OutageResolved,
    PostponedEnough,
    ReopeningTooLate,
    RoleRefused,
    TicketClosed,
    TicketForgotten,
    TransitionRefused,
)
from models.fields import MESSAGES, Field, FieldReason, FieldRefused
from models.lifecycle import Action, Status
from models.retention.errors import ListApproved, ListUnknown, VisaTooLong

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ONE_OF_EACH = {
    TransitionRefused: TransitionRefused(1, Action.TAKE, Status.NEW, None, Action.TAKE, "Karim", NOW),
    RoleRefused: RoleRefused(Action.TAKE),
    ReopeningTooLate: ReopeningTooLate(1, 10),
    NotRecorded: NotRecorded(handed_over=True),
    NotPassedOn: NotPassedOn(is_over=True),
    DraftUsed: DraftUsed(1),
    TicketClosed: TicketClosed(1),
    TicketForgotten: TicketForgotten(1, NOW),
    ListApproved: ListApproved(1, NOW, "AD74 2026-1"),
    ListUnknown: ListUnknown(1),
    VisaTooLong: VisaTooLong(80),
    PostponedEnough: PostponedEnough(1),
    ChasedTooEarly: ChasedTooEarly(NOW),
    ChasedToday: ChasedToday(NOW),
    OutageResolved: OutageResolved("Karim", NOW),
    LimitReached: LimitReached(Limit.FILES, 10, NOW),
    ActedMeanwhile: ActedMeanwhile(3, [Done(Action.REPLY, "Karim", NOW, EventDetails())]),
    MadeFromMessage: MadeFromMessage(12, may_open=True),
    DepartureOver: DepartureOver("Karim"),
    NotBackYet: NotBackYet("Karim"),
    AgreementAsked: AgreementAsked(1),
    AgreementSettled: AgreementSettled(1, "declined", "Léa", NOW),
    ChosenTooEarly: ChosenTooEarly(1, 5),
    FieldRefused: FieldRefused(Field.TITLE, FieldReason.BLANK),
}


def classes(of: type[HelpDeskError] = HelpDeskError) -> Iterator[type[HelpDeskError]]:
    for each in of.__subclasses__():
        yield each
        yield from classes(each)


@pytest.mark.parametrize("error", list(classes()))
def test_every_error_has_a_message_and_what_fills_it(error: type[HelpDeskError]) -> None:
    one = ONE_OF_EACH.get(error) or error()
    names = {name for _text, name, _spec, _conversion in Formatter().parse(one.message) if name}
    assert names <= {*one.values, "done", "state"}


def test_every_reason_every_limit_and_every_field_is_known() -> None:
    assert set(MESSAGES) == set(FieldReason)
    assert set(LIMIT_MESSAGES) == set(Limit)
    assert set(BLOCKS) == set(Field) - {Field.QUESTION}
