"""Modals and App Homes: opening, stacking, updating, closing. `block_kit` knows what they may contain."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from playground.block_kit import complete_ids, view_too_large, with_defaults
from playground.errors import ApiError
from playground.state.inputs import kept_state
from playground.state.workspace import APP_ID, BOT_ID, TEAM_ID, Json, Person, View, new_id

if TYPE_CHECKING:
    from playground.state.slack import Slack

MAX_STACK = 3  # the root view and two more


def open_view(slack: Slack, person: Person, payload: Json) -> View:
    """Show a modal to a person. An open one is replaced: Slack does not define it."""
    _check(slack, payload)
    close_all(slack, person)
    view = _add(slack, person, payload)
    slack.workspace.modals[person.id] = [view.id]
    return view


def push_view(slack: Slack, person: Person, payload: Json) -> View:
    """Show a modal on top of the person's open ones."""
    stack = slack.workspace.modals.get(person.id, [])
    if not stack:
        raise ApiError("not_found")
    if len(stack) >= MAX_STACK:
        raise ApiError("push_limit_reached")
    _check(slack, payload)
    view = _add(slack, person, payload)
    view.root_id, view.previous_id = stack[0], stack[-1]
    stack.append(view.id)
    return view


def update_view(slack: Slack, view: View, payload: Json, *, expected_hash: str | None = None) -> View:
    """Replace the content of a view; entered values are kept where the ids are the same."""
    if expected_hash is not None and expected_hash != view.hash:
        raise ApiError("hash_conflict")
    if payload["type"] != view.type:
        raise ApiError("invalid_arguments", messages=["[ERROR] must match the `type` of the view to update"])
    _check(slack, payload, but=view)
    view.payload = _complete(payload)
    view.state = kept_state(view.payload["blocks"], view.state)
    view.errors = {}
    view.hash = _new_hash(slack)
    slack.workspace.changed()
    return view


def publish_view(slack: Slack, person: Person, payload: Json, *, expected_hash: str | None = None) -> View:
    """Make `payload` the App Home of a person."""
    view_id = slack.workspace.homes.get(person.id)
    if view_id is not None:
        return update_view(slack, slack.workspace.views[view_id], payload, expected_hash=expected_hash)
    _check(slack, payload)
    view = _add(slack, person, payload)
    slack.workspace.homes[person.id] = view.id
    return view


def close_view(slack: Slack, view: View) -> None:
    """Close a modal and those above it; the one below shows again."""
    stack = slack.workspace.modals[view.user]
    closed = stack[stack.index(view.id) :]
    del stack[-len(closed) :]
    for view_id in closed:
        del slack.workspace.views[view_id]
    slack.workspace.changed()


def close_all(slack: Slack, person: Person) -> None:
    """Close every modal of a person."""
    stack = slack.workspace.modals.get(person.id)
    if stack:
        close_view(slack, slack.workspace.views[stack[0]])


def top_view(slack: Slack, person: Person) -> View | None:
    """A person's top modal."""
    stack = slack.workspace.modals.get(person.id)
    return slack.workspace.views[stack[-1]] if stack else None


def view_payload(slack: Slack, view: View) -> Json:
    """A view as answers and interactions show it."""
    given = view.payload
    payload: Json = {
        "id": view.id,
        "team_id": TEAM_ID,
        "type": view.type,
        "blocks": given["blocks"],
        "private_metadata": given.get("private_metadata", ""),
        "callback_id": given.get("callback_id", ""),
        "state": {"values": view.state},
        "hash": view.hash,
        "title": given.get("title", {"type": "plain_text", "text": slack.manifest.name, "emoji": True}),
        "clear_on_close": given.get("clear_on_close", False),
        "notify_on_close": given.get("notify_on_close", False),
        "close": given.get("close"),
        "submit": given.get("submit"),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": APP_ID,
        "external_id": given.get("external_id", ""),
        "app_installed_team_id": TEAM_ID,
        "bot_id": BOT_ID,
    }
    return payload


def _add(slack: Slack, person: Person, payload: Json) -> View:
    complete = _complete(payload)
    view = View(new_id("V"), person.id, complete, _new_hash(slack), kept_state(complete["blocks"], {}))
    view.root_id = view.id
    slack.workspace.views[view.id] = view
    slack.workspace.changed()
    return view


def _complete(payload: Json) -> Json:
    """A view with Slack's defaults, as it is returned."""
    kept: Json = with_defaults(payload)
    return kept | {"blocks": complete_ids(payload["blocks"])}


def _check(slack: Slack, payload: Json, *, but: View | None = None) -> None:
    """Refuse a view that is too large, or whose `external_id` another view has."""
    if view_too_large(payload):
        raise ApiError("view_too_large")
    external_id = payload.get("external_id")
    others = (view for view in slack.workspace.views.values() if view is not but)
    if external_id and any(view.payload.get("external_id") == external_id for view in others):
        raise ApiError("duplicate_external_id")


def _new_hash(slack: Slack) -> str:
    return f"{int(slack.workspace.clock.now())}.{secrets.token_hex(4)}"
