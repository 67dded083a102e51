"""What several listeners do: change a ticket in one transaction, show a view where the person is."""

from datetime import datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.models.views import View

from blocks.kit.view_state import Place, read_place
from blocks.queue.state import way_back
from bot.context.actor import Asker
from bot.context.rules import Rules
from bot.db.session import Sessions, transact
from bot.services.tickets import actions as tickets
from bot.slack.directory import Directory
from models.errors import FieldRefused, NotServed, OutOfDate
from models.lifecycle import Action
from models.tickets.ticket import Ticket


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


def in_home(body: dict[str, Any]) -> bool:
    """Whether somebody acted in their App Home."""
    return bool((body.get("view") or {}).get("type") == "home")


def view_of(body: dict[str, Any]) -> dict[str, Any]:
    """The modal that somebody acted in. Raises `OutOfDate` when it was none."""
    if not in_modal(body):
        raise OutOfDate
    return dict(body["view"])


def where(body: dict[str, Any]) -> Place:
    """The place that the view keeps that somebody acted in; empty on a message."""
    return read_place(body.get("view") or {})


def place_of(body: dict[str, Any]) -> Place | None:
    """Where the ticket's detail stands that somebody acted in; `None` when they acted on a message."""
    return way_back(where(body)) if in_modal(body) else None


def show(client: WebClient, body: dict[str, Any], view: View) -> None:
    """Show a view: in place of the modal that the person is in, or in a new one."""
    if in_modal(body):
        client.views_update(view_id=body["view"]["id"], view=view)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=view)


def chosen(directory: Directory, slack_id: str, field: str) -> Asker:
    """Somebody who was chosen in a form. Raises `FieldRefused` for whom the help desk does not serve."""
    if not slack_id:
        raise FieldRefused(field, "missing")
    try:
        return directory.asker(slack_id)
    except NotServed:
        raise FieldRefused(field, "not_served") from None
