"""An absence: what is accepted, and whom the steps ask meanwhile."""

from datetime import date, timedelta

import pytest
from pytest_mock import MockerFixture

from bot.services.approvers import substitutes
from bot.services.approvers.absence import delete_absence, forget_absences, present_absence, save_absence
from bot.services.approvers.substitutes import ask_substitutes
from models.approvals.approval import Absence, Decision
from models.fields import Field, FieldReason, FieldRefused
from models.lifecycle import Agreement
from models.outbox.kinds import DeliveryKind
from tests.support.agreements import (
    OF_HOLDER,
    asked_in,
    change_person,
    decides,
    posts,
    requested,
    set_steps,
    step_of,
)
from tests.support.use_case_desk import NOW, SmallDesk

DAY = timedelta(days=1)
TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    set_steps(shared_desk, OF_HOLDER)
    return shared_desk


def is_away(
    desk: SmallDesk,
    name: str = "lea",
    substitute: str | None = "oliver",
    first: date = TODAY,
    last: date = FRIDAY,
) -> None:
    stands_in = desk.actor(substitute).id if substitute else None
    desk.do(lambda uow: save_absence(uow, first, last, stands_in), desk.actor(name))


@pytest.mark.parametrize(
    ("substitute", "first", "last", "field", "reason"),
    [
        ("oliver", FRIDAY, TODAY, Field.LAST_DAY, FieldReason.ENDS_FIRST),
        ("oliver", TODAY - 3 * DAY, TODAY - DAY, Field.LAST_DAY, FieldReason.PAST),
        ("lea", TODAY, FRIDAY, Field.SUBSTITUTE, FieldReason.OWN_SUBSTITUTE),
    ],
)
def test_an_absence_that_cannot_be_is_refused_at_its_field(
    desk: SmallDesk, substitute: str, first: date, last: date, field: Field, reason: FieldReason
) -> None:
    with pytest.raises(FieldRefused) as refused:
        is_away(desk, "lea", substitute, first, last)
    assert (refused.value.field, refused.value.reason) == (field, reason)


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ("is_guest", FieldReason.A_GUEST),
        ("is_stranger", FieldReason.NOT_SERVED),
        ("is_deactivated", FieldReason.UNATTENDED),
    ],
)
def test_a_substitute_whom_no_step_would_ask_is_refused(
    desk: SmallDesk, column: str, reason: FieldReason
) -> None:
    oliver = desk.actor("oliver").id
    change_person(desk, "oliver", **{column: True})
    with pytest.raises(FieldRefused) as refused:
        desk.do(lambda uow: save_absence(uow, TODAY, FRIDAY, oliver), desk.actor("lea"))
    assert (refused.value.field, refused.value.reason) == (Field.SUBSTITUTE, reason)
    assert desk.count(Absence) == 0


def test_an_absence_that_has_begun_may_be_saved_and_replaced(desk: SmallDesk) -> None:
    is_away(desk, first=TODAY - 5 * DAY)
    is_away(desk, substitute=None, last=TOMORROW)
    lea = desk.actor("lea").id
    saved = desk.reading(lambda uow: present_absence(uow, lea))
    assert saved is not None
    assert (saved.first_day, saved.last_day, saved.substitute_id) == (TODAY, TOMORROW, None)
    assert desk.reading(lambda uow: present_absence(uow, lea), now=NOW + 2 * DAY) is None


def test_what_waits_already_is_asked_of_the_substitute_too(desk: SmallDesk) -> None:
    ticket = requested(desk)
    is_away(desk)
    assert asked_in(desk, ticket) == ["Lea", "Oliver"]
    assert len(posts(desk, DeliveryKind.AGREEMENT, "oliver")) == 1
    is_away(desk)
    assert len(posts(desk, DeliveryKind.AGREEMENT, "oliver")) == 1, "once"
    given = decides(desk, ticket, "oliver", Decision.AGREE)
    assert given.agreement is Agreement.GIVEN
    assert desk.history(ticket)[-1].details.for_name == "Lea"


def test_the_substitute_is_asked_on_the_first_day(desk: SmallDesk) -> None:
    ticket = requested(desk)
    is_away(desk, first=TOMORROW)
    desk.do(ask_substitutes)
    assert asked_in(desk, ticket) == ["Lea"]
    for _run in range(2):
        desk.do(ask_substitutes, now=NOW + DAY)
    assert asked_in(desk, ticket) == ["Lea", "Oliver"]
    assert len(posts(desk, DeliveryKind.AGREEMENT, "oliver")) == 1


def test_the_days_of_the_step_go_on_and_what_was_asked_stays(desk: SmallDesk) -> None:
    ticket = requested(desk)
    before = step_of(desk, ticket)
    is_away(desk)
    after = step_of(desk, ticket)
    assert (after.remind_at, after.subject) == (before.remind_at, before.subject)


@pytest.mark.parametrize("substitute", ["camille", "karim"])
def test_a_substitute_who_is_requester_or_unfit_is_not_asked(desk: SmallDesk, substitute: str) -> None:
    ticket = requested(desk)
    is_away(desk, substitute=substitute, first=TOMORROW)
    change_person(desk, "karim", is_guest=True)
    desk.do(ask_substitutes, now=NOW + DAY)
    assert asked_in(desk, ticket) == ["Lea"]


def test_a_substitute_who_is_absent_too_is_not_followed(desk: SmallDesk) -> None:
    ticket = requested(desk)
    is_away(desk, "oliver", "karim")
    is_away(desk, "lea", "oliver")
    desk.do(ask_substitutes, now=NOW + DAY)
    assert asked_in(desk, ticket) == ["Lea", "Oliver"]


def test_a_deleted_absence_leaves_who_was_asked(desk: SmallDesk) -> None:
    ticket = requested(desk)
    is_away(desk)
    desk.do(delete_absence, desk.actor("lea"))
    assert asked_in(desk, ticket) == ["Lea", "Oliver"]
    assert asked_in(desk, requested(desk)) == ["Lea"]


def test_a_substitute_who_can_decide_nothing_keeps_no_other_from_being_asked(
    desk: SmallDesk, mocker: MockerFixture
) -> None:
    mocker.patch.object(substitutes, "PORTION", 1)
    first, second = requested(desk), requested(desk, "oliver")
    is_away(desk, "lea", "karim", first=TOMORROW)
    is_away(desk, "oliver", "lea", first=TOMORROW)
    change_person(desk, "karim", is_deactivated=True)
    desk.do(ask_substitutes, now=NOW + DAY)
    assert (asked_in(desk, first), asked_in(desk, second)) == (["Lea"], ["Oliver", "Lea"])


def test_an_absence_is_forgotten_once_it_is_over_everywhere(desk: SmallDesk) -> None:
    is_away(desk, last=FRIDAY)
    desk.do(forget_absences, now=NOW + 6 * DAY)
    assert desk.count(Absence) == 1
    desk.do(forget_absences, now=NOW + 7 * DAY)
    assert desk.count(Absence) == 0
