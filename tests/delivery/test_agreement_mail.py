"""The e-mail to an approver: what it says, what it opens, and that it counts for nobody else."""

from datetime import timedelta
from email.message import EmailMessage

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.delivery.errors import NotYet, Superseded
from bot.delivery.rendering.render import render
from bot.delivery.rendering.rendered import RenderedEmail, Sent
from bot.delivery.senders.mail import compose
from bot.notifications.mails import MAILS_MAX, count_mail
from bot.services.approvers.reminders import remind_approvers
from bot.settings import Settings
from models.approvals.approval import Absence, Decision
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.outbox.mail_count import MailCount
from models.tickets.ticket import Ticket
from tests.support.agreements import (
    OF_HOLDER,
    change_person,
    decides,
    posts,
    requested,
    set_steps,
    step_of,
)
from tests.support.factories import create_message_reference
from tests.support.use_case_desk import NOW, SmallDesk

REMINDED = NOW + timedelta(days=2)
LINK = "https://slack.example/archives/D1/p2"


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    set_steps(shared_desk, OF_HOLDER)
    return shared_desk


def reminded(desk: SmallDesk, ticket: Ticket) -> Delivery:
    """The e-mail that goes with the first reminder."""
    desk.work_off(remind_approvers, REMINDED)
    [mail] = [each for each in posts(desk, DeliveryKind.MAIL) if each.person_id != ticket.requester_id]
    return mail


def rendered(desk: SmallDesk, mail: Delivery, after: timedelta = timedelta(minutes=3)) -> RenderedEmail:
    with desk.sessions() as session:
        row = session.get_one(Delivery, mail.id)
        row.started_at = row.created_at + after
        email = render(session, row, locale="fr")
    assert isinstance(email, RenderedEmail)
    return email


def composed(email: RenderedEmail) -> EmailMessage:
    settings = Settings(
        _env_file=None, slack_bot_token=SecretStr("xoxb-1"), slack_signing_secret=SecretStr("s")
    )
    return compose(email, settings, link=LINK)


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return " ".join(str(body.get_content()).split())


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_an_approver_reads_who_asks_for_what_and_where_to_decide(desk: SmallDesk, kind: str) -> None:
    ticket = requested(desk, "oliver")
    text = part(composed(rendered(desk, reminded(desk, ticket))), kind)
    for words in (
        "Camille needs your agreement to a request.",
        "It was sent to you in Slack on 23 November 2026 (Budget holder)",
        "Une imprimante",
        "Requester",
        "Respond in Slack",
        LINK,
    ):
        assert words in text


def test_a_substitute_reads_for_whom_they_decide(desk: SmallDesk) -> None:
    days = {"first_day": NOW.date(), "last_day": NOW.date()}
    with desk.sessions.begin() as session:
        session.add(Absence(person_id=desk.actor("lea").id, substitute_id=desk.actor("oliver").id, **days))
    requested(desk)
    desk.work_off(remind_approvers, REMINDED)
    [mail] = posts(desk, DeliveryKind.MAIL, "oliver")
    assert "You decide for Lea, who is away." in part(composed(rendered(desk, mail)), "plain")


def test_it_is_no_part_of_the_requesters_thread(desk: SmallDesk) -> None:
    ticket = requested(desk)
    with desk.sessions.begin() as session:
        session.get_one(Ticket, ticket.id).mail_root = "<ticket-1@example.org>"
    message = composed(rendered(desk, reminded(desk, ticket)))
    assert (message["In-Reply-To"], message["References"]) == (None, None)


def test_it_is_left_out_once_the_step_is_decided_or_the_approver_is_dropped(desk: SmallDesk) -> None:
    ticket = requested(desk)
    mail = reminded(desk, ticket)
    decides(desk, ticket, "lea", Decision.AGREE)
    with pytest.raises(Superseded):
        rendered(desk, mail)


def test_its_link_opens_the_newest_message_that_asks(desk: SmallDesk) -> None:
    ticket = requested(desk)
    mail = reminded(desk, ticket)
    with pytest.raises(NotYet):
        rendered(desk, mail, timedelta())
    with desk.sessions.begin() as session:
        for number, ts in enumerate(("1.1", "2.2")):
            create_message_reference(
                session,
                ticket.id,
                recipient=f"dm:{desk.actor('lea').id}",
                kind=DeliveryKind.AGREEMENT,
                event_number=step_of(desk, ticket).id,
                part=number,
                channel="D0LEA",
                ts=ts,
            )
    assert rendered(desk, mail, timedelta()).message == Sent("D0LEA", "2.2")


def test_it_uses_up_nobodys_e_mails_and_is_held_by_none(desk: SmallDesk) -> None:
    ticket = requested(desk)
    mail = reminded(desk, ticket)
    lea = desk.actor("lea").id
    with desk.sessions.begin() as session:
        count_mail(session, mail, now=REMINDED)
        assert session.scalars(select(MailCount)).all() == []
        held = {"sent": MAILS_MAX, "reminded_at": REMINDED}
        session.add(MailCount(ticket_id=ticket.id, person_id=lea, **held))
    assert rendered(desk, mail).template == "agreement"


def test_an_approver_without_an_address_gets_none(desk: SmallDesk) -> None:
    ticket = requested(desk)
    mail = reminded(desk, ticket)
    change_person(desk, "lea", email=None)
    with pytest.raises(Superseded):
        rendered(desk, mail)
