"""What a requester is told of the agreement that their request needs."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.block_text import Content
from blocks.kit.lists import title
from blocks.kit.text import bold, cut, date_time, escape, header, labelled, note, quote, rich, text_part
from blocks.tickets.actions import action_buttons, complete_button, detail_button, ticket_button
from models.approvals.approval import CURRENT, Approval, Decision, StepState
from models.lifecycle import Action, Agreement
from models.tickets.ticket import Ticket

NAMES_MAX, WORDS_MAX = 5, 1_000


def waits_for(_: Translator, approval: Approval) -> str:
    """Whom a request waits for, as its requester reads it."""
    role = approval.rule.name.in_(_.locale)
    match approval.state:
        case StepState.CHOICE:
            return _("Nobody could be asked for their agreement ({role}): please choose somebody.", role=role)
        case StepState.INCOMPLETE:
            who = names(_, [each.person.name for each in approval.asked if each.decision is Decision.ASK])
            return _("{names} asked for more information before agreeing.", names=who)
        case StepState.ASKED:
            who = names(_, [each.person.name for each in approval.undecided])
            return _("Waiting for the agreement of {names} ({role}).", names=who, role=role)
    return _("Waiting for an agreement ({role}).", role=role)


def names(_: Translator, people: Sequence[str], *, most: int = NAMES_MAX) -> str:
    """Names one after the other, the last ones counted."""
    people = [_.name(each) for each in people]
    if len(people) > most:
        more = _.plural("and {count} other", "and {count} others", len(people) - most)
        return ", ".join(people[:most]) + f" {more}"
    if len(people) < 2:
        return "".join(people)
    return _("{names} and {last}", names=", ".join(people[:-1]), last=people[-1])


def wait_message(_: Translator, ticket: Ticket, approval: Approval, *, is_last: bool) -> Content:
    """The message that asks the requester for something, or says that nobody decides; without its buttons
    once that is over. `is_last`: there is no newer one about the step."""
    is_current = approval.state in CURRENT and is_last
    sentence = _wanted(_, approval) if is_current else _over(_, ticket, approval)
    blocks: list[Block] = [note(_("No. {number}", number=ticket.id)), header(ticket.title)]
    blocks.append(rich([bold(sentence)]))
    if is_current:
        blocks += _asked(_, approval)
        if approval.state is StepState.ASKED and approval.asked_at:
            blocks.append(rich(labelled(_, _("Asked"), date_time(_, approval.asked_at, age=True))))
        if approval.state is StepState.INCOMPLETE:
            blocks.append(note(_("Press “Complete the request”, or write in the thread of this message.")))
        blocks.append(ActionsBlock(elements=_buttons(_, ticket, approval)))
    else:
        blocks.append(ActionsBlock(elements=[detail_button(_, ticket)]))
    return escape(f"{_('No. {number}', number=ticket.id)} · {sentence} {cut(ticket.title, 150)}"), blocks


def _wanted(_: Translator, approval: Approval) -> str:
    """Why the requester gets a message: nobody was found, an information is missing, nobody has decided."""
    if approval.state is not StepState.ASKED or not approval.may_be_chosen:
        return waits_for(_, approval)
    who = names(_, [each.person.name for each in approval.undecided])
    return _("No answer yet from {names} ({role}).", names=who, role=approval.rule.name.in_(_.locale))


def waiting_requests(_: Translator, waits: Sequence[tuple[Ticket, Approval]]) -> list[Block]:
    """The section of an App Home with the requests that wait for their own requester; none when none does."""
    if not waits:
        return []
    blocks: list[Block] = [header(_("To be completed by you"))]
    for ticket, approval in waits:
        if ticket.is_confidential:
            blocks.append(rich(title(_, ticket)))
        else:
            blocks += [rich(title(_, ticket), [text_part(waits_for(_, approval))]), *_asked(_, approval)]
        blocks.append(ActionsBlock(elements=_buttons(_, ticket, approval)))
    return blocks


def _asked(_: Translator, approval: Approval) -> list[Block]:
    """What approvers need to know."""
    if approval.state is not StepState.INCOMPLETE:
        return []
    texts = [each.text for each in approval.asked if each.decision is Decision.ASK and each.text]
    return [block for text in texts for block in quote(cut(text, WORDS_MAX))]


def _buttons(_: Translator, ticket: Ticket, approval: Approval) -> list[ButtonElement]:
    first: list[ButtonElement] = []
    if approval.state is StepState.INCOMPLETE:
        first = [complete_button(_, ticket, style="primary")]
    elif approval.may_be_chosen:
        is_choice = approval.state is StepState.CHOICE
        text = _("Choose somebody") if is_choice else _("Choose somebody else")
        first = [ticket_button(text, ids.CHOOSE_APPROVER, ticket, style="primary" if is_choice else None)]
    return [*first, *action_buttons(_, ticket, {Action.CANCEL}), detail_button(_, ticket)]


def _over(_: Translator, ticket: Ticket, approval: Approval) -> str:
    match approval.state:
        case StepState.GIVEN:
            return _("The agreement was given.")
        case StepState.DECLINED:
            return _("The request was declined.")
        case StepState.WITHDRAWN if ticket.agreement is Agreement.ASKED:
            return _("The request was changed, and its approvers are asked anew.")
        case StepState.WITHDRAWN:
            return _("This agreement is no longer needed.")
    return _("See the newer message about this request below.")
