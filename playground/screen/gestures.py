"""Gestures by the words a person reads: which element they mean, and what they do with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playground import client
from playground.client import Element, MessagePlace, Place, Refused, SubmitResult, ViewPlace, elements_of
from playground.client.places import Scene, scene, visible_channel
from playground.client.values import VALUE_KEYS, holds_several
from playground.delivery import Acknowledgement
from playground.screen.choices import steps, toggled, value_for
from playground.screen.labels import called, labelled, offers, pick_one
from playground.state.slack import Slack
from playground.state.views import top_view
from playground.state.workspace import Channel, Json, Person

SENT_NOTHING = Acknowledgement(True)


@dataclass(frozen=True)
class Target:
    """What a person wants to use: an element called `words`, or with `action_id`, or offering `option`."""

    words: str | None = None
    action_id: str | None = None
    option: Any = None
    nth: int | None = None

    def matches(self, element: Element) -> bool:
        """Whether this element could be meant."""
        if self.action_id is not None and element.action_id != self.action_id:
            return False
        if self.words is not None:
            return called(self.words)(element)
        return self.action_id is not None or (isinstance(self.option, str) and offers(self.option)(element))

    def __str__(self) -> str:
        wanted = self.words or self.action_id or self.option
        return repr(wanted)


def place_in(slack: Slack, person: Person, where: object) -> list[Place]:
    """The places that `in` means: "modal", "home", `{"channel", "ts"}`, or what is in front of the person.

    Without `ts`, the messages of a channel that they see, the newest first.
    """
    view = top_view(slack, person)
    home = slack.workspace.homes.get(person.id)
    if isinstance(where, dict):
        return list(_messages(slack, person, where))
    if where == "modal" or (where is None and view):
        if view is None:
            raise Refused("not_visible", f"{person.name} has no modal open")
        return [ViewPlace(view.id)]
    if where not in ("home", None):
        raise Refused("bad_request", 'in is "modal", "home" or {"channel", "ts"}')
    if home is None:
        raise Refused("not_visible", f"the App Home of {person.name} is empty")
    return [ViewPlace(home)]


def _messages(slack: Slack, person: Person, where: Json) -> Iterator[MessagePlace]:
    channel = channel_called(slack, person, str(where.get("channel", "")))
    if "ts" in where:
        yield MessagePlace(channel.id, str(where["ts"]))
        return
    ephemerals = [m for m in slack.workspace.ephemerals.get(person.id, []) if m.channel == channel.id]
    there = (message for message in channel.messages.values() if not message.deleted)
    for ts in sorted((message.ts for message in [*there, *ephemerals]), reverse=True):
        yield MessagePlace(channel.id, ts)


def channel_called(slack: Slack, person: Person, key: str) -> Channel:
    """A channel this person is in, by id or by name; with "@" before it, their messages with the app."""
    if key.startswith("@"):
        return slack.workspace.direct_message(person.id)
    channel = slack.workspace.channel(key)
    return visible_channel(slack, person, channel.id if channel else key)


async def click(
    slack: Slack, person: Person, where: object, target: Target, value: Any, stale: bool
) -> Acknowledgement:
    """Press a button or choose in a menu."""
    place, element = _find(slack, person, place_in(slack, person, where), target, stale)
    wanted = value if target.option is None else target.option
    if element.type not in VALUE_KEYS:
        return await client.press(slack, person, place, element.block_id, element.action_id, {})
    if wanted is None and element.type != "overflow":
        raise Refused("bad_request", f"a {element.type} needs option (its words) or value")
    if not holds_several(element.type):
        return await _use(slack, person, place, element, wanted)
    before = _current(scene(slack, person, place), element)
    picked = await value_for(slack, person, place, element, wanted)
    return await _step(slack, person, place, element, toggled(element, before, picked))


async def type_in(
    slack: Slack, person: Person, where: object, label: str, text: str, nth: int | None = None
) -> Acknowledgement:
    """Type in the input with this label, and Enter."""
    place = place_in(slack, person, where)[0]
    element = labelled(scene(slack, person, place).blocks, label, nth)
    return await _put(slack, person, place, element, await value_for(slack, person, place, element, text))


async def _fill(slack: Slack, person: Person, label: str, wanted: Any) -> None:
    """Put a value in the input of the modal with this label; without Enter, which most inputs wait for."""
    place = place_in(slack, person, "modal")[0]
    element = labelled(scene(slack, person, place).blocks, label)
    if element.waits_for_enter:
        element = Element({**element.block, "dispatch_action": False}, element.json)
    await _use(slack, person, place, element, wanted)


async def offered(slack: Slack, person: Person, where: object, label: str, query: str) -> list[Json]:
    """What an external menu offers for a query."""
    place = place_in(slack, person, where)[0]
    element = labelled(scene(slack, person, place).blocks, label)
    return await client.suggest(slack, person, place, element.block_id, element.action_id, query)


async def submit(slack: Slack, person: Person, values: Json) -> tuple[SubmitResult, dict[str, str]]:
    """Fill the modal in front of the person, in this order, and submit it; the errors by label as well."""
    for label, wanted in values.items():
        await _fill(slack, person, label, wanted)
    view = top_view(slack, person)
    if view is None:
        raise Refused("not_visible", f"{person.name} has no modal open")
    if "submit" not in view.payload:
        raise Refused("no_submit", "this modal has no submit button")
    labels = {b["block_id"]: b["label"]["text"] for b in view.payload["blocks"] if b["type"] == "input"}
    result = await client.submit_view(slack, person, view.id)
    return result, {labels.get(block_id, block_id): words for block_id, words in result.errors.items()}


async def _use(slack: Slack, person: Person, place: Place, element: Element, wanted: Any) -> Acknowledgement:
    """Enter a value, and send it when the element sends on change."""
    value = await value_for(slack, person, place, element, wanted)
    if element.keeps_value and _current(scene(slack, person, place), element) == value:
        return SENT_NOTHING
    return await _step(slack, person, place, element, value)


async def _step(slack: Slack, person: Person, place: Place, element: Element, value: Json) -> Acknowledgement:
    """Come to a value as a person does: where several can be chosen, each pick is sent by itself."""
    answer = SENT_NOTHING
    for step in steps(element, _current(scene(slack, person, place), element), value):
        answer = await _put(slack, person, place, element, step)
    return answer


async def _put(slack: Slack, person: Person, place: Place, element: Element, value: Json) -> Acknowledgement:
    """Leave a value in an element, which sends it if it does so on change."""
    if element.dispatches:
        return await client.press(slack, person, place, element.block_id, element.action_id, value)
    if isinstance(place, ViewPlace):
        await client.set_input(slack, person, place.view_id, element.block_id, element.action_id, value)
    return SENT_NOTHING


def _current(seen: Scene, element: Element) -> Json:
    """The value that stands in an element, in the shape of a gesture's."""
    held = seen.state.get(element.block_id, {}).get(element.action_id, {})
    key = VALUE_KEYS[element.type]
    return {key: held.get(key)}


def _find(
    slack: Slack, person: Person, places: list[Place], target: Target, stale: bool
) -> tuple[Place, Element]:
    """The element meant, in the first of these places that has it."""
    everything: list[Element] = []
    for place in places:
        for version in _aged(slack, person, place) if stale else [place]:
            here = list(elements_of(scene(slack, person, version).blocks))
            found = [element for element in here if target.matches(element)]
            if found:
                return version, pick_one(found, here, str(target), target.nth)
            everything += here
    nothing = pick_one([], everything, str(target), target.nth)  # refuses; a channel may have no message
    return places[0], nothing


def _aged(slack: Slack, person: Person, place: Place) -> Iterator[Place]:
    """The earlier versions of a message, the latest first."""
    if not isinstance(place, MessagePlace):
        raise Refused("bad_request", "only a message can be stale")
    message = scene(slack, person, place).message
    for age in range(1, len(message.versions) + 1 if message else 0):
        yield MessagePlace(place.channel_id, place.ts, age)
