"""What the account of a run holds to be lost."""

from typing import Any

from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from tests.chaos.account.messages import Messages, reckon_messages
from tests.chaos.account.table import Account
from tests.support.factories import make_delivery


def sent(key: str, ts: str, **more: Any) -> Delivery:
    return make_delivery(key=key, remote_id=ts, state=DeliveryState.SENT, ticket_id=1, **more)


def lost(*deliveries: Delivery, there: set[str]) -> list[str]:
    account = Account()
    reckon_messages(deliveries, Messages([], there, [], {}, set()), account)
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
