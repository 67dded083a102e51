"""The answers to a service's questions, checked and kept with the questions as they were asked."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import format_date

from bot.context.unit_of_work import UnitOfWork
from models.catalogue import QuestionType, Service
from models.characters import is_blank
from models.errors import FieldRefused
from models.tickets.draft import NewAnswer, TicketDraft

YES_NO: Mapping[str, dict[str, str]] = {"yes": {"fr": "Oui", "en": "Yes"}, "no": {"fr": "Non", "en": "No"}}


def answers_to(service: Service, given: Sequence[NewAnswer]) -> list[dict[str, Any]]:
    """One entry a question: id, type, label, the raw value, and the words that show it.

    An answer to a question that has left the catalogue since is kept as it was asked. Raises `FieldRefused`
    naming `question:<id>` when a required one is missing or a choice was never offered.
    """
    values = {answer.question_id: answer.value for answer in given}
    kept = [_kept(question, values.pop(question["id"], None)) for question in service.questions]
    gone = [answer for answer in given if answer.question_id in values and answer.value]
    return kept + [_as_asked(answer) for answer in gone]


def people_asked_for(uow: UnitOfWork, draft: TicketDraft) -> Sequence[str]:
    """The ids of the questions that were answered with a person."""
    service = uow.session.get(Service, draft.service_id) if draft.service_id else None
    if service is None:
        return []
    given = {answer.question_id for answer in draft.answers if answer.value}
    people = (each["id"] for each in service.questions if each["type"] == QuestionType.PERSON)
    return [question_id for question_id in people if question_id in given]


def _kept(question: dict[str, Any], value: str | list[str] | None) -> dict[str, Any]:
    if isinstance(value, str):
        value = value.strip()
    if question["required"] and (not value or (isinstance(value, str) and is_blank(value))):
        raise FieldRefused(f"question:{question['id']}", "missing")
    return {
        "id": question["id"],
        "type": question["type"],
        "label": question["label"],
        "value": value or None,
        "shown": _shown(question, value) if value else None,
    }


def _shown(question: dict[str, Any], value: str | list[str]) -> dict[str, str]:
    match QuestionType(question["type"]):
        case QuestionType.YES_NO:
            offered = YES_NO
        case QuestionType.CHOICE | QuestionType.CHOICES:
            offered = {option["id"]: option["label"] for option in question["options"]}
        case QuestionType.DATE:
            return _date(question, value)
        case _:
            return {"fr": str(value), "en": str(value)}
    chosen = [value] if isinstance(value, str) else value
    if any(each not in offered for each in chosen):
        raise FieldRefused(f"question:{question['id']}", "unknown")
    return {language: "\n".join(offered[each][language] for each in chosen) for language in ("fr", "en")}


def _date(question: dict[str, Any], value: str | list[str]) -> dict[str, str]:
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        raise FieldRefused(f"question:{question['id']}", "unknown") from None
    return {language: format_date(day, "d MMMM y", locale=language) for language in ("fr", "en")}


def _as_asked(answer: NewAnswer) -> dict[str, Any]:
    value = answer.value if isinstance(answer.value, str) else "\n".join(answer.value or ())
    both = {"fr": value, "en": value}
    label = {"fr": answer.label, "en": answer.label}
    return {"id": answer.question_id, "type": "text", "label": label, "value": value, "shown": both}
