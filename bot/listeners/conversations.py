"""What people say to each other: the reply form, notes, and what is typed, edited or deleted in threads."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from blocks import conversation, ids
from blocks.files import new_files
from blocks.forms import read_about, value_of
from blocks.home import door_blocks, door_text
from blocks.i18n import Translator
from blocks.typed import as_typed
from bot import comments, tickets
from bot.comments import Typed
from bot.conversation import place_of, show
from bot.db import Sessions, transact
from bot.directory import Directory
from bot.listeners.my_tickets import close_form
from bot.people import Asker, name_of
from bot.tickets import Rules
from models.lifecycle import Action, Role, Status
from models.ticket import Ticket

WRITTEN = {None, "file_share", "thread_broadcast"}  # the sorts of message that a person writes


def press_reply(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """A technician pressed "Répondre"."""
    number, now = int(action["value"]), clock()
    technician = directory.with_team_of(person, number)
    with sessions() as session:
        ticket = tickets.check(session, technician, number, Action.REPLY, rules=rules, now=now)
        may_wait = Action.ASK in ticket.allowed({Role.TECHNICIAN}, now=now, reopen_days=0)
        view = conversation.reply_form(
            _, ticket, phrases=ticket.team.phrases, may_wait=may_wait, place=place_of(body)
        )
    show(client, body, view)
    ack()


def choose_phrase(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    _: Translator,
) -> None:
    """A technician chose a ready-made phrase: it goes after what they have typed."""
    number = read_about(body["view"]).ticket_id
    technician = directory.with_team_of(person, number)
    with sessions() as session:
        phrases = tickets.ticket_for(session, technician, number).team.phrases
    index = int(action["selected_option"]["value"])
    client.views_update(
        view_id=body["view"]["id"], view=conversation.with_phrase(_, body["view"], phrases, index)
    )
    ack()


def submit_reply(
    ack: Ack,
    view: dict[str, Any],
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """A technician sent a reply."""
    form, now = conversation.read_reply(view), clock()
    number = form.about.ticket_id
    technician = directory.with_team_of(person, number)
    transact(
        sessions,
        lambda session: comments.reply(
            session,
            technician,
            number,
            form.text,
            files=form.files,
            waits=form.waits,
            rules=rules,
            now=now,
        ),
    )
    close_form(ack, sessions, technician, _, rules, now, number=number, place=form.about.detail)


def press_note(
    ack: Ack,
    action: dict[str, Any],
    body: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """A technician pressed "Note interne"."""
    number = int(action["value"])
    technician = directory.with_team_of(person, number)
    with sessions() as session:
        ticket = tickets.check(session, technician, number, Action.NOTE, rules=rules, now=clock())
        view = conversation.note_form(_, ticket, place=place_of(body))
    show(client, body, view)
    ack()


def submit_note(
    ack: Ack,
    view: dict[str, Any],
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """A technician wrote a note for their team."""
    about, now = read_about(view), clock()
    technician = directory.with_team_of(person, about.ticket_id)
    text = value_of(view, ids.REASON) or ""
    transact(
        sessions,
        lambda session: comments.note(session, technician, about.ticket_id, text, rules=rules, now=now),
    )
    close_form(ack, sessions, technician, _, rules, now, number=about.ticket_id, place=about.detail)


def write_message(
    ack: Ack,
    event: dict[str, Any],
    client: WebClient,
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """Somebody wrote: a note under a team's card, words for the team under one of their own messages; to
    anything else in their direct message Guichet says what it can do."""
    heard = _hear(event, sessions, directory, person, rules, clock())
    in_person = event["channel_type"] == "im"
    if in_person and (heard is None or heard.status is Status.CLOSED):
        words = door_text(_) if heard is None else _say_that_it_is_closed(_, heard)
        client.chat_postEphemeral(
            channel=event["channel"],
            user=person.slack_id,
            thread_ts=event.get("thread_ts"),
            text=words,
            blocks=door_blocks(_) if heard is None else None,
        )
    ack()


def _hear(
    event: dict[str, Any],
    sessions: Sessions,
    directory: Directory,
    person: Asker,
    rules: Rules,
    now: datetime,
) -> Ticket | None:
    """The ticket under one of whose messages it was written, with the words kept; `None` elsewhere."""
    thread = event.get("thread_ts")
    if thread is None:
        return None
    with sessions() as session:
        number = comments.ticket_of_thread(session, event["channel"], thread)
        text = as_typed(event, name_of(session))
    if number is None:
        return None
    author = directory.with_team_of(person, number)
    typed = Typed(event["channel"], event["ts"], thread, text, new_files(event.get("files")))
    return transact(sessions, lambda session: comments.hear(session, author, typed, rules=rules, now=now))


def edit_message(ack: Ack, event: dict[str, Any], sessions: Sessions, clock: Callable[[], datetime]) -> None:
    """Somebody edited a message: what was passed on follows."""
    message, now = event["message"], clock()

    with sessions() as session:
        text = as_typed(message, name_of(session))
    transact(sessions, lambda session: comments.edit(session, event["channel"], message["ts"], text, now=now))
    ack()


def delete_message(
    ack: Ack, event: dict[str, Any], sessions: Sessions, clock: Callable[[], datetime]
) -> None:
    """Somebody deleted a message: its words leave what was passed on."""
    now = clock()
    transact(
        sessions,
        lambda session: comments.delete(session, event["channel"], event["deleted_ts"], now=now),
    )
    ack()


def register(app: App) -> None:
    app.action(ids.ANSWER_REQUESTER)(press_reply)
    app.action(ids.PHRASE)(choose_phrase)
    app.view(ids.REPLY_FORM)(submit_reply)
    app.action(ids.WRITE_NOTE)(press_note)
    app.view(ids.NOTE_FORM)(submit_note)
    app.event("message", matchers=[_is_written])(write_message)
    app.event({"type": "message", "subtype": "message_changed"}, matchers=[_was_written])(edit_message)
    app.event({"type": "message", "subtype": "message_deleted"})(delete_message)
    app.event("message")(ignore)


def ignore(ack: Ack) -> None:
    """A message of our own, or of Slack's: nothing to answer."""
    ack()


def _say_that_it_is_closed(_: Translator, ticket: Ticket) -> str:
    return _(
        "Your message was passed on, but No. {number} is closed. To have it worked on again, open it and "
        "press “Reopen”.",
        number=ticket.id,
    )


def _is_written(event: dict[str, Any]) -> bool:
    """By a person, to Guichet or in a thread: what else is said in a channel is not its business."""
    return is_to_us(event) and event.get("subtype") in WRITTEN and "bot_id" not in event


def is_to_us(event: dict[str, Any]) -> bool:
    """Whether a message stands where Guichet listens."""
    return event.get("channel_type") == "im" or "thread_ts" in event


def _was_written(event: dict[str, Any]) -> bool:
    """Not one of our own edits, nor what is left of a deleted message."""
    message = event["message"]
    return "bot_id" not in message and message.get("subtype") in WRITTEN
