"""A service's own questions: their inputs, and the reader of their answers."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    CheckboxesElement,
    DatePickerElement,
    InputBlock,
    InputInteractiveElement,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticMultiSelectElement,
    StaticSelectElement,
    UserSelectElement,
)

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.inputs import checked_text
from blocks.kit.selects import among
from blocks.kit.text import option, plain
from blocks.kit.values import Payload, all_chosen, chosen
from models.catalogue import Question, QuestionType, Service
from models.fields import Field
from models.personal_data.shell import is_shell
from models.tickets.answer import Answer
from models.tickets.draft import NewAnswer

ANSWER = "answer"
FEW = 10  # radio buttons and checkboxes hold no more (docs.slack.dev, "Radio button group")


def question_inputs(_: Translator, service: Service) -> list[InputBlock]:
    """One input a question."""
    return [_input(_, service.id, each, _element(_, each)) for each in service.questions]


def answered_inputs(_: Translator, service: Service, answers: Sequence[Answer]) -> list[InputBlock]:
    """The same, each with the answer that was given."""
    values = {answer.id: answer.value for answer in answers}
    inputs = []
    for question in service.questions:
        element = _element(_, question)
        if value := values.get(question.id):
            _fill(element, value)
        inputs.append(_input(_, service.id, question, element))
    return inputs


def _fill(element: InputInteractiveElement, value: str | list[str]) -> None:
    """Put an answer into an input; one that is no longer offered is left out."""
    match element:
        case PlainTextInputElement() | NumberInputElement():
            element.initial_value = str(value)
        case RadioButtonsElement() | StaticSelectElement():
            element.initial_option = next(iter(among(_options(element), [str(value)]) or ()), None)
        case CheckboxesElement() | StaticMultiSelectElement():
            element.initial_options = among(_options(element), value)
        case DatePickerElement():
            element.initial_date = str(value)
        case UserSelectElement():
            element.initial_user = None if is_shell(str(value)) else str(value)


def _options(element: InputInteractiveElement) -> list[Option]:
    return [each for each in getattr(element, "options", None) or () if isinstance(each, Option)]


def read_answers(view: Payload) -> list[NewAnswer]:
    """The answers on the form, each with its question as it was asked."""
    values = view["state"]["values"]
    return [
        _answer(block, values.get(block["block_id"], {}).get(ANSWER, {}))
        for block in view["blocks"]
        if block["block_id"].startswith(ids.question("", "").split(".", 1)[0] + ".")
    ]


def _answer(block: Payload, state: Payload) -> NewAnswer:
    question_id, value = block["block_id"].rsplit(".", 1)[-1], _value(state)
    if isinstance(value, str):
        value = checked_text(value, Field.QUESTION, question_id)
    return NewAnswer(question_id=question_id, label=block["label"]["text"], value=value)


def _input(
    _: Translator, service_id: str, question: Question, element: InputInteractiveElement
) -> InputBlock:
    return InputBlock(
        block_id=ids.question(service_id, question.id),
        label=plain(question.label.in_(_.locale)),
        hint=plain(question.hint.in_(_.locale)) if question.hint else None,
        optional=not question.required,
        element=element,
    )


def _element(_: Translator, question: Question) -> InputInteractiveElement:
    options = [option(each.label.in_(_.locale), each.id) for each in question.options]
    match question.type:
        case QuestionType.TEXT:
            return PlainTextInputElement(action_id=ANSWER, max_length=3000)
        case QuestionType.LONG_TEXT:
            return PlainTextInputElement(action_id=ANSWER, multiline=True, max_length=3000)
        case QuestionType.CHOICE if len(options) <= FEW:
            return RadioButtonsElement(action_id=ANSWER, options=options)
        case QuestionType.CHOICE:
            return StaticSelectElement(action_id=ANSWER, placeholder=plain(_("Choose")), options=options)
        case QuestionType.CHOICES if len(options) <= FEW:
            return CheckboxesElement(action_id=ANSWER, options=options)
        case QuestionType.CHOICES:
            return StaticMultiSelectElement(action_id=ANSWER, placeholder=plain(_("Choose")), options=options)
        case QuestionType.DATE:
            return DatePickerElement(action_id=ANSWER)
        case QuestionType.PERSON:
            return UserSelectElement(action_id=ANSWER, placeholder=plain(_("Choose a person")))
        case QuestionType.NUMBER:
            return NumberInputElement(
                action_id=ANSWER,
                is_decimal_allowed=False,
                min_value=_number(question.min),
                max_value=_number(question.max),
            )
        case QuestionType.YES_NO:
            return RadioButtonsElement(
                action_id=ANSWER, options=[option(_("Yes"), "yes"), option(_("No"), "no")]
            )


def _number(bound: int | None) -> str | None:
    return None if bound is None else str(bound)


def _value(state: Payload) -> str | list[str] | None:
    """The answer in an element's state, whatever its type."""
    if "selected_options" in state:
        return all_chosen(state)
    if state.get("selected_option"):
        return str(chosen(state))
    given = state.get("value") or state.get("selected_date") or state.get("selected_user")
    return None if given is None else str(given)
