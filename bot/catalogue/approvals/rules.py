"""What must hold between the approval steps of a service and its questions, so that each step asks somebody.
Checked on the raw data, as in `bot.catalogue.rules`."""

from collections.abc import Iterator, Mapping

from bot.catalogue.words import did_you_mean
from bot.catalogue.yaml_lines import Path
from models.catalogue import QuestionType

Row = Mapping[str, object]
Broken = Iterator[tuple[Path, str]]
NAMED = {"people", "group", "channel"}
CHOICES = (QuestionType.CHOICE, QuestionType.CHOICES)


def broken_steps(path: Path, service: Row, questions: Mapping[str, Row]) -> Broken:
    """`path`: the service's. `questions`: by their ids."""
    steps, offers = service.get("approval"), service.get("offers")
    if service.get("approval_before_team") is True and not steps:
        text = "there is no approval to wait for — add approval to the service, or remove it"
        yield (*path, "approval_before_team"), text
    if not isinstance(steps, tuple):
        return
    if steps and isinstance(offers, tuple) and "request" not in offers:
        text = "only a service that is requested has approvals — add request to its offers, or remove them"
        yield (*path, "approval"), text
    for index, step in enumerate(steps):
        if isinstance(step, dict):
            here = (*path, "approval", index)
            yield from _who(here, step, questions)
            yield from _fallback(here, step)
            yield from _when(here, step, questions)


def _who(path: Path, step: Row, questions: Mapping[str, Row]) -> Broken:
    who = step.get("who")
    if not isinstance(who, dict):
        return
    if who.get("question") is None:
        if "name" not in step and NAMED & who.keys():
            yield (
                (*path, "name"),
                "missing — write in which role they are asked, such as “head of laboratory”",
            )
        return
    name, here = who["question"], (*path, "who", "question")
    question = questions.get(name) if isinstance(name, str) else None
    if question is None:
        yield here, _unknown(name, questions)
    elif question.get("type") != QuestionType.PERSON:
        yield here, f"“{name}” asks for a {question.get('type')} — expected a question of type person"
    elif question.get("required") is not True and "fallback" not in step:
        text = (
            f"“{name}” may be left empty, and nobody would be asked — add required: true to it, or a fallback"
        )
        yield here, f"{text} to the step"


def _fallback(path: Path, step: Row) -> Broken:
    who, fallback = step.get("who"), step.get("fallback")
    if not isinstance(who, dict) or not isinstance(fallback, dict):
        return
    people, others = who.get("people"), fallback.get("people")
    is_same = isinstance(people, tuple) and isinstance(others, tuple) and set(others) <= set(people)
    if is_same or ("group" in who and who["group"] == fallback.get("group")):
        yield (*path, "fallback"), "these are asked already — name somebody else, or remove the fallback"


def _when(path: Path, step: Row, questions: Mapping[str, Row]) -> Broken:
    when = step.get("when")
    if not isinstance(when, dict) or when.get("question") is None:
        return
    name, path = when["question"], (*path, "when")
    question = questions.get(name) if isinstance(name, str) else None
    if question is None:
        yield (*path, "question"), _unknown(name, questions)
        return
    sort = question.get("type")
    if "above" in when:
        yield from _above((*path, "above"), when["above"], question)
    elif not isinstance(when.get("is"), str | bool):  # which is refused by itself
        return
    elif sort == QuestionType.YES_NO:
        if not isinstance(when.get("is"), bool):
            yield (*path, "is"), f"“{name}” is answered with yes or no — expected true or false"
    elif sort in CHOICES:
        yield from _is((*path, "is"), when.get("is"), question)
    else:
        yield (
            (*path, "is"),
            f"“{name}” is of type {sort} — expected a question of type choice, choices or yes_no",
        )


def _above(path: Path, limit: object, question: Row) -> Broken:
    name, sort, most = question.get("id"), question.get("type"), question.get("max")
    if sort != QuestionType.NUMBER:
        yield path, f"“{name}” is of type {sort} — expected a question of type number"
    elif question.get("required") is not True:
        yield path, f"“{name}” may be left empty, and nobody would be asked — add required: true to it"
    elif isinstance(limit, int) and isinstance(most, int) and limit >= most:
        yield (
            path,
            f"no answer is above {limit}, since the max of “{name}” is {most} — expected less than {most}",
        )


def _is(path: Path, value: object, question: Row) -> Broken:
    options = question.get("options")
    rows = [each for each in options if isinstance(each, dict)] if isinstance(options, tuple) else []
    known = [name for each in rows if isinstance(name := each.get("id"), str)]
    if known and value not in known:
        yield path, f"“{value}” is no option of “{question.get('id')}”{did_you_mean(str(value), known)}"


def _unknown(name: object, questions: Mapping[str, Row]) -> str:
    if not questions:
        return f"this service has no question “{name}” — add it to its questions"
    return f"this service has no question “{name}”{did_you_mean(str(name), questions)}"
