"""The living cards: the requester's in their direct message, the team's in its triage channel."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ContextBlock,
    SectionBlock,
)

from blocks import labels
from blocks.i18n import N_, Translator
from blocks.kit.files import shown_name
from blocks.kit.lists import due_parts, last_text, ticket_summary
from blocks.kit.text import (
    HERE,
    Part,
    bold,
    cut,
    cut_words,
    date_time,
    escape,
    header,
    labelled,
    link,
    note,
    person,
    plain,
    quote,
    rich,
    text_part,
    user_text,
)
from blocks.tickets.actions import (
    action_buttons,
    detail_button,
    menu,
    record_agreement_button,
    technician_elements,
)
from blocks.tickets.requester.promise import promise_lines
from blocks.tickets.requester.receipt import answer_text, receipt
from blocks.tickets.requester.sentence import requester_sentence
from models.catalogue import QuestionType
from models.lifecycle import Action, Role, Status
from models.tickets.attachment import Attachment, AttachmentReason, AttachmentState
from models.tickets.clocks.promise import ShownPromise
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from models.tickets.transitions import possible

# A message holds about 12,000 characters (beyond: `msg_blocks_too_long`). A card's texts fit in 2,000, beside
# the description, the answers and the solution.
CARD_MAX = 8_000
DESCRIPTION_SHOWN = 1_200  # and at most
LINES_SHOWN = 15  # of a description; the others stand in the detail
NAME_MAX = 80
FILES_MAX = 10  # on the card; a message holds 50 blocks
OPINION_MAX = 300
_NOT_FETCHED: Mapping[AttachmentReason, str] = {
    AttachmentReason.DELETED: N_("its author deleted it"),
    AttachmentReason.NOT_SHARED: N_("deleted, or not shared with the help desk"),
    AttachmentReason.HIDDEN_BY_LIMIT: N_("hidden by the limit of the Slack plan"),
    AttachmentReason.NOT_OWNED: N_("it belongs to somebody else"),
    AttachmentReason.EXTERNAL: N_("kept elsewhere, not in Slack"),
    AttachmentReason.UNREADABLE: N_("Slack did not let the help desk read it"),
    AttachmentReason.TOO_LARGE: N_("larger than 10 MB"),
    AttachmentReason.EMPTY: N_("it is empty"),
}


def requester_card(
    _: Translator,
    ticket: Ticket,
    files: Sequence[Attachment] = (),
    promise: ShownPromise | None = None,
    agreement: str = "",
) -> list[Block]:
    """The card in the requester's direct message, updated as the ticket changes. It names what arrived,
    and the `files` that could not be fetched. `agreement`: whose the request waits for."""
    lines = [_assignee(_, ticket)] if ticket.assignee else []
    lines += promise_lines(_, ticket, promise)
    missing = [
        each
        for each in files
        if each.state is AttachmentState.FAILED and each.reason is not AttachmentReason.DELETED
    ]
    return [
        summary_line(_, ticket),
        header(ticket.title),
        rich(*_state(_, ticket, agreement), *lines),
        *receipt(_, ticket, files),
        *file_lines(_, missing, most=FILES_MAX),
        ActionsBlock(
            elements=[
                detail_button(_, ticket),
                *action_buttons(_, ticket, {Action.CHASE}.intersection(possible(ticket, {Role.REQUESTER}))),
            ]
        ),
    ]


def _state(_: Translator, ticket: Ticket, agreement: str) -> list[list[Part]]:
    """Where the ticket is; a new one whose agreement is asked is not yet with the team."""
    sentences = [requester_sentence(_, ticket)]
    if agreement:
        is_new = ticket.status is Status.NEW
        sentences = [_("We have received your request.") if is_new else sentences[0], agreement]
    return [[text_part(each)] for each in sentences]


def triage_card(
    _: Translator,
    ticket: Ticket,
    *,
    files: Sequence[Attachment],
    refusal: str | None = None,
    notice: str | None = None,
    agreement: Sequence[Block] = (),
    children: Sequence[Block] = (),
) -> list[Block]:
    """The card in the team's channel, with what a technician may do now.

    `refusal`: why the last solution was refused; `notice`: a line above all; `agreement`: whom it waits for,
    or who agreed; `children`: the tickets attached to it."""
    actions = possible(ticket, {Role.TECHNICIAN})
    blocks: list[Block] = [note(f"⚠️ {notice}")] if notice else []
    blocks += [summary_line(_, ticket), header(ticket.title), *agreement, facts(_, ticket)]
    blocks += [rich(line) for line in last_text(_, ticket)]
    blocks += children
    shown = cut_words("\n".join(ticket.description.split("\n")[:LINES_SHOWN]), DESCRIPTION_SHOWN)
    blocks += user_text(shown)
    if shown != ticket.description:
        blocks.append(note(_("View the details for more.")))
    later_text = ticket.solution or refusal or ""
    blocks += answers(
        _, ticket, limit=CARD_MAX - min(len(ticket.description), DESCRIPTION_SHOWN) - len(later_text)
    )
    blocks += file_lines(_, files, most=FILES_MAX)
    if refusal and ticket.status is not Status.CLOSED:
        blocks += [note(labels.refused(_, ticket)), *quote(refusal)]
    if ticket.solution:
        blocks += [note(_("Solution:")), *quote(ticket.solution)]
    blocks += [note(line) for line in outcome(_, ticket)]
    elements = technician_elements(_, ticket, actions) + record_agreement_button(_, ticket)
    return [*blocks, ActionsBlock(elements=[*elements, detail_button(_, ticket), *menu(_, ticket, actions)])]


def short_card(_: Translator, ticket: Ticket, notice: str | None = None) -> list[Block]:
    """The card of a ticket that was closed a day ago: number and title, how it ended, its details."""
    title = f"{_('No. {number}', number=ticket.id)} · {ticket.title}"
    last = ticket.turning_point
    ended = [labels.state(_, ticket), *([labels.done(_, last)] if last else []), *outcome(_, ticket)]
    line = SectionBlock(text=plain(cut(title, 300)), accessory=detail_button(_, ticket))
    return [
        *([note(f"⚠️ {notice}")] if notice else []),
        line,
        note(cut(" · ".join(dict.fromkeys(ended)), 500)),
    ]


def moved_card(_: Translator, ticket: Ticket, event: Event) -> list[Block]:
    """The card in the channel of a team that handed the ticket over: without buttons. That of an attached
    ticket opens its detail."""
    is_attached = event.action is Action.ATTACH
    return [
        note(_("No. {number}", number=ticket.id)),
        header(ticket.title),
        rich([bold(labels.done(_, event))]),
        *quote(event.text or ""),
        *([ActionsBlock(elements=[detail_button(_, ticket)])] if is_attached else []),
    ]


def outcome(_: Translator, ticket: Ticket) -> list[str]:
    """Lines on how the ticket ended: the approval by word of mouth, the original, the rating."""
    lines = []
    last = ticket.turning_point
    if last is not None and last.action is Action.RECORD_APPROVAL:
        lines.append("☎️ " + labels.done(_, last))
    if ticket.duplicate_of_id:
        lines.append(_("Duplicate of No. {number}", number=ticket.duplicate_of_id))
    if ticket.rating:
        opinion = _("Requester’s rating: {rating}", rating=_(labels.RATING[ticket.rating]))
        lines.append(
            opinion + (f" · {cut(ticket.rating_comment, OPINION_MAX)}" if ticket.rating_comment else "")
        )
    return lines


def summary_line(_: Translator, ticket: Ticket) -> ContextBlock:
    """Number, kind, state and priority."""
    return note(" · ".join(ticket_summary(_, ticket)))


def facts(_: Translator, ticket: Ticket, *, names_team: bool = False, is_for_team: bool = True) -> Block:
    """The ticket's fields beside its texts. `names_team`: also which team a ticket without assignee is
    with; `is_for_team`: also its targets."""
    targets = _targets(_, ticket) if is_for_team else []
    origin = _origin(_, ticket, names_team=names_team)
    return rich(*_subject(_, ticket), *_priority(_, ticket), *targets, *origin)


def _targets(_: Translator, ticket: Ticket) -> list[list[Part]]:
    """By when it is to be taken in charge, while it is not; by when it is to be resolved, unless it waits."""
    parts = [due_parts(_, ticket)]
    is_untaken = ticket.status is Status.NEW and ticket.responded_at is None
    if is_untaken and ticket.is_worked_on and ticket.taken_due_at:
        parts.insert(0, labelled(_, _("To be taken by"), date_time(_, ticket.taken_due_at)))
    line: list[Part] = []
    for part in filter(None, parts):
        line += [*([text_part(" · ")] if line else []), *part]
    return [line] if line else []


def _subject(_: Translator, ticket: Ticket) -> Iterator[list[Part]]:
    """The service, the outage, the requester and the site."""
    if ticket.service:
        yield labelled(_, _("Service"), ticket.service.name.in_(_.locale))
    if ticket.outage:
        yield labelled(_, _("Outage"), ticket.outage.title)
    requester = labelled(_, _("Requester"), person(_, ticket.requester.slack_id))
    yield [*requester, text_part(" · "), *labelled(_, _("Site"), ticket.site.name.in_(_.locale))]


def _priority(_: Translator, ticket: Ticket) -> Iterator[list[Part]]:
    """Impact and urgency, and as the requester declared them, when that differs."""
    impact = labelled(_, _("Impact"), _(labels.IMPACT[ticket.impact]))
    yield [*impact, text_part(" · "), *labelled(_, _("Urgency"), _(labels.URGENCY[ticket.urgency]))]
    if (ticket.impact, ticket.urgency) != (ticket.declared_impact, ticket.declared_urgency):
        declared = (labels.IMPACT[ticket.declared_impact], labels.URGENCY[ticket.declared_urgency])
        yield labelled(_, _("As reported"), " · ".join(map(_, declared)))


def _origin(_: Translator, ticket: Ticket, *, names_team: bool) -> Iterator[list[Part]]:
    """Since when, by whom and from what; and the assignee."""
    if ticket.assignee:
        held = _assignee(_, ticket)
    elif ticket.status is Status.CLOSED:
        held = labelled(_, _("Team"), ticket.team.name.in_(_.locale)) if names_team else []
    elif names_team:
        held = [text_part(_("Not taken yet: {team} team", team=ticket.team.name.in_(_.locale)))]
    else:
        held = [text_part(_("Not assigned yet"))]
    opened = labelled(_, _("Raised"), date_time(_, ticket.opened_at, age=True))
    yield [*opened, *([text_part(" · "), *held] if held else [])]
    if ticket.filed_by:
        yield labelled(_, _("Raised on their behalf by"), person(_, ticket.filed_by.slack_id))
    if ticket.source:
        yield [link(ticket.source, _("Original message"))]
    if ticket.follows_id:
        yield labelled(_, _("Follow-up to"), _("No. {number}", number=ticket.follows_id))


def answers(_: Translator, ticket: Ticket, *, limit: int, size: Callable[[str], int] = len) -> list[Block]:
    """The service's questions, as they were asked, with their answers, up to `limit`: in characters, or in
    what `size` measures."""
    lines: list[list[Part]] = []
    for answer in ticket.answers:
        label = answer.label.in_(_.locale)
        value = answer_text(_, answer)
        limit -= size(label) + size(value)
        if limit < 0:
            shown: list[Block] = [rich(*lines)] if lines else []
            return [*shown, note(_("View the details for more."))]
        given = person(_, value) if answer.type is QuestionType.PERSON and answer.value else text_part(value)
        lines += [[bold(label)], [given]]
    return [rich(*lines)] if lines else []


def file_lines(_: Translator, files: Sequence[Attachment], *, most: int) -> list[Block]:
    """A line a file: at most `most`, the newest."""
    lines: list[Block] = [file_line(_, file) for file in files[-most:]]
    return [note("📎 …"), *lines] if len(files) > most else lines


def file_line(_: Translator, file: Attachment) -> Block:
    """A file's name, and why it could not be fetched, with a link to it in Slack."""
    name = shown_name(_, file, NAME_MAX)
    if file.state is not AttachmentState.FAILED:
        return note(f"📎 {name}")
    reason = _(_NOT_FETCHED[file.reason]) if file.reason else ""
    if not file.permalink:
        return note("⚠️ " + _("{name}: could not be fetched ({reason})", name=name, reason=reason))
    text = _("{name}: could not be fetched ({reason})", name=HERE, reason=reason)
    before, _here, after = text.partition(HERE)
    return rich([text_part(f"⚠️ {before}"), link(file.permalink, name), text_part(after)])


def card_text(_: Translator, ticket: Ticket) -> str:
    """The text of a card, for notifications and screen readers."""
    text = _("No. {number}", number=ticket.id) + f" · {labels.state(_, ticket)} · {cut(ticket.title, 150)}"
    return escape(text)


def _assignee(_: Translator, ticket: Ticket) -> list[Part]:
    assert ticket.assignee is not None
    return labelled(_, _("Assigned to"), person(_, ticket.assignee.slack_id))
