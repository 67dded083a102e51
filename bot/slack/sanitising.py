"""Sanitises payloads: no text holds a character that a database cannot store."""

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.request.internals import build_context

from bot.observability.slack_requests import InstrumentedApp
from models.characters import storable_json


class SanitisingApp(InstrumentedApp):
    """A Bolt app whose listeners get no NUL and no lone surrogate in any argument.

    Bolt makes the arguments from the request's body and context, and both transports call `dispatch`. The raw
    body, which the signature covers, is unchanged.
    """

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Answer one payload."""
        req.body = storable_json(req.body)
        build_context(req.context, req.body)
        return super().dispatch(req)
