"""views.*"""

import re
import time

from playground.errors import ApiError, missing_field
from playground.state.views import open_view, publish_view, push_view, update_view, view_payload
from playground.state.workspace import Json, Person, Trigger, View
from playground.web_api.call import ApiCall
from playground.web_api.registry import method

_TRIGGER_ID = re.compile(r"\d+\.\d+\.[0-9a-f]+")


@method("views.open")
def views_open(call: ApiCall) -> Json:
    """Show a modal."""
    payload = _checked(call, "modal")
    trigger = _trigger(call)
    clicked_in = call.slack.workspace.views.get(trigger.view_id or "")
    if clicked_in is not None and clicked_in.type == "modal":
        # Not documented; Slack's clients differ.
        call.slack.workspace.violate("open_over_modal", call.method, "use views.push or views.update")
    view = open_view(call.slack, _owner(call, trigger), payload)
    trigger.used = True
    return _answer(call, view)


@method("views.push")
def views_push(call: ApiCall) -> Json:
    """Show a modal on top of the one with the clicked element."""
    payload = _checked(call, "modal")
    trigger = _trigger(call)
    if trigger.view_id is None:
        raise ApiError("invalid_trigger_id")  # an assumption: the error for a click outside views is unknown
    clicked_in = call.slack.workspace.views.get(trigger.view_id)
    if clicked_in is not None and clicked_in.type == "home":
        words = "must match the `type` of the root view whose stack we're pushing onto"
        raise ApiError("invalid_arguments", messages=[f"[ERROR] {words} [json-pointer:/view/type]"])
    view = push_view(call.slack, _owner(call, trigger), payload)
    trigger.used = True
    return _answer(call, view)


@method("views.update")
def views_update(call: ApiCall) -> Json:
    """Replace the content of a view, given its `view_id` or `external_id`."""
    payload = _checked(call)
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if view_id is None and external_id is None:
        raise missing_field("view_id")
    for view in call.slack.workspace.views.values():
        if view.id == view_id or (external_id and view.payload.get("external_id") == external_id):
            return _answer(call, update_view(call.slack, view, payload, expected_hash=call.text("hash")))
    raise ApiError("not_found")


@method("views.publish")
def views_publish(call: ApiCall) -> Json:
    """Publish somebody's App Home."""
    payload = _checked(call, "home")
    person = call.slack.workspace.people.get(call.required("user_id"))
    if person is None or not person.is_human:
        raise ApiError("invalid_arguments", messages=["[ERROR] invalid `user_id`"])
    if not call.slack.manifest.home_tab:
        raise ApiError("not_enabled")
    return _answer(call, publish_view(call.slack, person, payload, expected_hash=call.text("hash")))


def _checked(call: ApiCall, kind: str | None = None) -> Json:
    """The given view, checked."""
    payload = call.arguments.get("view")
    if payload is None or payload == "":
        raise missing_field("view")
    problems = [str(problem) for problem in call.slack.manifest.check_view(payload)]
    if not problems and kind is not None and payload["type"] != kind:
        problems.append("must be a valid enum value [json-pointer:/view/type]")
    if problems:
        raise ApiError("invalid_arguments", messages=[f"[ERROR] {problem}" for problem in problems])
    return dict(payload)


def _trigger(call: ApiCall) -> Trigger:
    """The given trigger, if it is valid. Assumption: only success uses it up."""
    trigger_id = call.text("trigger_id") or call.text("interactivity_pointer")
    if trigger_id is None:
        raise missing_field("trigger_id")
    if not _TRIGGER_ID.fullmatch(trigger_id):
        raise ApiError("invalid_arguments", messages=["invalid `trigger_id`"])
    workspace = call.slack.workspace
    trigger = workspace.triggers.get(trigger_id)
    if trigger is None:
        raise ApiError("invalid_trigger_id")
    if trigger.used:
        raise ApiError("exchanged_trigger_id")
    if time.monotonic() - trigger.born > call.slack.trigger_seconds:
        raise ApiError("expired_trigger_id")
    return trigger


def _owner(call: ApiCall, trigger: Trigger) -> Person:
    return call.slack.workspace.people[trigger.user]


def _answer(call: ApiCall, view: View) -> Json:
    return {"view": view_payload(call.slack, view)}
