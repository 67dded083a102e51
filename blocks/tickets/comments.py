"""What people say to each other about a ticket, as the other side reads it; and the forms to write it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, CheckboxesElement, StaticSelectElement
from slack_sdk.models.blocks.block_elements import FileInputElement
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.files import read_files
from blocks.kit.inputs import (
    About,
    checked_text,
    field,
    long_text,
    read_about,
    text_of,
    texts_of,
    ticket_view,
)
from blocks.kit.notices import kept
from blocks.kit.text import (
    Part,
    bold,
    cut,
    escape,
    note,
    option,
    person,
    plain,
    quote,
    rich,
    text_part,
    user_text,
)
from blocks.kit.values import read_number
from blocks.kit.view_state import Place, dump_view_state, load_view_state
from blocks.tickets.actions import detail_button
from models.catalogue import Phrase
from models.fields import Field
from models.lifecycle import Action
from models.tickets.comment import Comment
from models.tickets.draft import NewFile
from models.tickets.ticket import Ticket

Message = tuple[str, list[Block]]

_WAITS = "waits"


def for_requester(_: Translator, ticket: Ticket, comment: Comment, part: int) -> Message:
    """A technician's reply, one part of it, in the requester's direct message."""
    title = _("No. {number}", number=ticket.id) + f" · {ticket.title}"
    done = labels.done(_, comment.event)
    blocks: list[Block] = [note(title), rich([bold(done)])] if part == 0 else []
    blocks += _words(_, comment, part, is_quoted=False)
    if part == comment.pieces - 1:
        blocks.append(note(_("To answer, write in the thread of this message.")))
        blocks.append(ActionsBlock(elements=[detail_button(_, ticket)]))
    words = "" if comment.deleted_at else cut(comment.piece(part), 150)
    return escape(f"{_('No. {number}', number=ticket.id)} · {done}{_(': ')}{words}"), blocks


def for_team(_: Translator, ticket: Ticket, comment: Comment, part: int) -> Message:
    """What was said, one part of it, in the thread of the team's card: named, and addressed to who has the
    ticket when that is somebody else."""
    event = comment.event
    done = labels.done(_, event)
    line: list[Part] = [bold(done)]
    if ticket.assignee and ticket.assignee_id != event.actor_id and event.action in _FROM_THE_REQUESTER:
        line += [text_part(" · "), person(ticket.assignee.slack_id)]
    blocks: list[Block] = [rich(line)] if part == 0 else []
    return escape(f"{_('No. {number}', number=ticket.id)} · {done}"), [
        *blocks,
        *_words(_, comment, part, is_quoted=True),
    ]


_FROM_THE_REQUESTER = {Action.ANSWER, Action.COMMENT}


def _words(_: Translator, comment: Comment, part: int, *, is_quoted: bool) -> list[Block]:
    if comment.deleted_at is not None:
        return [note(_("(deleted by its author)"))] if part == 0 else [note("…")]
    words = comment.piece(part)
    shown: list[Block] = [*(quote(words) if is_quoted else user_text(words))]
    if part == comment.pieces - 1 and comment.edited_at:
        shown.append(note(_("(edited by its author)")))
    return shown or [note("…" if part else _("(a file)"))]


def reply_form(
    _: Translator,
    ticket: Ticket,
    *,
    phrases: Sequence[Phrase],
    may_wait: bool,
    submission: str,
    place: Place | None = None,
) -> View:
    """The form that writes to the requester, and says so; ready-made phrases put their words into it."""
    blocks: list[Block] = [note(_("To: {name}. They will read this.", name=ticket.requester.name))]
    if phrases:
        blocks.append(_phrases(_, phrases, 0))
    blocks.append(_reply_text(_, "", 0))
    if may_wait:
        waits = CheckboxesElement(options=[option(_("The ticket waits for their answer"), _WAITS)])
        blocks.append(field(ids.WAITS, _("What next?"), waits, optional=True))
    blocks.append(
        field(ids.FILES, _("Attachments"), FileInputElement(action_id=ids.FILES, max_files=10), optional=True)
    )
    return ticket_view(
        _,
        ticket,
        blocks,
        callback_id=ids.REPLY_FORM,
        title=_("Reply to the requester"),
        submit=_("Send"),
        place=place,
        more={"round": 0, "submission": submission},
    )


def with_phrase(_: Translator, view: dict[str, Any], phrases: Sequence[Phrase], index: int) -> View:
    """The open reply form with a phrase after what was typed. Its block has a new id: under the old one Slack
    would keep the old text."""
    place = load_view_state(view)
    turn = read_number(place.get("round", 0)) + 1
    phrase = phrases[index].text.in_(_.locale) if 0 <= index < len(phrases) else ""
    text = "\n".join(filter(None, [_entered_reply(view).rstrip(), phrase]))
    blocks = []
    for block in view["blocks"]:
        if block["block_id"].startswith(f"{ids.REPLY}:"):
            block = _reply_text(_, text, turn).to_dict()
        elif block["block_id"].startswith(f"{ids.PHRASE}:"):
            block = _phrases(_, phrases, turn).to_dict()
        blocks.append(block)
    return View(blocks=blocks, **kept(view) | {"private_metadata": dump_view_state({**place, "round": turn})})


@dataclass(frozen=True)
class Reply:
    """A filled reply form."""

    about: About
    text: str
    waits: bool
    files: Sequence[NewFile]
    submission: str
    """A uuid drawn with the form."""


def read_reply(view: dict[str, Any]) -> Reply:
    """What the reply form says."""
    waits = texts_of(view, ids.WAITS)
    return Reply(read_about(view), _entered_reply(view), _WAITS in waits, read_files(view), _submission(view))


def note_form(_: Translator, ticket: Ticket, *, submission: str, place: Place | None = None) -> View:
    """The form that writes to the team."""
    return ticket_view(
        _,
        ticket,
        [long_text(ids.REASON, _("Note"), hint=_("Only your team reads this."), focus=True)],
        callback_id=ids.NOTE_FORM,
        title=_("Internal note"),
        submit=_("Keep"),
        place=place,
        more={"submission": submission},
    )


def read_note(view: dict[str, Any]) -> Reply:
    """What the note form says."""
    return Reply(read_about(view), text_of(view, ids.REASON), False, (), _submission(view))


def _submission(view: dict[str, Any]) -> str:
    return str(load_view_state(view).get("submission", ""))[:36]


def _reply_text(_: Translator, text: str, turn: int) -> Block:
    block = long_text(ids.REPLY, _("Your reply"), initial=text, focus=True)
    block.block_id = f"{ids.REPLY}:{turn}"
    return block


def _entered_reply(view: dict[str, Any]) -> str:
    for block_id, inputs in view["state"]["values"].items():
        if block_id.startswith(f"{ids.REPLY}:"):
            return checked_text(inputs.get(ids.REPLY, {}).get("value"), Field.TEXT)
    return ""


def _phrases(_: Translator, phrases: Sequence[Phrase], turn: int) -> ActionsBlock:
    options = [option(phrase.title.in_(_.locale), str(index)) for index, phrase in enumerate(phrases)]
    menu = StaticSelectElement(
        action_id=ids.PHRASE, placeholder=plain(_("Ready-made phrases")), options=options[:100]
    )
    return ActionsBlock(block_id=f"{ids.PHRASE}:{turn}", elements=[menu])
