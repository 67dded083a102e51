"""What Slack sends when people use the help desk, as signed requests."""

from collections.abc import Sequence
from uuid import uuid4

from blocks import ids
from tests.bench.acknowledgement.load import Json, Request, interaction, signed
from tests.bench.history import PEOPLE

CARD: Json = {
    "type": "message",
    "ts": "1700000000.000001",
    "text": "Ticket",
    "blocks": [],
}


def commands(number: int) -> list[Request]:
    """`/mes-tickets`, by different people."""
    return [
        signed(
            {
                "command": ids.COMMAND_MY_TICKETS,
                "text": "",
                "user_id": _person(each),
                "user_name": "bench",
                "team_id": "T0BENCH",
                "api_app_id": "A0BENCH",
                "channel_id": "C0BENCH",
                "channel_name": "general",
                "trigger_id": "1.2.3",
                "response_url": "http://127.0.0.1:9/",
            }
        )
        for each in range(number)
    ]


def takes(tickets: Sequence[int]) -> list[Request]:
    """ "Je prends", by a technician, on the card of each ticket."""
    return [
        interaction(
            {
                **head("block_actions", "U0P2"),
                "trigger_id": "1.2.3",
                "response_url": "http://127.0.0.1:9/",
                "container": {"type": "message", "channel_id": "C0BENCH", "message_ts": CARD["ts"]},
                "channel": {"id": "C0BENCH", "name": "dnum"},
                "message": CARD,
                "actions": [
                    {
                        "type": "button",
                        "action_id": ids.TAKE,
                        "block_id": "b",
                        "value": str(ticket),
                        "action_ts": CARD["ts"],
                        "text": {"type": "plain_text", "text": "Je prends"},
                    }
                ],
            }
        )
        for ticket in tickets
    ]


def submissions(number: int) -> list[Request]:
    """The ticket form, by different people; each counts once."""
    return [interaction(submission(_person(each))) for each in range(number)]


def submission(person: str) -> Json:
    """The payload of one."""
    chosen = {ids.STATUS: "new", ids.IMPACT: "person", ids.URGENCY: "high", ids.SITE: "iut"}
    typed = {ids.TITLE: "Imprimante en panne", ids.DESCRIPTION: "Depuis ce matin, plus rien n’en sort."}
    values: Json = {
        name: {name: {"type": "static_select", "selected_option": {"value": value}}}
        for name, value in chosen.items()
    }
    values |= {name: {name: {"type": "plain_text_input", "value": value}} for name, value in typed.items()}
    return {
        **head("view_submission", person),
        "view": {
            "id": "V0BENCH",
            "type": "modal",
            "callback_id": ids.TICKET_FORM,
            "private_metadata": f'{{"submission": "{uuid4()}"}}',
            "hash": "1.x",
            "blocks": [],
            "state": {"values": values},
        },
    }


def head(kind: str, person: str) -> Json:
    user = {"id": person, "username": "bench", "name": "bench", "team_id": "T0BENCH"}
    team = {"id": "T0BENCH", "domain": "bench"}
    return {"type": kind, "token": "x", "api_app_id": "A0BENCH", "team": team, "user": user}


def _person(number: int) -> str:
    return f"U0P{3 + number % (PEOPLE - 2)}"
