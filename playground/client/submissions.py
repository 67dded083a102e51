"""Submitting and closing modals ("view_submission payload", "view_closed payload")."""

from playground.client.actions import send
from playground.client.answers import SubmitResult, follow
from playground.client.elements import Element, elements_of
from playground.client.payloads import interaction, new_response_url, new_trigger
from playground.client.refusal import Refused
from playground.client.surfaces import ViewRef, find_surface
from playground.client.values import input_error
from playground.state import views
from playground.state.slack import Slack
from playground.state.workspace import Json, Person, View


async def submit_view(slack: Slack, person: Person, view_id: str) -> SubmitResult:
    """Submit this person's top modal; nothing is sent while an input is invalid."""
    view = _modal(slack, person, view_id)
    view.errors = _complaints(view)
    slack.workspace.changed()
    if view.errors:
        return SubmitResult(False, errors=dict(view.errors))
    payload = interaction("view_submission", person, slack) | {
        "view": views.view_payload(slack, view),
        "response_urls": _response_urls(slack, person, view),
        "trigger_id": new_trigger(slack, person, view.id),
    }
    answer = await send(slack, person, payload)
    if not answer.ok:
        return SubmitResult(False, error=answer.error)
    return follow(slack, person, view, answer.body if isinstance(answer.body, dict) else {})


async def close_view(slack: Slack, person: Person, view_id: str, whole_stack: bool = False) -> None:
    """Close a modal: "Cancel" shows the one below, the cross (`whole_stack`) closes them all."""
    view = _modal(slack, person, view_id)
    stack = slack.workspace.modals[person.id]
    cleared = (whole_stack and len(stack) > 1) or bool(view.payload.get("clear_on_close"))
    if cleared:
        view = slack.workspace.views[stack[0]]
    payload = interaction("view_closed", person, slack) | {
        "view": views.view_payload(slack, view) | {"state": {"values": {}}},
        "is_cleared": cleared,
    }
    views.close_view(slack, view)
    if view.payload.get("notify_on_close"):
        await send(slack, person, payload)


def _modal(slack: Slack, person: Person, view_id: str) -> View:
    view = find_surface(slack, person, ViewRef(view_id)).view
    if view is None or view.type != "modal":
        raise Refused("not_visible", "this is not a modal")
    return view


def _complaints(view: View) -> dict[str, str]:
    """The errors that the client itself shows, by block_id."""
    found = {}
    for element in elements_of(view.payload["blocks"]):
        value = view.state.get(element.block_id, {}).get(element.action_id, {})
        if element.is_input and (error := input_error(element, value)):
            found[element.block_id] = error
    return found


def _response_urls(slack: Slack, person: Person, view: View) -> list[Json]:
    """One `response_url` for each menu with `response_url_enabled` that names a conversation."""
    return [
        {
            "block_id": element.block_id,
            "action_id": element.action_id,
            "channel_id": channel_id,
            "response_url": new_response_url(slack, "app", person, slack.workspace.channels[channel_id]),
        }
        for element in elements_of(view.payload["blocks"])
        if element.json.get("response_url_enabled") and (channel_id := _conversation(view, element))
    ]


def _conversation(view: View, element: Element) -> str | None:
    value = view.state.get(element.block_id, {}).get(element.action_id, {})
    chosen = value.get("selected_conversation") or value.get("selected_channel")
    return str(chosen) if chosen else None
