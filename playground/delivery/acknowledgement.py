"""What the app may answer to each payload ("Handling user interaction", "Implementing slash commands")."""

from collections.abc import Iterator
from dataclasses import dataclass

from playground.manifest import Manifest
from playground.state.workspace import Json

_RESPONSE_ACTIONS = ("errors", "update", "push", "clear")


@dataclass(frozen=True)
class Acknowledgement:
    """The app's answer to a payload; `error` is Slack's error when it cannot be used."""

    ok: bool
    body: Json | str | None = None
    error: str = ""


def problems(manifest: Manifest, payload_type: str, body: Json | str | None) -> Iterator[str]:
    """The problems of this body as this app's answer to this payload.

    The views in the answer to a submission are checked when they are shown: that depends on the open views.
    """
    if payload_type == "slash_command":
        yield from _reply_problems(manifest, body)
    elif payload_type == "view_submission":
        yield from _submission_problems(body)
    elif payload_type == "block_suggestion":
        yield from _suggestion_problems(manifest, body)
    elif body:
        yield f"Slack ignores the body of this acknowledgement: {str(body)[:200]}"


def _reply_problems(manifest: Manifest, body: Json | str | None) -> Iterator[str]:
    if not isinstance(body, dict):
        return
    if not body.get("text") and not body.get("blocks") and not body.get("attachments"):
        yield f"a reply needs text, blocks or attachments: {str(body)[:200]}"
    if body.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
        yield f"unknown response_type: {body['response_type']}"
    if "blocks" in body:
        yield from map(str, manifest.check_blocks(body["blocks"]))


def _submission_problems(body: Json | str | None) -> Iterator[str]:
    if not body:
        return
    action = body.get("response_action") if isinstance(body, dict) else None
    if not isinstance(body, dict) or action not in _RESPONSE_ACTIONS:
        yield f"neither empty nor a response_action: {str(body)[:200]}"
    elif action == "errors" and not (isinstance(body.get("errors"), dict) and body["errors"]):
        yield "response_action errors needs errors, an object of block_id and words"
    elif action in ("update", "push") and not isinstance(body.get("view"), dict):
        yield f"response_action {action} needs a view"


def _suggestion_problems(manifest: Manifest, body: Json | str | None) -> Iterator[str]:
    """The rules are those of a static menu's options, except that there may be none."""
    answer = body if isinstance(body, dict) else {}
    lists = [answer[key] for key in ("options", "option_groups") if isinstance(answer.get(key), list)]
    if len(lists) != 1:
        yield f"needs either options or option_groups: {str(body)[:200]}"
    elif lists[0]:
        menu = {"type": "static_select", "action_id": "menu", **answer}
        block = {"type": "actions", "block_id": "menu", "elements": [menu]}
        yield from map(str, manifest.check_blocks([block]))
