"""Draws the messages that are due on a sample desk, as the worker does; nothing is sent."""

from collections.abc import Iterator, Mapping

from sqlalchemy import update

from bot.delivery import message_references, outbox
from bot.delivery.errors import NotYet, Superseded
from bot.delivery.handlers import approvers
from bot.delivery.handlers.portions import do_portion
from bot.delivery.rendering.render import render
from bot.delivery.rendering.rendered import (
    ApproverReading,
    FoundApprovers,
    Outcome,
    Rendered,
    RenderedFile,
    RenderedHome,
    RenderedMessage,
    Sent,
)
from bot.ops.screens.cast import APPROVER
from bot.ops.screens.desk import FIRST_LOCALE, OTHER_LOCALES, SampleDesk
from bot.ops.screens.posting import discard, new_ts
from bot.ops.screens.screen import Screen, fault_of
from models.approval_rule import Source
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.tickets.attachment import Attachment, AttachmentState
from models.tickets.event import Event

NAMES: Mapping[DeliveryKind, str] = {
    DeliveryKind.CARD: "the requester’s card",
    DeliveryKind.TRIAGE_CARD: "the team’s card",
    DeliveryKind.THREAD: "a line below the team’s card",
    DeliveryKind.COMMENT: "a message of the conversation",
    DeliveryKind.MOVED: "the card of the former team",
    DeliveryKind.PROMPT: "what is still asked of the requester",
    DeliveryKind.OUTAGE: "the card of an outage",
    DeliveryKind.RESOLUTION: "the request for sign-off",
    DeliveryKind.RESOLUTION_RESULT: "the answered request for sign-off",
    DeliveryKind.DECISION: "the message about a decision",
    DeliveryKind.DECISION_RESULT: "the answered message about a decision",
    DeliveryKind.PROMISE: "the message about a later target",
    DeliveryKind.AGREEMENT: "the request for an agreement",
    DeliveryKind.AGREEMENT_WAIT: "the message about a missing agreement",
    DeliveryKind.REMINDER: "the reminder of what waits",
    DeliveryKind.DRAFT: "the answer to a direct message",
    DeliveryKind.TARGET: "the reminder of a target",
    DeliveryKind.UNTAKEN: "the list of tickets that nobody has taken",
    DeliveryKind.CONFIDENTIAL_WAITING: "the message about a confidential ticket that waits",
    DeliveryKind.OUTAGE_UPDATE: "the update for a follower",
    DeliveryKind.ANNOUNCEMENT: "the announcement of an outage",
    DeliveryKind.UPDATE_DUE: "the reminder of the next update",
    DeliveryKind.DEPARTURE_SUMMARY: "the summary of a departure",
    DeliveryKind.OWN_DATA_FAILURE: "the message that one’s own data could not be sent",
    DeliveryKind.HOME: "the App Home",
}
"""What is drawn of each kind of delivery; the others show nothing in Slack."""


def due_messages(desk: SampleDesk) -> Iterator[Screen]:
    """Draw all that is due now in each language, and count it as sent. What differs from an earlier message
    in words only, and is no longer, is not drawn again."""
    for delivery, rendered in _due(desk):
        title = _title(desk, delivery)
        screens = list(_screen(title, FIRST_LOCALE, delivery, rendered))
        if any(desk.is_new(screen) for screen in screens):
            yield from screens
            for locale in OTHER_LOCALES:
                again = _rendered(desk, delivery, locale)
                yield from _screen(title, locale, delivery, again)
        _complete(desk, delivery, rendered)


def _due(desk: SampleDesk) -> Iterator[tuple[Delivery, Rendered | Exception]]:
    """What there is to send in Slack, rendered in the first language; or why that failed."""
    discard(desk, Delivery.kind == DeliveryKind.MAIL)
    while (delivery := outbox.claim(desk.sessions, now=desk.now)) is not None:
        if delivery.kind.description.lane is None:
            do_portion(desk.sessions, delivery, now=desk.now, settings=desk.settings)
            continue
        rendered = _rendered(desk, delivery, FIRST_LOCALE)
        if isinstance(rendered, NotYet):
            with desk.sessions.begin() as session:
                outbox.retry_later(session, delivery, due_at=rendered.until, cause=rendered.cause)
        elif isinstance(rendered, Superseded):
            _complete(desk, delivery, rendered)
        else:
            yield delivery, rendered


def _rendered(desk: SampleDesk, delivery: Delivery, locale: str) -> Rendered | Exception:
    try:
        with desk.reading_in(locale) as uow:
            return render(uow.session, delivery, locale=locale, escalate="here")
    except Exception as error:  # noqa: BLE001 (whatever it is: the other screens are drawn)
        return error


def _title(desk: SampleDesk, delivery: Delivery) -> str:
    what = NAMES.get(delivery.kind, delivery.kind.value)
    if delivery.event_id is None:
        return what
    with desk.sessions() as session:
        action = session.get_one(Event, delivery.event_id).action
    return f"{what} (after “{action.value.replace('_', ' ')}”)"


def _screen(title: str, locale: str, delivery: Delivery, rendered: Rendered | Exception) -> Iterator[Screen]:
    match rendered:
        case Exception():
            yield Screen(title, locale, "message", kind=delivery.kind, fault=fault_of(rendered))
        case RenderedHome(view=view):
            yield Screen(title, locale, "view", view, delivery.kind)
        case RenderedMessage(only_if_posted=False, blocks=blocks):
            yield Screen(title, locale, "message", {"blocks": list(blocks)}, delivery.kind)


def _complete(desk: SampleDesk, delivery: Delivery, rendered: Rendered | Exception) -> None:
    """Close the delivery; save what follows from a message that was sent."""
    state = DeliveryState.SKIPPED if isinstance(rendered, Exception) else DeliveryState.SENT
    with desk.sessions.begin() as session:
        outbox.complete(session, delivery, state, now=desk.now)
        if isinstance(rendered, Exception):
            return
        outcome = _outcome(rendered)
        message_references.save(session, delivery, rendered, outcome)
        if isinstance(rendered, RenderedFile):
            kept = {"state": AttachmentState.KEPT, "key": f"{rendered.attachment_id}"}
            session.execute(update(Attachment).where(Attachment.id == rendered.attachment_id).values(kept))
        if isinstance(outcome, FoundApprovers):
            approvers.name(session, delivery, outcome, now=desk.now, settings=desk.settings)


def _outcome(rendered: Rendered) -> Outcome:
    """What Slack would answer."""
    match rendered:
        case RenderedMessage(edit_ts=str(ts), channel=channel):
            return Sent(channel or "", ts)
        case RenderedMessage(channel=channel, slack_id=slack_id):
            return Sent(channel or f"D{(slack_id or '')[1:]}", new_ts())
        case ApproverReading(who=who):
            return FoundApprovers([] if who.source is Source.GROUP else [*who.names] or [APPROVER], True)
    return None
