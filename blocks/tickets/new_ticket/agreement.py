"""Whose agreement a service's request needs, as its form says it."""

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import Block

from blocks.i18n import Translator
from blocks.kit.text import Part, bold, person, rich, text_part
from models.approval_rule import ApprovalStep, Condition, Quorum, Source
from models.catalogue import Question, Service

PEOPLE_MAX = 5


def agreement_lines(_: Translator, service: Service, manager: str | None = None) -> list[Block]:
    """Who will be asked, and when; none for a service whose requests need no agreement. `manager`: the Slack
    id of the requester's, if it is known."""
    if not service.approval:
        return []
    questions = {question.id: question for question in service.questions}
    lines = [_step(_, step, questions, manager) for step in service.approval]
    title = [bold(_("Before we start, we will ask for the agreement of:"))]
    numbered = [[text_part("• "), *line] for line in lines]
    return [rich(title, *numbered)]


def _step(
    _: Translator, step: ApprovalStep, questions: Mapping[str, Question], manager: str | None
) -> list[Part]:
    """The role, the people whom the file names, and the condition."""
    line: list[Part] = [text_part(step.name.in_(_.locale))]
    people = [manager] if step.who.source is Source.MANAGER and manager else _people(step)
    for index, slack_id in enumerate(people[:PEOPLE_MAX]):
        line += [text_part(_(": ") if not index else ", "), person(_, slack_id)]
    if step.who.source is Source.QUESTION:
        line.append(text_part(" " + _("(whom you choose above)")))
    if step.quorum is Quorum.ALL:
        line.append(text_part(" " + _("(all of them)")))
    if step.when is not None:
        line.append(text_part(", " + _condition(_, step.when, questions)))
    return line


def _people(step: ApprovalStep) -> Sequence[str]:
    return step.who.names if step.who.source is Source.PEOPLE else ()


def _condition(_: Translator, when: Condition, questions: Mapping[str, Question]) -> str:
    question = questions.get(when.question)
    label = question.label.in_(_.locale).rstrip(" ?:") if question else when.question
    if when.above is not None:
        return _("if “{question}” is above {limit}", question=label, limit=when.above)
    options = {each.id: each.label.in_(_.locale) for each in question.options} if question else {}
    words = {"yes": _("Yes"), "no": _("No"), **options}
    return _("if “{question}” is “{answer}”", question=label, answer=words.get(when.equals or "", ""))
