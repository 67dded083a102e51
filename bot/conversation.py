"""What several listeners do: change a ticket in one transaction, show a view where the person is."""

from datetime import datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.models.views import View

from bot import tickets
from bot.db import Sessions, transact
from bot.people import Asker
from bot.tickets import Rules
from models.lifecycle import Action
from models.ticket import Ticket


def act(
    sessions: Sessions,
    asker: Asker,
    ticket_id: int,
    action: Action,
    *,
    surface: str,
    rules: Rules,
    now: datetime,
    said: str | None = None,
    resolution: int | None = None,
) -> Ticket:
    """`tickets.act` in a transaction of its own."""
    return transact(
        sessions,
        lambda session: tickets.act(
            session,
            asker,
            ticket_id,
            action,
            said=said,
            surface=surface,
            rules=rules,
            now=now,
            resolution=resolution,
        ),
    )


def in_modal(body: dict[str, Any]) -> bool:
    """Whether somebody acted in a modal, and not on a message or in the Home."""
    return bool((body.get("view") or {}).get("type") == "modal")


def show(client: WebClient, body: dict[str, Any], view: View) -> None:
    """Show a view: in place of the modal that the person is in, or in a new one."""
    if in_modal(body):
        client.views_update(view_id=body["view"]["id"], view=view)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=view)
