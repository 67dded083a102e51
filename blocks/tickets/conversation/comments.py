"""Comments on a ticket, as the other side reads them; and the forms to write them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from slack_sdk.models.blocks import ActionsBlock, Block, CheckboxesElement
from slack_sdk.models.blocks.block_elements import FileInputElement
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.block_text import Content
from blocks.kit.files import read_files
from blocks.kit.inputs import (
    FormHead,
    field,
    long_text,
    text_of,
    texts_of,
    ticket_view,
)
from blocks.kit.text import (
    Part,
    bold,
    cut,
    escape,
    note,
    option,
    person,
    quote,
    rich,
    text_part,
    user_text,
)
from blocks.kit.values import Payload
from blocks.kit.view_state import Fields, load_view_state, read_submission
from blocks.tickets.actions import answer_button, detail_button, reply_button
from blocks.tickets.insertion import Offers, TextField, entered, menus, text_field
from blocks.tickets.state import DetailState, FormState, read_event
from blocks.tickets.technician_forms.taking import take_field, takes
from models.lifecycle import Action, Status
from models.tickets.comment import Comment
from models.tickets.draft import NewFile
from models.tickets.ticket import Ticket

_WAITS = "waits"


def for_requester(
    _: Translator, ticket: Ticket, comment: Comment, part: int, *, is_answered: bool = False
) -> Content:
    """A technician's reply, one part of it, in the requester's direct message. `is_answered`: the ticket no
    longer waits for the answer to it."""
    title = _("No. {number}", number=ticket.id) + f" · {ticket.title}"
    done = labels.done(_, comment.event)
    blocks: list[Block] = [note(title), rich([bold(done)])] if part == 0 else []
    blocks += _text(_, comment, part, is_quoted=False)
    if part == comment.pieces - 1:
        blocks += _end(_, ticket, is_answered=is_answered)
    text = "" if comment.deleted_at else cut(comment.piece(part), 150)
    return escape(f"{_('No. {number}', number=ticket.id)} · {done}{_(': ')}{text}"), blocks


def _end(_: Translator, ticket: Ticket, *, is_answered: bool) -> list[Block]:
    """How to answer a reply, or that it was answered."""
    how = (
        _("✅ Your reply has arrived.")
        if is_answered
        else _("To reply, press “Reply” or write in the thread of this message.")
    )
    answer = answer_button(_, ticket, is_primary=ticket.awaits_answer, is_reply=True)
    buttons = [answer, detail_button(_, ticket)]
    return [note(how), ActionsBlock(elements=buttons[1:] if is_answered else buttons)]


def own_text(_: Translator, ticket: Ticket, comment: Comment, part: int) -> Content:
    """What the requester wrote in a form, one part of it, in their own thread."""
    done = _("Your message to the team")
    blocks: list[Block] = [rich([bold(done)])] if part == 0 else []
    text = escape(f"{_('No. {number}', number=ticket.id)} · {done}")
    return text, [*blocks, *_text(_, comment, part, is_quoted=True)]


def for_team(_: Translator, ticket: Ticket, comment: Comment, part: int) -> Content:
    """A comment, one part of it, in the thread of the team's card. One of the requester's mentions the
    assignee."""
    event = comment.event
    done = labels.done(_, event)
    line: list[Part] = [bold(done)]
    if ticket.assignee and ticket.assignee_id != event.actor_id and event.action in _FROM_THE_REQUESTER:
        line += [text_part(" · "), person(_, ticket.assignee.slack_id)]
    blocks: list[Block] = [rich(line)] if part == 0 else []
    blocks += _text(_, comment, part, is_quoted=True)
    is_last = part == comment.pieces - 1
    is_answerable = comment.deleted_at is None and ticket.status is not Status.CLOSED
    if is_last and event.action in _FROM_THE_REQUESTER and is_answerable:
        blocks.append(ActionsBlock(elements=[reply_button(_, ticket)]))
    return escape(f"{_('No. {number}', number=ticket.id)} · {done}"), blocks


_FROM_THE_REQUESTER = {Action.ANSWER, Action.COMMENT}


def _text(_: Translator, comment: Comment, part: int, *, is_quoted: bool) -> list[Block]:
    if comment.deleted_at is not None:
        return [note(_("(deleted by its author)"))] if part == 0 else [note("…")]
    text = comment.piece(part)
    shown: list[Block] = [*(quote(text) if is_quoted else user_text(text))]
    if part == comment.pieces - 1 and comment.edited_at:
        shown.append(note(_("(edited by its author)")))
    return shown or [note("…" if part else _("(a file)"))]


@dataclass(frozen=True)
class NoteState(FormState):
    """`submission`: a uuid made with the form; `event`: as of `SeenState`."""

    submission: str
    event: int | None = None

    @classmethod
    def load(cls, fields: Fields) -> Self:
        form = FormState.load(fields)
        return cls(form.ticket_id, form.detail, read_submission(fields), read_event(fields))

    def dump(self) -> Fields:
        return {**super().dump(), "submission": self.submission, "event": self.event}


def reply_form(
    _: Translator,
    ticket: Ticket,
    *,
    offers: Offers,
    may_wait: bool,
    submission: str,
    detail: DetailState | None = None,
    text: str = "",
) -> View:
    """The form that writes to the requester, with menus of ready-made phrases and articles. `text`: its
    beginning."""
    blocks: list[Block] = [note(_("To: {name}, who will see this reply.", name=ticket.requester.name))]
    blocks += [*menus(_, offers), text_field(reply_field(_), text, 0), *take_field(_, ticket)]
    if may_wait:
        waits = CheckboxesElement(options=[option(_("Put the ticket on hold until they reply"), _WAITS)])
        blocks.append(field(ids.WAITS, _("What next?"), waits, optional=True))
    blocks.append(
        field(ids.FILES, _("Attachments"), FileInputElement(action_id=ids.FILES, max_files=10), optional=True)
    )
    return ticket_view(
        _,
        ticket,
        FormHead(ids.REPLY_FORM, title=_("Reply to the requester"), submit=_("Send")),
        blocks,
        NoteState(ticket.id, detail, submission, ticket.event_count).dump(),
    )


def reply_field(_: Translator) -> TextField:
    """The input of a reply."""
    return TextField(ids.REPLY, _("Your reply"))


@dataclass(frozen=True)
class Reply:
    """A filled reply form."""

    state: NoteState
    text: str
    waits: bool
    files: Sequence[NewFile]
    takes: bool = False


def read_reply(view: Payload) -> Reply:
    """What the reply form says. Raises `StalePayload`, `FieldRefused`."""
    state, waits = NoteState.load(load_view_state(view)), texts_of(view, ids.WAITS)
    return Reply(state, entered(view, ids.REPLY), _WAITS in waits, read_files(view), takes(view))


@dataclass(frozen=True)
class Note:
    """A filled note form."""

    state: NoteState
    text: str


def note_form(_: Translator, ticket: Ticket, *, submission: str, detail: DetailState | None = None) -> View:
    """The form that writes to the team."""
    return ticket_view(
        _,
        ticket,
        FormHead(ids.NOTE_FORM, title=_("Internal note"), submit=_("Save")),
        [long_text(ids.REASON, _("Note"), hint=_("Only your team will see this."), focus=True)],
        NoteState(ticket.id, detail, submission).dump(),
    )


def read_note(view: Payload) -> Note:
    """What the note form says. Raises `StalePayload`, `FieldRefused`."""
    return Note(NoteState.load(load_view_state(view)), text_of(view, ids.REASON))
