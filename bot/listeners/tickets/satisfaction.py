"""How satisfied the requester is, after their approval."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.values import pressed
from blocks.tickets.satisfaction import opinion_form, read_face, read_opinion
from bot.context.actor import Asker
from bot.context.rules import Rules
from bot.db.session import Sessions, transact
from bot.listeners.interaction import place_of, show
from bot.listeners.tickets.my_tickets import close_form
from bot.services.tickets import satisfaction

FACE = re.compile(rf"^{re.escape(ids.RATE)}\.")


def press_face(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """The requester pressed one of the three faces: it is kept at once, and a comment asked for."""
    (number, rating), now = read_face(pressed(action)), clock()
    ticket = transact(
        sessions,
        lambda session: satisfaction.rate(session, person, number, rating, rules=rules, now=now),
    )
    show(client, body, opinion_form(_, ticket, place=place_of(body)))
    ack()


def submit_opinion(
    ack: Ack,
    view: dict[str, Any],
    sessions: Sessions,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """The requester added a comment, or none."""
    (about, words), now = read_opinion(view), clock()
    if words.strip():
        transact(
            sessions,
            lambda session: satisfaction.comment(session, person, about.ticket_id, words, now=now),
        )
    close_form(ack, sessions, person, _, rules, now, number=about.ticket_id, place=about.detail)


def register(app: App) -> None:
    app.action(FACE)(press_face)
    app.view(ids.SATISFACTION_FORM)(submit_opinion)
