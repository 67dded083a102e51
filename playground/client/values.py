"""The values of elements: their shape in payloads, and what Slack's client checks before a submission."""

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation

from playground.client.elements import Element, options_of
from playground.client.refusal import Refused
from playground.state.workspace import Json

MAX_TEXT_INPUT = 3000  # characters in a plain_text_input
MAX_FILE_BYTES = 10 * 1024 * 1024
REQUIRED = "Please complete this required field."

VALUE_KEYS = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "overflow": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
}


def holds_several(element_type: str) -> bool:
    """Whether several options, people or channels can be chosen in this element."""
    key = VALUE_KEYS.get(element_type, "")
    return key.startswith("selected_") and key.endswith("s")


def value_of(element_type: str, value: Json) -> object:
    """The entered or chosen value, taken out of the payload object."""
    return value.get(VALUE_KEYS.get(element_type, ""))


def checked(element: Json, value: Json) -> Json:
    """The value as Slack's client holds it, or Refused `no_such_option`, `too_many_options`."""
    key = VALUE_KEYS.get(element["type"])
    if key is None:
        return {}
    entered = value.get(key)
    if entered is None or entered == "":
        return {key: [] if key.endswith("s") else None}
    if key in ("selected_option", "selected_options") and not element["type"].endswith("external_select"):
        _check_options(element, entered if isinstance(entered, list) else [entered])
    return {key: entered, **({"timezone": element["timezone"]} if "timezone" in element else {})}


def _check_options(element: Json, chosen: list[Json]) -> None:
    offered = options_of(element)
    for option in chosen:
        if option not in offered:
            raise Refused("no_such_option", f"{option} is not among the options")
    if len(chosen) > element.get("max_selected_items", len(chosen)):
        raise Refused("too_many_options", f"at most {element['max_selected_items']} can be chosen")


def input_error(element: Element, value: Json) -> str | None:
    """The error that Slack's client shows under this input; None for a valid value."""
    entered = value_of(element.type, value)
    if entered in (None, "", []) or (isinstance(entered, str) and not entered.strip()):
        return None if element.block.get("optional") else REQUIRED
    check = _CHECKS.get(element.type)
    return check(element.json, entered) if check else None


def _text_error(element: Json, text: str) -> str | None:
    if len(text) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    longest = element.get("max_length", MAX_TEXT_INPUT)
    return f"Please enter at most {longest} characters." if len(text) > longest else None


def _number_error(element: Json, text: str) -> str | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return "Please enter a valid number."
    if not number.is_finite() or (not element["is_decimal_allowed"] and number != number.to_integral_value()):
        return "Please enter a valid number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None


def _email_error(_element: Json, text: str) -> str | None:
    return None if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text) else "Please enter a valid email address."


def _url_error(_element: Json, text: str) -> str | None:
    return None if re.fullmatch(r"https?://[^\s/]+\S*", text) else "Please enter a valid URL."


def _format_error(form: str, message: str) -> Callable[[Json, str], str | None]:
    def check(_element: Json, text: str) -> str | None:
        try:
            datetime.strptime(text, form)
        except ValueError:
            return message
        return None

    return check


def _files_error(element: Json, files: list[Json]) -> str | None:
    if len(files) > element.get("max_files", 10):
        return f"Please add at most {element.get('max_files', 10)} files."
    wanted = [suffix.lower() for suffix in element.get("filetypes", [])]
    for file in files:
        if file["size"] > MAX_FILE_BYTES:
            return f"{file['name']} is larger than 10 MB."
        if wanted and file["name"].rpartition(".")[2].lower() not in wanted:
            return f"{file['name']} is not one of: {', '.join(wanted)}."
    return None


_CHECKS: dict[str, Callable[..., str | None]] = {
    "plain_text_input": _text_error,
    "number_input": _number_error,
    "email_text_input": _email_error,
    "url_text_input": _url_error,
    "file_input": _files_error,
    "datepicker": _format_error("%Y-%m-%d", "Please enter a valid date."),
    "timepicker": _format_error("%H:%M", "Please enter a valid time."),
}
