"""The message that asks an approver for their agreement to a request, and the same once it is over."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, Block

from blocks.approvals.buttons import buttons, show_button
from blocks.approvals.ending import ending
from blocks.approvals.request import (
    TIGHT,
    WHOLE,
    Room,
    file_names,
    since,
    what_changed,
    what_is_asked,
    what_was_said,
    who_asks,
)
from blocks.i18n import Translator
from blocks.kit.block_text import Content
from blocks.kit.text import (
    Part,
    bold,
    cut,
    date_time,
    escape,
    header,
    length,
    note,
    quote,
    rich,
)
from models.approval_rule import Quorum
from models.approvals.approval import Approver, Decision, StepState
from models.approvals.request import AgreementRequest

MESSAGE_MAX = 6_000
"""So many characters of a request are shown in a message; a longer one is cut."""


def approval_message(_: Translator, request: AgreementRequest, *, part: int) -> Content:
    """The message as it is now. `part`: 0 for the first one to this approver; the newest has the buttons."""
    is_last = part == request.approver.messages - 1
    if request.approver.is_open and is_last:
        return _asking(_, request, is_reminder=part > 0)
    return _result(_, request, is_last=is_last)


def _asking(_: Translator, request: AgreementRequest, *, is_reminder: bool) -> Content:
    ticket = request.ticket
    headline = asked(_, request)
    if is_reminder and not _is_completed(request):
        headline = _("Reminder: {sentence}", sentence=headline)
    blocks: list[Block] = [
        note(_("No. {number}", number=ticket.id)),
        header(ticket.title),
        rich([bold(headline)]),
    ]
    blocks += [*request_blocks(_, request), ActionsBlock(elements=buttons(_, request))]
    return escape(f"{headline} {ticket.title}"), blocks


def asked(_: Translator, request: AgreementRequest) -> str:
    """The sentence that asks."""
    name = request.ticket.requester.name
    if _is_completed(request):
        return _("{name} has completed this request. Do you agree to it?", name=name)
    return _("{name} needs your agreement to this request.", name=name)


def _is_completed(request: AgreementRequest) -> bool:
    return request.approval.subject_before is not None


def request_blocks(_: Translator, request: AgreementRequest) -> list[Block]:
    """What they decide on, cut when it is long; a button then shows the whole."""
    whole = whole_request(_, request)
    if length(whole) <= MESSAGE_MAX:
        return whole
    return [*_request(_, request, TIGHT), ActionsBlock(elements=[show_button(_, request)])]


def whole_request(_: Translator, request: AgreementRequest) -> list[Block]:
    """All that they decide on, for a modal."""
    return _request(_, request, WHOLE)


def _request(_: Translator, request: AgreementRequest, room: Room) -> list[Block]:
    subject = request.approval.subject
    blocks: list[Block] = [
        rich(*who_asks(_, request), *([asked_on] if (asked_on := since(_, request)) else []))
    ]
    if request.approval.words:
        blocks += [note(_("The technician’s message:")), *quote(cut(request.approval.words, room.words))]
    blocks += what_changed(_, request, room)
    blocks += what_is_asked(_, subject, room) if subject else []
    blocks += what_was_said(_, request, room)
    blocks += file_names(_, request)
    return [*blocks, *([note(line)] if (line := progress(_, request)) else [])]


def progress(_: Translator, request: AgreementRequest) -> str:
    """How far a step is that needs the agreement of all."""
    approval = request.approval
    if approval.rule.quorum is not Quorum.ALL:
        return ""
    needed = {each.decides_for for each in approval.asked if not each.is_fallback}
    agreed = {each.decides_for for each in approval.asked if each.decision is Decision.AGREE}
    if len(needed) < 2:
        return ""
    return _("{count} of {all} have agreed.", count=len(needed & agreed), all=len(needed))


# -- once it is over ---


def _result(_: Translator, request: AgreementRequest, *, is_last: bool) -> Content:
    """What they decided on, and how it ended; for who decided nothing, no more than that."""
    approver, subject = request.approver, request.approval.subject
    title = subject.title if subject else request.ticket.title
    sentence = ending(_, request, is_last=is_last)
    blocks: list[Block] = [note(_("No. {number}", number=request.ticket.id)), header(title)]
    blocks.append(rich([bold(sentence)], *_when(_, request)))
    blocks += quote(approver.text or "") if is_last else []
    if is_last and subject and _may_read(approver):
        blocks.append(rich(*who_asks(_, request, is_over=True)))
        blocks += what_is_asked(_, subject, Room())
        blocks += file_names(_, request)
    if (line := progress(_, request)) and is_last and request.approval.state is StepState.ASKED:
        blocks.append(note(line))
    return escape(f"{sentence} {title}"), blocks


def _may_read(approver: Approver) -> bool:
    """Whether they decided on it, or are still to decide: who asked for an information, and was not told
    before the others decided, has decided nothing."""
    return approver.has_decided or (
        approver.decision is Decision.ASK
        and approver.dropped_at is None
        and approver.approval.state is StepState.INCOMPLETE
    )


def _when(_: Translator, request: AgreementRequest) -> Sequence[list[Part]]:
    at = request.approver.decided_at or request.approval.decided_at or request.approver.dropped_at
    return [[date_time(_, at)]] if at else []
