"""What comes in, before anything reads it: texts that every database keeps."""

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.request.internals import build_context

from bot.observability.slack_requests import InstrumentedApp
from models.characters import all_kept


class CleanApp(InstrumentedApp):
    """A Bolt app whose listeners see no NUL and no lone surrogate, whatever they name as an argument.

    Bolt makes all of a listener's arguments of the request's body and context when it calls it; over both
    doors all goes through `dispatch`. What is signed, the raw body, stays as it came."""

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Answer one payload."""
        req.body = all_kept(req.body)
        build_context(req.context, req.body)
        return super().dispatch(req)
