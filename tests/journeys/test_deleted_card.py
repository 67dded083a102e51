"""A team's card that somebody deletes comes again, and what is written under the old one is not lost."""

from copy import deepcopy

import pytest
from slack_sdk import WebClient

from blocks import ids
from models.lifecycle import Action
from playground.state.workspace import BOT_TOKEN
from tests.support.help_desk import TRIAGE, Desk, Json, Person
from tests.support.outbox_rows import forgive


@pytest.fixture
def camille(desk: Desk) -> Person:
    camille = desk.person("camille")
    camille.have_filed()
    return camille


@pytest.fixture
def karim(desk: Desk, camille: Person) -> Person:
    return desk.person("karim")


def under(desk: Desk, karim: Person, text: str) -> Json:
    """What Slack tells of words that Karim writes under the card that stands now; not told yet."""
    card = karim.messages(TRIAGE)[-1]
    karim.write("avant", TRIAGE, thread_ts=card["ts"])
    desk.deliver()
    body = deepcopy(desk.received[-1]) | {"event_id": "Ev0UNDER"}
    body["event"] |= {"text": text, "ts": "9999999999.000100", "blocks": []}
    return body


def delete_card(desk: Desk, karim: Person, *, told: bool) -> None:
    """Somebody deletes the newest card; whether Slack tells of it."""
    card, channel = karim.messages(TRIAGE)[-1], desk.slack.slack.workspace.channel(TRIAGE[1:])
    assert channel is not None
    WebClient(token=BOT_TOKEN, base_url=desk.slack.api_url).chat_delete(channel=channel.id, ts=card["ts"])
    if told:
        body: Json = {"type": "event_callback", "team_id": "T0PLAYGRND", "event_id": "Ev0DELETED"}
        body["event"] = {
            "type": "message",
            "subtype": "message_deleted",
            "channel": channel.id,
            "channel_type": "group",
            "deleted_ts": card["ts"],
            "ts": "9999999999.000050",
            "previous_message": {"type": "message", "bot_id": "B0GUICHET0", "ts": card["ts"]},
        }
        desk.dispatch(body)


def notes(desk: Desk) -> int:
    return [action for action, _text in desk.history()].count(Action.NOTE)


def test_a_card_that_was_deleted_comes_again(desk: Desk, karim: Person) -> None:
    delete_card(desk, karim, told=True)
    assert "Imprimante en panne" in karim.messages(TRIAGE)[-1]["text"]
    karim.take()
    assert desk.ticket().assignee.name == "Karim Benali"


def test_a_note_under_a_deleted_card_is_kept_and_told_under_the_new_one(desk: Desk, karim: Person) -> None:
    words = under(desk, karim, "Le toner est commandé.")
    delete_card(desk, karim, told=True)
    desk.dispatch(words)
    assert notes(desk) == 2
    assert karim.reads_thread(TRIAGE) == ["Note interne de Karim Benali\nLe toner est commandé."]
    desk.dispatch(words | {"event_id": "Ev0AGAIN"})
    assert notes(desk) == 2


def test_so_it_is_when_the_deletion_was_found_out_by_editing_the_card(desk: Desk, karim: Person) -> None:
    words = under(desk, karim, "Le toner est commandé.")
    delete_card(desk, karim, told=False)
    karim.forge_click(ids.TAKE, 1, TRIAGE)
    forgive(desk, "message_not_found")
    desk.dispatch(words)
    assert karim.reads_thread(TRIAGE) == ["Note interne de Karim Benali\nLe toner est commandé."]


def test_an_edit_of_such_a_note_follows(desk: Desk, karim: Person) -> None:
    words = under(desk, karim, "Le toner est commandé.")
    delete_card(desk, karim, told=True)
    desk.dispatch(words)
    event = words["event"]
    changed = {
        "type": "message",
        "subtype": "message_changed",
        "channel": event["channel"],
        "channel_type": "group",
        "ts": "9999999999.000300",
        "message": {key: event[key] for key in ("type", "user", "ts", "thread_ts")} | {"text": "Il est là."},
    }
    desk.dispatch(words | {"event_id": "Ev0EDIT", "event": changed})
    [told] = karim.reads_thread(TRIAGE)
    assert told.splitlines()[1] == "Il est là."


def test_who_is_of_no_team_of_the_ticket_writes_no_note_under_a_deleted_card(
    desk: Desk, karim: Person
) -> None:
    words = under(desk, karim, "Bonjour")
    delete_card(desk, karim, told=True)
    words["event"]["user"] = desk.person("marc").slack_id
    before = notes(desk)
    desk.dispatch(words)
    forgive(desk, "user_not_in_channel")
    assert notes(desk) == before
