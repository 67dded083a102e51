"""reactions.*"""

import re

from playground.errors import ApiError
from playground.state.workspace import BOT_USER_ID, Json
from playground.web_api.call import ApiCall
from playground.web_api.registry import method

_NAME = re.compile(r"[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?")
_TS = re.compile(r"\d+\.\d{6}")


@method("reactions.add", "reactions:write")
def reactions_add(call: ApiCall) -> Json:
    """Add an emoji to a message."""
    timestamp = call.text("timestamp")
    if timestamp is None:
        raise ApiError("no_item_specified")
    if not _TS.fullmatch(timestamp):
        raise ApiError("bad_timestamp")
    name = (call.text("name") or "").strip(":")
    if not _NAME.fullmatch(name):
        raise ApiError("invalid_name")
    message = call.message(call.joined_channel(), "timestamp")
    users = message.reactions.setdefault(name, set())
    if BOT_USER_ID in users:
        raise ApiError("already_reacted")
    users.add(BOT_USER_ID)
    call.slack.workspace.changed()
    return {}
