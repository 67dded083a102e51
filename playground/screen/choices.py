"""Values of elements, given as people read them: an option's text, a name, a date, a text."""

import base64
import binascii
from typing import Any

from playground import client
from playground.client import Element, Refused, SurfaceRef, options_of
from playground.client.values import VALUE_KEYS, holds_several
from playground.client.writing import escape
from playground.screen.labels import option_called
from playground.screen.text import normalise
from playground.state.conversation.rich_text import rich_text
from playground.state.slack import Slack
from playground.state.workspace import Json, Person
from playground.workspace_events import upload_external


async def value_for(slack: Slack, person: Person, ref: SurfaceRef, element: Element, wanted: Any) -> Json:
    """The value that `wanted` means in this element; `None` empties it."""
    key = VALUE_KEYS.get(element.type)
    if key is None:
        raise Refused("bad_value", f"a {element.type} takes no value")
    if wanted is None:
        return {key: None}
    if key == "files":
        return {key: [await upload(slack, person, file) for file in _list(wanted)]}
    if key == "rich_text_value":
        return {key: wanted if isinstance(wanted, dict) else rich_text(escape(str(wanted)))}
    if key.startswith(("selected_date", "selected_time")):
        return {key: int(wanted) if key == "selected_date_time" else str(wanted)}
    if key == "value":
        return {key: str(wanted)}
    if key.endswith("s"):
        return {key: [await _chosen(slack, person, ref, element, one) for one in _list(wanted)]}
    return {key: await _chosen(slack, person, ref, element, wanted)}


def toggled(element: Element, current: Json, chosen: Json) -> Json:
    """The value of a multi-select after toggling what was chosen."""
    key = VALUE_KEYS[element.type]
    before = list(current.get(key) or [])
    picked = chosen[key] or []
    return {key: [one for one in before if one not in picked] + [one for one in picked if one not in before]}


def steps(element: Element, current: Json, value: Json) -> list[Json]:
    """The values of an element on the way to `value`: one more choice each time, if it dispatches."""
    if not (element.dispatches and holds_several(element.type)):
        return [value]
    key = VALUE_KEYS[element.type]
    before, after = list(current.get(key) or []), value[key] or []
    picks = [one for one in before if one not in after] + [one for one in after if one not in before]
    taken: list[Json] = []
    for pick in picks:
        before = [one for one in before if one != pick] if pick in before else [*before, pick]
        taken.append({key: before})
    return taken


async def _chosen(slack: Slack, person: Person, ref: SurfaceRef, element: Element, wanted: Any) -> str | Json:
    """One option, person or channel, by its visible text."""
    if element.type.endswith("users_select"):
        return _person(slack, str(wanted))
    if element.type.endswith(("conversations_select", "channels_select")):
        return _channel(slack, person, element, str(wanted))
    if not element.type.endswith("external_select"):
        return option_called(options_of(element.json), str(wanted))
    offered = await client.suggest(slack, person, ref, element.block_id, element.action_id, str(wanted))
    return option_called(offered, str(wanted))


def _person(slack: Slack, wanted: str) -> str:
    found = slack.workspace.person(wanted)
    for person in slack.workspace.people.values():
        if found is None and normalise(person.real_name) == normalise(wanted):
            found = person
    if found is None:
        raise Refused("no_such_option", f"nobody is called {wanted!r}")
    return found.id


def _channel(slack: Slack, person: Person, element: Element, wanted: str) -> str:
    channel = slack.workspace.channel(wanted)
    allowed = ("public",) if element.type.endswith("channels_select") else ("public", "private", "im")
    if (
        channel is None
        or channel.kind not in allowed
        or (channel.kind != "public" and person.id not in channel.members)
    ):
        raise Refused("no_such_option", f"{person.name} can choose no channel {wanted!r} here")
    return channel.id


async def upload(slack: Slack, person: Person, given: Any) -> str:
    """The id of a file: an existing one, an external one (`external`), or one uploaded now."""
    if isinstance(given, str):
        if given not in slack.workspace.files:
            raise Refused("file_not_found", given)
        return given
    try:
        if given.get("external"):
            return upload_external(slack, person, given).id
        content = base64.b64decode(given["content_base64"], validate=True)
        name = str(given["name"])
    except (AttributeError, TypeError, KeyError, binascii.Error) as error:
        raise Refused("bad_value", f'a file is {{"name", "content_base64"}}: {error!r}') from error
    file = await client.upload(slack, person, name, content, given.get("mimetype"))
    file.size = given.get("size", file.size)
    return file.id


def _list(wanted: Any) -> list[Any]:
    return wanted if isinstance(wanted, list) else [wanted]
