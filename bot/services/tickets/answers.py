"""The answers to a service's questions, checked and kept with the questions as they were asked."""

from collections.abc import Mapping, Sequence
from datetime import date

from babel.dates import format_date

from bot.context.unit_of_work import UnitOfWork
from models.base import LocalizedText
from models.catalogue import Question, QuestionType, Service
from models.characters import is_blank
from models.fields import Field, FieldReason, FieldRefused
from models.tickets.answer import Answer
from models.tickets.draft import NewAnswer, TicketDraft

YES_NO: Mapping[str, LocalizedText] = {"yes": LocalizedText("Oui", "Yes"), "no": LocalizedText("Non", "No")}


def answers_to(service: Service, given: Sequence[NewAnswer], *, today: date | None = None) -> list[Answer]:
    """One answer a question, in the order of the form. `today`: the date in the time zone of who answers,
    where past dates are refused.

    An answer to a question that has left the catalogue since is kept as it was asked. Raises `FieldRefused`
    naming the question when a required one is missing or a choice was never offered.
    """
    values = {answer.question_id: answer.value for answer in given}
    kept = [_answer(question, values.pop(question.id, None)) for question in service.questions]
    if today is not None:
        _refuse_past_dates(service, kept, today)
    gone = [answer for answer in given if answer.question_id in values and answer.value]
    return kept + [_as_asked(answer) for answer in gone]


def people_asked_for(uow: UnitOfWork, draft: TicketDraft) -> Sequence[str]:
    """The ids of the questions that were answered with a person."""
    service = uow.session.get(Service, draft.service_id) if draft.service_id else None
    if service is None:
        return []
    given = {answer.question_id for answer in draft.answers if answer.value}
    people = (each.id for each in service.questions if each.type is QuestionType.PERSON)
    return [question_id for question_id in people if question_id in given]


def _answer(question: Question, value: str | list[str] | None) -> Answer:
    if isinstance(value, str):
        value = value.strip()
    if question.required and (not value or (isinstance(value, str) and is_blank(value))):
        raise FieldRefused(Field.QUESTION, FieldReason.MISSING, question.id)
    shown = _shown(question, value) if value else None
    return Answer(question.id, question.type, question.label, value or None, shown)


def _refuse_past_dates(service: Service, answers: Sequence[Answer], today: date) -> None:
    for question, answer in zip(service.questions, answers, strict=True):
        is_date = question.is_future and question.type is QuestionType.DATE and answer.value
        if is_date and date.fromisoformat(str(answer.value)) < today:
            raise FieldRefused(Field.QUESTION, FieldReason.PAST, question.id)


def _shown(question: Question, value: str | list[str]) -> LocalizedText:
    match question.type:
        case QuestionType.YES_NO:
            offered = YES_NO
        case QuestionType.CHOICE | QuestionType.CHOICES:
            offered = {option.id: option.label for option in question.options}
        case QuestionType.DATE:
            return _date(question, value)
        case _:
            return LocalizedText(str(value), str(value))
    chosen = [value] if isinstance(value, str) else value
    if any(each not in offered for each in chosen):
        raise FieldRefused(Field.QUESTION, FieldReason.UNKNOWN, question.id)
    labels = [offered[each] for each in chosen]
    return LocalizedText("\n".join(each.fr for each in labels), "\n".join(each.en for each in labels))


def _date(question: Question, value: str | list[str]) -> LocalizedText:
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        raise FieldRefused(Field.QUESTION, FieldReason.UNKNOWN, question.id) from None
    return LocalizedText(*(format_date(day, "d MMMM y", locale=language) for language in ("fr", "en")))


def _as_asked(answer: NewAnswer) -> Answer:
    value = answer.value if isinstance(answer.value, str) else "\n".join(answer.value or ())
    label, shown = LocalizedText(answer.label, answer.label), LocalizedText(value, value)
    return Answer(answer.question_id, QuestionType.TEXT, label, value, shown)
