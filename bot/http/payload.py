"""The envelopes of Slack's payloads: what Bolt reads of a request before any listener is called.

Sources: docs.slack.dev, "Interaction payloads", "Events API", "Slash commands".
"""

import json
from typing import Any
from urllib.parse import parse_qsl

INTERACTIONS = (
    *("block_actions", "block_suggestion", "view_submission", "view_closed"),
    *("shortcut", "message_action"),
)


def parse(text: str) -> object:
    """The payload of a body, as Bolt reads it; `None` when there is none."""
    try:
        if text.startswith("{"):
            return json.loads(text)
        form = dict(parse_qsl(text, keep_blank_values=True))
        return json.loads(form["payload"]) if "payload" in form else form
    except (ValueError, RecursionError):  # not JSON, or nested too deep
        return None


def is_payload(body: object) -> bool:
    """Whether a body has the envelope of one of Slack's payloads; its contents are checked where they are
    read."""
    if not isinstance(body, dict) or not _has_envelope(body):
        return False
    if "command" in body or "ssl_check" in body:
        return all(isinstance(each, str) for each in body.values())
    match body.get("type"):
        case "url_verification":
            return isinstance(body.get("challenge"), str)
        case "app_rate_limited":  # docs.slack.dev, "Events API": it carries no event, and expects a 200
            return True
        case "event_callback":
            return _is_event(body.get("event"))
        case kind if kind in INTERACTIONS:
            return _is_interaction(body)
    return False


def _is_event(event: object) -> bool:
    return isinstance(event, dict) and isinstance(event.get("type"), str) and _has_envelope(event)


def _has_envelope(body: dict[str, Any]) -> bool:
    """Whether the fields that Bolt reads before any listener have Slack's types."""
    named = [body.get(each) for each in ("user", "team", "channel", "enterprise", "item")]
    inner = [body.get(each) for each in ("message", "previous_message", "assistant_thread", "view")]
    authorizations = body.get("authorizations", [])
    return (
        all(each is None or isinstance(each, str | dict) for each in named)
        and all(each is None or isinstance(each, dict) for each in inner)
        and isinstance(authorizations, list)
        and all(isinstance(each, dict) for each in authorizations)
    )


def _is_interaction(body: dict[str, Any]) -> bool:
    user, actions, view = body.get("user"), body.get("actions", []), body.get("view")
    return (
        isinstance(user, dict)
        and isinstance(user.get("id"), str)
        and isinstance(actions, list)
        and all(isinstance(each, dict) and isinstance(each.get("action_id"), str) for each in actions)
        and bool(actions or body["type"] != "block_actions")
        and (view is None or isinstance(view, dict))
        and (view is not None or not body["type"].startswith("view_"))
    )
