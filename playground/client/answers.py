"""The app's answer to a submission, and its effect on the modal ("Updating modals")."""

from dataclasses import dataclass, field

from playground.client.actions import toast
from playground.errors import ApiError
from playground.state import views
from playground.state.slack import Slack
from playground.state.workspace import Json, Person, View

TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True)
class SubmitResult:
    """The result of a submission. `errors` by block_id; `error` when the app's answer could not be used."""

    ok: bool
    response_action: str | None = None  # None: the modal simply closed
    errors: dict[str, str] = field(default_factory=dict)
    error: str = ""


class _Unusable(Exception):
    """An answer that Slack's client cannot follow."""


def follow(slack: Slack, person: Person, view: View, answer: Json) -> SubmitResult:
    """Carry out the app's answer. One that cannot be carried out is a violation; the modal is not changed."""
    action = answer.get("response_action")
    try:
        if view.id in slack.workspace.views:  # otherwise closed meanwhile
            _act(slack, person, view, answer)
    except (_Unusable, ApiError) as problem:
        detail = problem.detail if isinstance(problem, ApiError) else str(problem)
        slack.workspace.violate("bad_ack", "view_submission", detail)
        toast(slack, person, TROUBLE)
        return SubmitResult(False, action, error="bad_ack")
    slack.workspace.changed()
    return SubmitResult(action != "errors", action, dict(view.errors) if action == "errors" else {})


def _act(slack: Slack, person: Person, view: View, answer: Json) -> None:
    match answer.get("response_action"):
        case "errors":
            view.errors = _errors(view, answer["errors"])
        case "update":
            views.update_view(slack, view, _view(slack, answer))
        case "push":
            views.push_view(slack, person, _view(slack, answer))
        case "clear":
            views.close_all(slack, person)
        case _:
            views.close_view(slack, view)


def _errors(view: View, errors: Json) -> dict[str, str]:
    """The error for each input block; Slack ignores all of them when one is not for an input block."""
    inputs = {block["block_id"] for block in view.payload["blocks"] if block["type"] == "input"}
    for block_id, words in errors.items():
        if block_id not in inputs:
            raise _Unusable(f"errors: {block_id!r} is no input block of this view")
        if not isinstance(words, str) or not words:
            raise _Unusable(f"errors: no words for {block_id!r}")
    return dict(errors)


def _view(slack: Slack, answer: Json) -> Json:
    problems = slack.manifest.check_view(answer["view"])
    if problems:
        raise _Unusable("; ".join(map(str, problems)))
    return dict(answer["view"])
