"""What people say to each other: the reply form, notes, and what is typed, edited or deleted in threads."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from blocks import ids
from blocks.app_home import door_blocks, door_text
from blocks.i18n import Translator
from blocks.kit.files import new_files
from blocks.kit.inputs import read_about
from blocks.kit.mrkdwn import as_typed
from blocks.kit.values import pressed, read_number
from blocks.tickets import comments as conversation
from bot.context.actor import Asker, name_of
from bot.context.rules import Rules
from bot.db.session import Sessions, transact
from bot.listeners.interaction import place_of, show, view_of
from bot.listeners.tickets.my_tickets import close_form
from bot.services.tickets import actions as tickets
from bot.services.tickets import comments
from bot.services.tickets.comments import Typed
from bot.slack.directory import Directory
from models.lifecycle import Action, Role, Status
from models.tickets.ticket import Ticket

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
    number, now = read_number(pressed(action)), clock()
    technician = directory.with_team_of(person, number)
    with sessions() as session:
        ticket = tickets.check(session, technician, number, Action.REPLY, rules=rules, now=now)
        may_wait = Action.ASK in ticket.allowed({Role.TECHNICIAN}, now=now, reopen_days=0)
        view = conversation.reply_form(
            _,
            ticket,
            phrases=ticket.team.phrases,
            may_wait=may_wait,
            submission=str(uuid4()),
            place=place_of(body),
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
    rules: Rules,
    clock: Callable[[], datetime],
    _: Translator,
) -> None:
    """A technician chose a ready-made phrase: it goes after what they have typed."""
    number = read_about(view_of(body)).ticket_id
    technician = directory.with_team_of(person, number)
    with sessions() as session:
        ticket = tickets.check(session, technician, number, Action.REPLY, rules=rules, now=clock())
        phrases = ticket.team.phrases
    index = read_number(pressed(action))
    client.views_update(
        view_id=view_of(body)["id"], view=conversation.with_phrase(_, view_of(body), phrases, index)
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
            submission=form.submission,
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
    number = read_number(pressed(action))
    technician = directory.with_team_of(person, number)
    with sessions() as session:
        ticket = tickets.check(session, technician, number, Action.NOTE, rules=rules, now=clock())
        view = conversation.note_form(_, ticket, submission=str(uuid4()), place=place_of(body))
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
    form, now = conversation.read_note(view), clock()
    number = form.about.ticket_id
    technician = directory.with_team_of(person, number)
    transact(
        sessions,
        lambda session: comments.note(
            session, technician, number, form.text, submission=form.submission, rules=rules, now=now
        ),
    )
    close_form(ack, sessions, technician, _, rules, now, number=number, place=form.about.detail)


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
    """Somebody wrote to Guichet: words for the team under one of their own messages; to anything else Guichet
    says what it can do."""
    heard = _hear(event, sessions, directory, person, rules, clock())
    if heard is None or heard.status is Status.CLOSED:
        words = door_text(_) if heard is None else _say_that_it_is_closed(_, heard)
        client.chat_postEphemeral(
            channel=event["channel"],
            user=person.slack_id,
            thread_ts=event.get("thread_ts"),
            text=words,
            blocks=door_blocks(_) if heard is None else None,
        )
    ack()


def write_in_channel(
    ack: Ack,
    context: BoltContext,
    event: dict[str, Any],
    sessions: Sessions,
    directory: Directory,
    rules: Rules,
    clock: Callable[[], datetime],
) -> None:
    """Somebody wrote in a thread of a channel: a note, when it is under a team's card."""
    with sessions() as session:
        thread = comments.thread_at(session, event["channel"], event["thread_ts"], writer=event["user"])
    if thread is not None:
        # Who writes elsewhere is not our business; here the words of a refusal need their language.
        context["person"] = directory.asker(event["user"])
        _hear(event, sessions, directory, context["person"], rules, clock())
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
    root = event.get("thread_ts")
    if root is None:
        return None
    with sessions() as session:
        thread = comments.thread_at(session, event["channel"], root, writer=event["user"])
        text = as_typed(event, name_of(session))
    if thread is None:
        return None
    # A requester's words need no team, so they do not wait for what Slack says of one.
    in_team = thread.is_teams and thread.ticket_id is not None
    author = directory.with_team_of(person, thread.ticket_id or 0) if in_team else person
    typed = Typed(event["channel"], event["ts"], root, text, new_files(event.get("files")))
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
    app.event("message", matchers=[_is_written, is_in_person])(write_message)
    app.event("message", matchers=[_is_written, _is_in_a_thread])(write_in_channel)
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
    """By a person: not an edit, a deletion, or what an app says."""
    return event.get("subtype") in WRITTEN and "bot_id" not in event


def is_in_person(event: dict[str, Any]) -> bool:
    """Whether a message stands in somebody's direct message with Guichet."""
    return event.get("channel_type") == "im"


def _is_in_a_thread(event: dict[str, Any]) -> bool:
    return "thread_ts" in event


def _was_written(event: dict[str, Any]) -> bool:
    """Not one of our own edits, nor what is left of a deleted message."""
    message = event["message"]
    return "bot_id" not in message and message.get("subtype") in WRITTEN
