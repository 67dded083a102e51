"""What a team reads of an agreement that does not come."""

from datetime import timedelta

import pytest

from bot.delivery.errors import Superseded
from bot.delivery.rendering.render import render
from bot.delivery.rendering.rendered import RenderedMessage
from bot.services.approvers.reminders import remind_approvers
from bot.services.approvers.unfit import drop_unfit
from models.approvals.approval import Decision
from models.outbox.delivery import Delivery
from models.outbox.details import AgreementLineDetails
from tests.support.agreements import OF_HOLDER, change_person, decides, requested, set_steps
from tests.support.scenarios import cards
from tests.support.use_case_desk import NOW, SmallDesk

WEEK, DAY, MINUTE = timedelta(days=7), timedelta(days=1), timedelta(minutes=1)


def last_line(desk: SmallDesk) -> str:
    line = [each for each in desk.deliveries() if isinstance(each.details, AgreementLineDetails)][-1]
    with desk.sessions() as session:
        rendered = render(session, session.get_one(Delivery, line.id), locale="en")
    assert isinstance(rendered, RenderedMessage)
    return rendered.text


def wait(desk: SmallDesk) -> None:
    for day in (2, 4, 7):
        desk.work_off(remind_approvers, NOW + day * DAY + MINUTE)


def test_the_team_reads_whom_a_request_still_waits_for(shared_desk: SmallDesk) -> None:
    set_steps(shared_desk, OF_HOLDER)
    cards(shared_desk, requested(shared_desk))
    wait(shared_desk)
    assert "Still no agreement from Lea (Budget holder), asked on 23 November 2026." in last_line(shared_desk)


def test_the_line_is_left_out_once_somebody_has_decided(shared_desk: SmallDesk) -> None:
    set_steps(shared_desk, OF_HOLDER)
    ticket = requested(shared_desk)
    cards(shared_desk, ticket)
    wait(shared_desk)
    decides(shared_desk, ticket, "lea", Decision.AGREE)
    with pytest.raises(Superseded):
        last_line(shared_desk)


def test_the_team_reads_who_is_no_longer_asked(shared_desk: SmallDesk) -> None:
    set_steps(shared_desk, OF_HOLDER)
    cards(shared_desk, requested(shared_desk))
    change_person(shared_desk, "lea", is_deactivated=True)
    shared_desk.do(drop_unfit)
    text = last_line(shared_desk)
    assert "Lea can no longer be asked for their agreement to this request (Budget holder)." in text
    assert "the requester chooses somebody" in text
