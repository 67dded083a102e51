"""What arrived with a ticket, as its requester's card repeats it: answers and files, by name."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from blocks.i18n import Translator
from blocks.kit.files import shown_name
from blocks.kit.text import Part, bold, cut, labelled, note, person, rich, text_part
from models.catalogue import QuestionType
from models.characters import one_line
from models.tickets.answer import Answer
from models.tickets.attachment import Attachment, AttachmentState
from models.tickets.ticket import Ticket

ANSWERS_MAX = 12
LABEL_MAX, ANSWER_MAX = 100, 100
NAMES_MAX = 10
NAME_MAX = 60


def receipt(_: Translator, ticket: Ticket, files: Sequence[Attachment]) -> list[Block]:
    """The answers, short, and the files that the requester sent; none when there are none."""
    lines = [_line(_, answer) for answer in ticket.answers[:ANSWERS_MAX] if answer.value]
    blocks: list[Block] = [rich(*lines)] if lines else []
    if len(ticket.answers) > ANSWERS_MAX:
        blocks.append(note(_("View the details for more.")))
    sent = [file for file in files if _is_sent(file)]
    if sent:
        names = ", ".join(shown_name(_, file, NAME_MAX) for file in sent[:NAMES_MAX])
        blocks.append(note(f"📎 {names}" + (", …" if len(sent) > NAMES_MAX else "")))
    return blocks


def _is_sent(file: Attachment) -> bool:
    """Whether the requester sent it in a form: the thread shows those of their messages."""
    if file.state is AttachmentState.FAILED:
        return False
    comment = file.comment
    return comment is None or (comment.channel is None and comment.author_id == file.ticket.requester_id)


def _line(_: Translator, answer: Answer) -> list[Part]:
    label = cut(answer.label.in_(_.locale).rstrip(), LABEL_MAX)
    if answer.type is QuestionType.PERSON:
        value: Part = person(_, str(answer.value))
    else:
        value = text_part(cut(one_line(answer_text(_, answer)), ANSWER_MAX))
    is_question = label.endswith(("?", "…"))
    return [bold(label), text_part(" "), value] if is_question else labelled(_, label, value)


def answer_text(_: Translator, answer: Answer) -> str:
    """An answer as its reader reads it."""
    if not answer.value:
        return _("(no answer)")
    if answer.type is QuestionType.PERSON or answer.shown is None:
        return str(answer.value)
    return answer.shown.in_(_.locale)
