"""Calls of the control API made by the backstage's forms: name and fields."""

from collections.abc import Callable

from playground.state.workspace import Json

Given = dict[str, str]
Call = tuple[str, Json]

_HOUR, _DAY = 3600, 86_400
_PASSING = {"day": _DAY, "week": 7 * _DAY, "month": 30 * _DAY}
_FILES: dict[str, Json] = {
    "bs_external": {
        "name": "Budget",
        "external": "https://docs.example/spreadsheets/d/1",
        "filetype": "gsheet",
    },
    "bs_empty": {"name": "vide.txt", "content_base64": ""},
    "bs_no_size": {"name": "journal.log", "content_base64": "YQ==", "size": None},
    "bs_right_to_left": {"name": "facture_\u202efdp.exe", "content_base64": "YQ=="},
    "bs_slash": {"name": "2026/11/27 relevé.pdf", "content_base64": "JVBERi0="},
    "bs_no_extension": {"name": "LISEZMOI", "content_base64": "YQ=="},
}
_PERSON: dict[str, Callable[[str], Json]] = {
    "bs_deactivate": lambda _: {"deleted": True},
    "bs_reactivate": lambda _: {"deleted": False},
    "bs_rename": lambda value: {"real_name": value},
    "bs_address": lambda value: {"email": value},
    "bs_zone": lambda value: {"tz": value or None},
    "bs_language": lambda value: {"locale": value or None},
}
_CHANNEL: dict[str, Json] = {
    "bs_public": {"private": False},
    "bs_private": {"private": True},
    "bs_archive": {"archived": True},
    "bs_unarchive": {"archived": False},
    "bs_share": {"shared": True},
    "bs_nobody": {"posting": "nobody"},
    "bs_threads_only": {"posting": "threads_only"},
    "bs_everybody": {"posting": "everybody"},
    "bs_new_id": {"new_id": True},
}


def control_call(key: str, given: Given, who: str) -> Call:
    """The call of the control API for the form `key`, filled in by the person `who`."""
    make = _CALLS.get(key)
    if make is not None:
        return make(given, who)
    return key, {name: value for name, value in given.items() if value != ""}


def _clock(given: Given, _who: str) -> Call:
    by = given.get("by", "")
    if by == "stop":
        return "stop_time", {}
    if by in _PASSING:
        return "pass_time", {"seconds": _PASSING[by]}
    return "clock", {"until": "opening"} if by == "opening" else {"advance": _HOUR}


def _app_message(given: Given, _who: str) -> Call:
    text = given["text"]
    content: dict[str, Json] = {
        "bs_attachments": {"attachments": [{"title": text, "fallback": text, "color": "danger"}]},
        "bs_blocks": {"blocks": [{"type": "section", "text": {"type": "plain_text", "text": text}}]},
    }
    where = {"app": given["app"], "channel": given["channel"], "webhook": bool(given.get("webhook"))}
    return "app_message", where | content.get(given["says"], {"text": text})


def _odd_file(given: Given, who: str) -> Call:
    return "message", {"user": who, "channel": given["channel"], "files": [_FILES[given["kind"]]]}


def _hold(given: Given, _who: str) -> Call:
    until = "next" if given["until"] == "bs_next" else "release"
    return "hold", {"type": given["type"], "until": until, "times": given["times"]}


def _faults(given: Given, _who: str) -> Call:
    fields: Json = {name: value for name, value in given.items() if value != ""}
    if given["status"].isdecimal():
        fields["status"] = int(given["status"])
    if given["latency"] and not (given["status"] or given["error"]):
        del fields["times"]
    return "faults", fields


def _lose(given: Given, _who: str) -> Call:
    return "faults", {"event": "*", "times": given["times"]}


def _mail_fault(given: Given, _who: str) -> Call:
    return "faults", dict(given)


def _person(given: Given, _who: str) -> Call:
    return "person", {"user": given["user"]} | _PERSON[given["change"]](given["value"])


def _channel(given: Given, _who: str) -> Call:
    return "channel", {"channel": given["channel"]} | _CHANNEL[given["change"]]


_CALLS: dict[str, Callable[[Given, str], Call]] = {
    "clock": _clock,
    "app_message": _app_message,
    "odd_file": _odd_file,
    "hold": _hold,
    "faults": _faults,
    "lose": _lose,
    "mail_fault": _mail_fault,
    "person": _person,
    "channel": _channel,
}
