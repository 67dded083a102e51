"""What the account of a run holds to be lost."""

from typing import Any

from sqlalchemy import update

from bot.services.approvers.complete import complete_request
from bot.services.outages.attaching import attach
from models.approvals.approval import Decision
from models.lifecycle import Action
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.tickets.event import Event
from tests.chaos.account.agreements import reckon_agreements
from tests.chaos.account.messages import Messages, Posted, reckon_messages
from tests.chaos.account.outages import reckon_outages
from tests.chaos.account.table import Account
from tests.chaos.account.tickets import reckon_tickets
from tests.chaos.people.ledger import Ledger
from tests.support.agreements import OF_HOLDER, decides, posts, requested, set_steps
from tests.support.factories import make_delivery
from tests.support.outage_desk import OutageDesk
from tests.support.use_case_desk import SmallDesk


def sent(key: str, ts: str, **more: Any) -> Delivery:
    return make_delivery(key=key, remote_id=ts, state=DeliveryState.SENT, ticket_id=1, **more)


def lost(*deliveries: Delivery, there: set[str]) -> list[str]:
    account = Account()
    reckon_messages(deliveries, Messages([], there, [], {}, set(), set()), account)
    return [line for line in account.wrong if line.startswith("Slack messages lost")]


def test_a_message_that_is_not_in_slack_is_lost() -> None:
    card = sent("1:1:card", "1.0")
    assert lost(card, there={"1.0"}) == []
    assert lost(card, there=set()) == ["Slack messages lost: 1:1:card"]


def test_a_prompt_is_deleted_for_the_next_one_or_an_answer() -> None:
    first = sent("1:3:prompt", "3.0", kind=DeliveryKind.PROMPT, event_number=3)
    second = sent("1:5:prompt", "5.0", kind=DeliveryKind.PROMPT, event_number=5)
    answered = sent("1:6:prompt", "", kind=DeliveryKind.PROMPT, event_number=6)
    assert lost(first, second, there={"5.0"}) == []
    assert lost(first, second, there={"3.0"}) == ["Slack messages lost: 1:5:prompt"]
    assert lost(first, second, answered, there=set()) == []


def test_a_ticket_attached_to_an_outage_is_not_lost(shared_desk: SmallDesk) -> None:
    desk = OutageDesk(shared_desk)
    own = shared_desk.ticket_in_state()
    outage = desk.declare()
    desk.follow(outage)
    shared_desk.do(lambda uow: attach(uow, own.id, outage.id), desk.karim)
    account = Account()
    ledger = Ledger(submitted={own.title}, acknowledged={own.title}, declared={outage.title})
    with shared_desk.sessions() as session:
        reckon_tickets(session, Messages([], set(), [], {}, set(), set()), ledger, account)
        reckon_outages(session, ledger, account)
    assert account.wrong == []
    assert account.rows["tickets that follow one"] == 2


def wrong_of_agreements(desk: SmallDesk, *asking: Delivery, words: str = "") -> list[str]:
    """What is wrong while these messages stand with their buttons."""
    posted = [Posted(row.key, "D1", f"{place}.0") for place, row in enumerate(asking)]
    messages, account = Messages(posted, set(), [], {}, set(), {each.ts for each in posted}), Account()
    ledger = Ledger(about_agreements={words} if words else set())
    with desk.sessions() as session:
        reckon_agreements(session, desk.deliveries(), messages, ledger, account)
    return [line.partition(":")[0] for line in account.wrong]


def test_one_message_asks_each_approver_until_it_is_decided(shared_desk: SmallDesk) -> None:
    set_steps(shared_desk, OF_HOLDER)
    ticket = requested(shared_desk)
    [message] = posts(shared_desk, DeliveryKind.AGREEMENT)
    assert wrong_of_agreements(shared_desk, message) == []
    assert wrong_of_agreements(shared_desk) == ["approvers without a message that asks"]
    decides(shared_desk, ticket, "lea", Decision.AGREE)
    assert wrong_of_agreements(shared_desk, message) == ["messages that ask for what is decided"]
    assert wrong_of_agreements(shared_desk) == []


def test_words_and_decisions_are_there_once(shared_desk: SmallDesk) -> None:
    set_steps(shared_desk, OF_HOLDER)
    ticket = requested(shared_desk)
    assert "words about agreements lost" in wrong_of_agreements(shared_desk, words="Trop cher.")
    decides(shared_desk, ticket, "lea", Decision.DECLINE, "Trop cher.")
    assert wrong_of_agreements(shared_desk, words="Trop cher.") == []
    with shared_desk.sessions.begin() as session:
        session.execute(update(Event).values(action=Action.AGREE))
    assert wrong_of_agreements(shared_desk) == ["agreements doubled"]


def test_words_after_the_agreement_are_a_message_to_the_team(shared_desk: SmallDesk) -> None:
    set_steps(shared_desk, OF_HOLDER)
    ticket = requested(shared_desk)
    decides(shared_desk, ticket, "lea", Decision.AGREE)
    shared_desk.do(
        lambda uow: complete_request(uow, ticket.id, "Bureau 12.", answers=[]), shared_desk.actor("camille")
    )
    assert wrong_of_agreements(shared_desk, words="Bureau 12.") == []
