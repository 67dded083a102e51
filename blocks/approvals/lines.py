"""Lines for the team about a step: nobody decides, or somebody is no longer asked."""

from datetime import date

from slack_sdk.models.blocks import Block

from blocks.approvals.requester import names
from blocks.i18n import Translator
from blocks.kit.block_text import Content
from blocks.kit.text import Part, bold, escape, person, rich, text_part
from models.approvals.approval import Approval, Approver, StepState
from models.tickets.ticket import Ticket


def unanswered_line(_: Translator, ticket: Ticket, approval: Approval, asked_on: date) -> Content:
    """Nobody has decided for the whole term; the requester is told too. It mentions who has the ticket."""
    role, waits_for = approval.rule.name.in_(_.locale), approval.undecided
    if approval.state is StepState.CHOICE or not waits_for:
        sentence = _("There is nobody to ask for this agreement: {role}.", role=role)
    else:
        sentence = _(
            "Still no agreement from {names} ({role}), asked on {day}.",
            names=names(_, [each.person.name for each in waits_for]),
            role=role,
            day=_.day(asked_on),
        )
    return _line(_, ticket, sentence, _("The requester can choose somebody else, or cancel."))


def dropped_line(_: Translator, ticket: Ticket, approver: Approver) -> Content:
    """An approver is no longer asked. It mentions who has the ticket."""
    sentence = _(
        "{name} can no longer be asked for their agreement to this request ({role}).",
        name=approver.person.name,
        role=approver.approval.rule.name.in_(_.locale),
    )
    return _line(_, ticket, sentence, _what_follows(_, approver.approval))


def _what_follows(_: Translator, approval: Approval) -> str:
    if approval.state is StepState.CHOICE:
        return _("Nobody else is asked: the requester chooses somebody.")
    if approval.state is StepState.LOOKUP:
        return _("We are looking up who else to ask.")
    if approval.state in {StepState.ASKED, StepState.INCOMPLETE} and approval.undecided:
        return _(
            "We are waiting for {names}.", names=names(_, [each.person.name for each in approval.undecided])
        )
    return ""


def _line(_: Translator, ticket: Ticket, sentence: str, more: str) -> Content:
    line: list[Part] = [bold(sentence), *([text_part(f" {more}")] if more else [])]
    if ticket.assignee:
        line += [text_part(" · "), person(_, ticket.assignee.slack_id)]
    blocks: list[Block] = [rich(line)]
    text = f"{_('No. {number}', number=ticket.id)} · {sentence} {more}"
    return escape(text.strip()), blocks
