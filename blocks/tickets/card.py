"""The living cards: the requester's in their direct message, the team's in its triage channel."""

from collections.abc import Callable, Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ContextBlock,
)

from blocks import labels
from blocks.i18n import N_, Translator
from blocks.kit.files import shown_name
from blocks.kit.text import (
    Part,
    bold,
    cut,
    date_time,
    escape,
    header,
    link,
    note,
    person,
    quote,
    rich,
    text_part,
    user_text,
)
from blocks.tickets.actions import detail_button, menu, technician_elements
from models.catalogue import QuestionType
from models.lifecycle import Action, HoldReason, Role, Status
from models.tickets.answer import Answer
from models.tickets.attachment import DELETED, Attachment, AttachmentState
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from models.tickets.transitions import possible

# A message has room for about 12,000 characters (past that: `msg_blocks_too_long`). What a card says beside
# the description, the answers and the solution fits in 2,000.
CARD_MAX = 8_000
NAME_MAX = 80
FILES_MAX = 10  # on the card; a message has room for 50 blocks
OPINION_MAX = 300
_HERE = "\N{OBJECT REPLACEMENT CHARACTER}"  # where a link stands in a sentence
_GONE = N_("its author deleted it")  # `models.tickets.attachment.DELETED`, translated where it is shown


def requester_card(_: Translator, ticket: Ticket, files: Sequence[Attachment] = ()) -> list[Block]:
    """The receipt in the requester's direct message; it follows the ticket for life. Of its `files` it names
    those that could not be had."""
    lines = [_taken_line(_, ticket)] if ticket.assignee else []
    missing = [each for each in files if each.state is AttachmentState.FAILED and each.reason != DELETED]
    return [
        summary_line(_, ticket),
        header(ticket.title),
        rich([text_part(_requester_sentence(_, ticket))], *lines),
        *file_lines(_, missing, most=FILES_MAX),
        ActionsBlock(elements=[detail_button(_, ticket)]),
    ]


def triage_card(
    _: Translator,
    ticket: Ticket,
    *,
    files: Sequence[Attachment],
    refusal: str | None = None,
    notice: str | None = None,
) -> list[Block]:
    """The whole ticket at a glance, with what a technician can do now.

    `refusal` is why its last solution was refused; `notice` stands above all."""
    actions = possible(ticket, {Role.TECHNICIAN})
    blocks: list[Block] = [note(f"⚠️ {notice}")] if notice else []
    blocks += [summary_line(_, ticket), header(ticket.title), facts(_, ticket)]
    blocks += user_text(ticket.description)
    later_text = ticket.solution or refusal or ""
    blocks += answers(_, ticket, limit=CARD_MAX - len(ticket.description) - len(later_text))
    blocks += file_lines(_, files, most=FILES_MAX)
    if refusal and ticket.status is not Status.CLOSED:
        blocks += [note(_("What still does not work:")), *quote(refusal)]
    if ticket.solution:
        blocks += [note(_("Solution:")), *quote(ticket.solution)]
    blocks += [note(line) for line in outcome(_, ticket)]
    elements = technician_elements(_, ticket, actions)
    return [*blocks, ActionsBlock(elements=[*elements, detail_button(_, ticket), *menu(_, ticket, actions)])]


def moved_card(_: Translator, ticket: Ticket, event: Event) -> list[Block]:
    """What is left of the card in the channel of a team that handed the ticket over: nothing to press."""
    return [
        note(_("No. {number}", number=ticket.id)),
        header(ticket.title),
        rich([bold(labels.done(_, event))]),
        *quote(event.text or ""),
    ]


def outcome(_: Translator, ticket: Ticket) -> list[str]:
    """What else is to be said of how the ticket ended."""
    lines = []
    last = ticket.turning_point
    if last is not None and last.action is Action.RECORD_APPROVAL:
        lines.append("☎️ " + labels.done(_, last))
    if ticket.duplicate_of_id:
        lines.append(_("Duplicate of No. {number}", number=ticket.duplicate_of_id))
    if ticket.rating:
        opinion = _("The requester’s opinion: {rating}", rating=_(labels.RATING[ticket.rating]))
        lines.append(
            opinion + (f" · {cut(ticket.rating_comment, OPINION_MAX)}" if ticket.rating_comment else "")
        )
    return lines


def summary_line(_: Translator, ticket: Ticket) -> ContextBlock:
    """Number, kind, state and priority."""
    parts = [
        _("No. {number}", number=ticket.id),
        _(labels.KIND[ticket.kind]),
        labels.state(_, ticket),
        labels.priority(_, ticket),
    ]
    return note(" · ".join(parts))


