"""A request as its approvers read it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from blocks import labels
from blocks.i18n import Translator
from blocks.kit.files import shown_name
from blocks.kit.text import (
    Part,
    bold,
    cut,
    cut_words,
    date_time,
    labelled,
    note,
    person,
    quote,
    rich,
    text_part,
    user_text,
)
from blocks.tickets.card import file_lines
from blocks.tickets.requester.receipt import answer_text
from models.approvals.approval import AgreedTo
from models.approvals.request import AgreementRequest
from models.catalogue import QuestionType
from models.lifecycle import DESCRIPTION_MAX
from models.tickets.answer import Answer
from models.tickets.attachment import AttachmentState

SAID_SHOWN, FILES_SHOWN, MISSING_SHOWN = 5, 10, 3
VALUE_MAX, NAME_MAX = 200, 80


@dataclass(frozen=True)
class Room:
    """How many characters of each part of a request are shown."""

    description: int = 3_000
    answers: int = 4_000  # with their questions
    words: int = 1_000  # a technician's
    said: int = 200  # of each time
    changes: int = 1_500


WHOLE = Room(DESCRIPTION_MAX, answers=80_000, words=3_000, said=3_000, changes=20_000)
TIGHT = Room(answers=2_500)
"""Together under 12,000 characters, beyond which Slack refuses a message (`msg_blocks_too_long`)."""


def who_asks(_: Translator, request: AgreementRequest, *, is_over: bool = False) -> list[list[Part]]:
    """Who asks for what, and in which role the reader is asked, or was."""
    ticket, approver = request.ticket, request.approver
    service = ticket.service.name.in_(_.locale) if ticket.service else ""
    lines = [labelled(_, _("Requester"), person(_, ticket.requester.slack_id))]
    if ticket.filed_by:
        lines.append(labelled(_, _("Raised on their behalf by"), person(_, ticket.filed_by.slack_id)))
    if service:
        lines.append(labelled(_, _("Service"), service))
    role, absent = request.approval.rule.name.in_(_.locale), approver.stands_in_for
    lines.append(labelled(_, _("As") if is_over else _("You are asked as"), role))
    if absent:
        label = _("On behalf of") if is_over else _("You decide for")
        lines.append(labelled(_, label, person(_, absent.slack_id)))
    return lines


def what_is_asked(_: Translator, subject: AgreedTo, room: Room) -> list[Block]:
    """The answers and the description."""
    lines = list(_answers(_, subject.answers, room.answers))
    blocks: list[Block] = [rich(*lines)] if lines else []
    if subject.description:
        blocks += user_text(cut_words(subject.description, room.description))
    return blocks


def _answers(_: Translator, answers: Sequence[Answer], left: int) -> Iterator[list[Part]]:
    for answer in answers:
        left -= len(answer.label.in_(_.locale)) if answer.value else 0
        if answer.value and left > 0:
            value = cut(answer_text(_, answer), left)
            left -= len(value)
            is_person = answer.type is QuestionType.PERSON
            yield _labelled(_, answer, [person(_, str(answer.value)) if is_person else text_part(value)])


def _labelled(_: Translator, answer: Answer, value: Sequence[Part]) -> list[Part]:
    """A question and what is said about it; a question mark takes no colon."""
    label = answer.label.in_(_.locale).rstrip()
    colon = " " if label.endswith(("?", "…", ":")) else _(": ")
    return [bold(label), text_part(colon), *value]


def what_was_said(_: Translator, request: AgreementRequest, room: Room) -> list[Block]:
    """What approvers needed to know, and how the request was completed: the newest."""
    blocks: list[Block] = []
    for event in request.said[-SAID_SHOWN:]:
        blocks += [note(labels.done(_, event)), *quote(cut(event.text or "", room.said))]
    return blocks


def what_changed(_: Translator, request: AgreementRequest, room: Room) -> list[Block]:
    """What is other than when they, or others, were asked before."""
    before, now = request.approval.subject_before, request.approval.subject
    if before is None or now is None or before == now:
        return []
    lines, left = list[list[Part]](), room.changes
    for line in _changes(_, before, now):
        left -= sum(len(str(part.to_dict().get("text", ""))) for part in line)
        lines.append(line if left >= 0 else [text_part("…")])
        if left < 0:
            break
    return [rich([bold(_("What has changed"))], *lines)] if lines else []


def _changes(_: Translator, before: AgreedTo, now: AgreedTo) -> Iterator[list[Part]]:
    if before.title != now.title:
        yield labelled(_, _("Title"), f"{cut(before.title, VALUE_MAX)} → {cut(now.title, VALUE_MAX)}")
    old = {answer.id: answer for answer in before.answers}
    for answer in now.answers:
        former = old.get(answer.id)
        if (former.value if former else None) != answer.value:
            yield _labelled(_, answer, [_value(_, former), text_part(" → "), _value(_, answer)])
    if before.description != now.description:
        yield [text_part(_("The description was changed."))]
    if set(now.files) - set(before.files):
        yield [text_part(_("Files were added: they are in the thread of this message."))]


def _value(_: Translator, answer: Answer | None) -> Part:
    if answer is not None and answer.value and answer.type is QuestionType.PERSON:
        return person(_, str(answer.value))
    return text_part(cut(answer_text(_, answer), VALUE_MAX) if answer else _("(no answer)"))


def file_names(_: Translator, request: AgreementRequest) -> list[Block]:
    """Those that arrive in the thread, then those that could not be fetched."""
    missing = [each for each in request.files if each.state is AttachmentState.FAILED]
    there = [each for each in request.files if each.state is not AttachmentState.FAILED]
    names = [shown_name(_, file, NAME_MAX) for file in there[:FILES_SHOWN]]
    more = ", …" if len(there) > FILES_SHOWN else ""
    listed: list[Block] = [note("📎 " + ", ".join(names) + more)] if names else []
    return listed + file_lines(_, missing, most=MISSING_SHOWN)


def since(_: Translator, request: AgreementRequest) -> list[Part]:
    """When the reader was asked first."""
    at = request.approval.asked_at
    return labelled(_, _("Asked"), date_time(_, at, age=True)) if at else []
