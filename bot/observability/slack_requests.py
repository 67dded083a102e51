"""Request metrics: each of Slack's payloads is timed, counted, and logged in one line."""

import logging
import re
from collections.abc import Mapping
from time import perf_counter
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse

from bot.observability import logs, slack_waits
from bot.observability.last_heard import HEARD, kind_of
from bot.observability.metrics import ACKNOWLEDGED, REQUESTS
from bot.observability.service_level import record_acknowledgement
from models.errors import HelpDeskError

logger = logging.getLogger("guichet.requests")

# Slack's `type` of a payload ("Interaction payloads"): the name of Bolt's listener for it.
KINDS: Mapping[str, str] = {
    "block_actions": "action",
    "block_suggestion": "options",
    "event_callback": "event",
    "message_action": "shortcut",
    "shortcut": "shortcut",
    "view_closed": "view_closed",
    "view_submission": "view_submission",
}
SLACK_FAILED = "slack_failed"
"""Set in the context of a payload that Slack itself made fail (`bot.slack.error_handler`)."""
OUTCOMES = {200: "ok", 401: "unsigned", 404: "unhandled"}
for _kind in {*KINDS.values(), "command", "other"}:  # at 0 from the start: alerts see the first failure
    REQUESTS.labels(_kind, "failed")
REQUESTS.labels("other", "unsigned")
_ID = re.compile(r"[\w/.:-]{1,80}", re.ASCII)


class InstrumentedApp(App):
    """A Bolt app with request metrics. They are taken in `dispatch`, which both transports call; a middleware
    returns before the listener runs."""

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Answer one payload."""
        with logs.request(), slack_waits.of_payload() as waited:
            start, response = perf_counter(), None
            try:
                response = super().dispatch(req)
                return response
            finally:
                seconds = perf_counter() - start
                _record(req, response, seconds)
                _measure(req, response, seconds - waited.seconds)


def record_refusal(status: str) -> None:
    """Count and log a request that request verification refused. Nothing of its contents is logged: its
    sender is unknown."""
    outcome = "unsigned" if status.startswith("401") else "malformed"
    REQUESTS.labels("other", outcome).inc()
    with logs.request():
        logger.info(
            "other - %s: %s", outcome, status, extra={"fields": {"kind": "other", "outcome": outcome}}
        )


def _record(req: BoltRequest, response: BoltResponse | None, seconds: float) -> None:
    outcome, error = _outcome(req, response)
    # Nothing of an unsigned request is logged: its sender is unknown.
    kind, what = ("other", "-") if outcome == "unsigned" else describe(req.body)
    REQUESTS.labels(kind, outcome).inc()
    if outcome != "unsigned":
        ACKNOWLEDGED.labels(kind).observe(seconds)
        HEARD.note(kind_of(kind, what, req.body))
    fields = {"kind": kind, "id": what, "outcome": outcome, "ms": round(seconds * 1000, 1)}
    reason = f" ({type(error).__name__})" if error else ""
    logger.info("%s %s %s%s in %.1f ms", kind, what, outcome, reason, fields["ms"], extra={"fields": fields})


def _measure(req: BoltRequest, response: BoltResponse | None, own_seconds: float) -> None:
    """Count the payload for the service level, unless nobody here could have answered it: it is forged or
    none of ours, or it failed because Slack did not answer."""
    outcome, _error = _outcome(req, response)
    is_ours = outcome in {"ok", "refused", "failed"} and describe(req.body)[0] != "other"
    if is_ours and not req.context.get(SLACK_FAILED):
        record_acknowledgement(own_seconds, failed=outcome == "failed")


def _outcome(req: BoltRequest, response: BoltResponse | None) -> tuple[str, Exception | None]:
    """The outcome, and the error that the person was told of (`bot.slack.error_handler`)."""
    error = req.context.get("error")
    if error is not None:
        return ("refused" if isinstance(error, HelpDeskError) else "failed"), error
    return OUTCOMES.get(response.status if response else 500, "failed"), None


def describe(body: Any) -> tuple[str, str]:
    """A payload's kind, and the id of ours that it names."""
    if "command" in body:
        return "command", _loggable(body["command"])
    kind = KINDS.get(str(body.get("type")), "other")
    match kind:
        case "action":
            return kind, _loggable(_lookup(body, "actions", 0, "action_id"))
        case "event":
            return kind, _loggable(_lookup(body, "event", "type"))
        case "options":
            return kind, _loggable(body.get("action_id"))
        case "shortcut":
            return kind, _loggable(body.get("callback_id"))
        case "view_submission" | "view_closed":
            return kind, _loggable(_lookup(body, "view", "callback_id"))
    return kind, "-"


def _lookup(value: Any, *path: str | int) -> Any:
    try:
        for key in path:
            value = value[key]
    except (KeyError, IndexError, TypeError):
        return None
    return value


def _loggable(name: object) -> str:
    """The id if it has the form of ours; anything else is not logged."""
    return name if isinstance(name, str) and _ID.fullmatch(name) else "?"