def facts(_: Translator, ticket: Ticket) -> Block:
    """Who, where, what, since when, and who has it."""

    def line(label: str, value: Part | str) -> list[Part]:
        return [bold(label), text_part(_(": ")), text_part(value) if isinstance(value, str) else value]

    filed = date_time(ticket.opened_at, _.date_time(ticket.opened_at, "UTC"), age=True)
    impact, urgency = _(labels.IMPACT[ticket.impact]), _(labels.URGENCY[ticket.urgency])
    between = [text_part(" · ")]
    in_charge = _taken_line(_, ticket) if ticket.assignee else [text_part(_("Nobody has it yet."))]
    lines = [
        line(_("Requester"), person(ticket.requester.slack_id))
        + between
        + line(_("Site"), ticket.site.name.in_(_.locale)),
        line(_("Impact"), impact) + between + line(_("Urgency"), urgency),
        line(_("Filed"), filed) + between + in_charge,
    ]
    if (ticket.impact, ticket.urgency) != (ticket.declared_impact, ticket.declared_urgency):
        declared = (labels.IMPACT[ticket.declared_impact], labels.URGENCY[ticket.declared_urgency])
        lines.insert(2, line(_("As declared"), " · ".join(map(_, declared))))
    if ticket.filed_by:
        lines.append(line(_("Filed on their behalf by"), person(ticket.filed_by.slack_id)))
    if ticket.source:
        lines.append([link(ticket.source, _("The message that it was made from"))])
    if ticket.outage:
        lines.insert(0, line(_("Outage"), ticket.outage.title))
    if ticket.service:
        lines.insert(0, line(_("Service"), ticket.service.name.in_(_.locale)))
    if ticket.follows_id:
        lines.append(line(_("Follows"), _("No. {number}", number=ticket.follows_id)))
    return rich(*lines)


def answers(_: Translator, ticket: Ticket, *, limit: int, size: Callable[[str], int] = len) -> list[Block]:
    """The service's questions, as they were asked, with their answers, up to `limit` in all: in characters,
    or as `size` measures."""
    lines: list[list[Part]] = []
    for answer in ticket.answers:
        label = answer.label.in_(_.locale)
        value = _answer(_, answer)
        limit -= size(label) + size(value)
        if limit < 0:
            shown: list[Block] = [rich(*lines)] if lines else []
            return [*shown, note(_("There is more: see the details."))]
        given = person(value) if answer.type is QuestionType.PERSON and answer.value else text_part(value)
        lines += [[bold(label)], [given]]
    return [rich(*lines)] if lines else []


def file_lines(_: Translator, files: Sequence[Attachment], *, most: int) -> list[Block]:
    """A line a file; of more than `most`, the newest."""
    lines: list[Block] = [file_line(_, file) for file in files[-most:]]
    return [note("📎 …"), *lines] if len(files) > most else lines


def file_line(_: Translator, file: Attachment) -> Block:
    """A file's name, and why it is not there when it could not be had; Slack may still show it."""
    name = shown_name(_, file, NAME_MAX)
    if file.state is not AttachmentState.FAILED:
        return note(f"📎 {name}")
    reason = _(file.reason) if file.reason else ""
    if not file.permalink:
        return note("⚠️ " + _("{name}: could not be fetched ({reason})", name=name, reason=reason))
    words = _("{name}: could not be fetched ({reason})", name=_HERE, reason=reason)
    before, _here, after = words.partition(_HERE)
    return rich([text_part(f"⚠️ {before}"), link(file.permalink, name), text_part(after)])


def card_text(_: Translator, ticket: Ticket) -> str:
    """A card for notifications and screen readers."""
    words = _("No. {number}", number=ticket.id) + f" · {labels.state(_, ticket)} · {cut(ticket.title, 150)}"
    return escape(words)


def _taken_line(_: Translator, ticket: Ticket) -> list[Part]:
    assert ticket.assignee is not None
    return [bold(_("In charge")), text_part(_(": ")), person(ticket.assignee.slack_id)]


def _answer(_: Translator, answer: Answer) -> str:
    if not answer.value:
        return _("(no answer)")
    if answer.type is QuestionType.PERSON or answer.shown is None:
        return str(answer.value)
    return answer.shown.in_(_.locale)


def _requester_sentence(_: Translator, ticket: Ticket) -> str:
    match ticket.status:
        case Status.NEW | Status.IN_PROGRESS if ticket.is_outage_child:
            return _(
                "This outage is known, and technicians are working on it. When it is over, you will be asked "
                "whether everything works for you."
            )
        case Status.NEW:
            return _("We have your ticket. A technician will take it.")
        case Status.IN_PROGRESS:
            return _("A technician is working on it.")
        case Status.PENDING:
            if ticket.hold_reason is HoldReason.REQUESTER:
                return _("It is waiting for your answer: write it in this thread.")
            return _("It is waiting for something.")
        case Status.RESOLVED:
            return _("A solution is proposed: your approval is asked for below.")
        case Status.CLOSED if ticket.duplicate_of_id:
            return _(
                "This ticket is closed: No. {number} says the same and goes on.",
                number=ticket.duplicate_of_id,
            )
        case Status.CLOSED:
            return _("This ticket is closed.")
