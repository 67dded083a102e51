"""The requester's form: a reply while the team waits for one, else more details."""

from dataclasses import dataclass

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import FileInputElement
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.files import FORM_MAX, read_files
from blocks.kit.inputs import FormHead, field, long_text, text_of, ticket_view
from blocks.kit.text import cut, note, quote
from blocks.kit.values import Payload
from blocks.kit.view_state import load_view_state
from blocks.tickets.conversation.comments import NoteState
from blocks.tickets.state import DetailState
from models.lifecycle import Status
from models.tickets.draft import NewFile
from models.tickets.ticket import Ticket

QUESTION_MAX = 1_000


def answer_form(
    _: Translator, ticket: Ticket, *, question: str, submission: str, detail: DetailState | None
) -> View:
    """The form that writes to the team. `question`: what the team waits for an answer to, if it wrote it;
    `detail`: the detail that it was opened from, none from a message."""
    blocks: list[Block] = []
    if ticket.status is Status.CLOSED:
        blocks.append(note(_("The team will read your message. The ticket stays closed.")))
    awaited = ticket.awaits_answer
    title = _("Reply") if awaited or detail is None else _("Add details")
    blocks += quote(cut(question, QUESTION_MAX)) if awaited else []
    blocks.append(long_text(ids.REASON, _("Your message"), optional=True, focus=True))
    files = FileInputElement(max_files=FORM_MAX)
    blocks.append(field(ids.FILES, _("Attachments"), files, optional=True))
    return ticket_view(
        _,
        ticket,
        FormHead(ids.ANSWER_FORM, title=title, submit=_("Send")),
        blocks,
        NoteState(ticket.id, detail, submission).dump(),
    )


@dataclass(frozen=True)
class Answer:
    """A filled form."""

    state: NoteState
    text: str
    files: list[NewFile]


def read_answer(view: Payload) -> Answer:
    """What the form says. Raises `StalePayload`, `FieldRefused`."""
    return Answer(NoteState.load(load_view_state(view)), text_of(view, ids.REASON), read_files(view))
