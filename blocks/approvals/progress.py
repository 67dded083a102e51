"""How far the agreement of a ticket is, for its team: whom it waits for, who agreed and when."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import Block

from blocks import labels
from blocks.approvals.requester import names
from blocks.i18n import N_, Translator
from blocks.kit.text import HERE, Part, Parts, cut, note, rich, text_part
from models.approval_rule import Quorum
from models.approvals.approval import CURRENT, Approval, Approver, Decision, StepState

STEPS_MAX = 8  # on a card; a message holds 50 blocks
NAMES_MAX, NAME_MAX = 3, 40  # in one line; a message holds 12,000 characters

_LINES: Mapping[StepState, str] = {
    StepState.LOOKUP: N_("Looking up who is to agree ({role})"),
    StepState.CHOICE: N_("Nobody can be asked to agree ({role}): the requester is to choose somebody"),
    StepState.ASKED: N_("Waiting for the agreement of {names} ({role}), since {at}"),
    StepState.INCOMPLETE: N_("{names} asked the requester for information before agreeing ({role}), on {at}"),
    StepState.GIVEN: N_("Agreement of {names} ({role}) given on {at}"),
    StepState.DECLINED: N_("Declined by {names} ({role}) on {at}"),
}
_MARKS: Mapping[StepState, str] = {StepState.GIVEN: "✅ ", StepState.DECLINED: "⛔ "}


def agreement_lines(_: Translator, approvals: Sequence[Approval]) -> list[Block]:
    """A line for each step that is asked or decided, in order."""
    shown = [each for each in approvals if each.state in _LINES][-STEPS_MAX:]
    return [rich(list(_line(_, each))) for each in shown]


def asked_again_note(_: Translator, approvals: Sequence[Approval]) -> list[Block]:
    """What a requester reads before they change the words to which somebody agreed, or is asked to."""
    standing = [each for each in approvals if each.state in {*CURRENT, StepState.GIVEN}]
    people = [each for approval in standing for each in approval.asked]
    agreed = [each.person.name for each in people if each.decision is Decision.AGREE]
    if agreed:
        text = _(
            "Agreement already given by {names}. If you change the title or the description, they will be "
            "asked again.",
            names=names(_, list(dict.fromkeys(agreed))),
        )
    elif people:
        text = _(
            "Agreement asked of {names}. If you change the title or the description, they will be asked "
            "again.",
            names=names(_, list(dict.fromkeys(each.person.name for each in people))),
        )
    else:
        return []
    return [note(text)]


def _line(_: Translator, approval: Approval) -> Iterator[Part]:
    role = labels.name_in(_, approval.rule.name)
    text = _(_LINES[approval.state], names=_names(_, approval), role=role, at=HERE)
    before, _here, after = text.partition(HERE)
    yield text_part(_MARKS.get(approval.state, "⏳ ") + before)
    is_open = approval.state is StepState.ASKED
    if _here and (at := approval.asked_at if is_open else _decided_at(approval)):
        yield _day(_, at)
    if after:
        yield text_part(after)


def _day(_: Translator, at: datetime) -> Part:
    """The date alone: “since today” has another preposition in French."""
    return Parts.Date(timestamp=int(at.timestamp()), format="{date_short}", fallback=_.day(at))


def _names(_: Translator, approval: Approval) -> str:
    """Who may still agree, or has decided."""
    if approval.state is StepState.ASKED:
        people = [cut(_.name(each.person.name), NAME_MAX) for each in approval.undecided]
        if 1 < len(people) <= NAMES_MAX and approval.rule.quorum is Quorum.ONE:
            return _("{names} or {last}", names=", ".join(people[:-1]), last=people[-1])
        return names(_, people, most=NAMES_MAX)
    return names(_, [cut(each.person.name, NAME_MAX) for each in _deciders(approval)], most=NAMES_MAX) or "—"


def _deciders(approval: Approval) -> Sequence[Approver]:
    wanted = {StepState.INCOMPLETE: Decision.ASK, StepState.DECLINED: Decision.DECLINE}
    decision = wanted.get(approval.state, Decision.AGREE)
    return [each for each in approval.approvers if each.decision is decision]


def _decided_at(approval: Approval) -> datetime | None:
    return approval.decided_at or max(
        (each.decided_at for each in _deciders(approval) if each.decided_at), default=None
    )
