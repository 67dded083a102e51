"""A person's actions on elements, which are found by their visible text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playground import client
from playground.client import Element, MessageRef, Refused, SubmitResult, SurfaceRef, ViewRef, elements_of
from playground.client.surfaces import Surface, find_surface, visible_channel
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
    """Describes an element: its visible text, its `action_id`, or an `option` of it."""

    text: str | None = None
    action_id: str | None = None
    option: Any = None
    nth: int | None = None

    def matches(self, element: Element) -> bool:
        """Whether this element fits the description."""
        if self.action_id is not None and element.action_id != self.action_id:
            return False
        if self.text is not None:
            return called(self.text)(element)
        return self.action_id is not None or (isinstance(self.option, str) and offers(self.option)(element))

    def __str__(self) -> str:
        wanted = self.text or self.action_id or self.option
        return repr(wanted)


def surfaces_in(slack: Slack, person: Person, where: object) -> list[SurfaceRef]:
    """The surfaces that `in` means: "modal", "home", `{"channel", "ts"}`, or the top modal, or else the Home.

    Without `ts`, the visible messages of a channel, the newest first.
    """
    view = top_view(slack, person)
    home = slack.workspace.homes.get(person.id)
    if isinstance(where, dict):
        return list(_messages(slack, person, where))
    if where == "modal" or (where is None and view):
        if view is None:
            raise Refused("not_visible", f"{person.name} has no modal open")
        return [ViewRef(view.id)]
    if where not in ("home", None):
        raise Refused("bad_request", 'in is "modal", "home" or {"channel", "ts"}')
    if home is None:
        raise Refused("not_visible", f"the App Home of {person.name} is empty")
    return [ViewRef(home)]


def _messages(slack: Slack, person: Person, where: Json) -> Iterator[MessageRef]:
    channel = channel_called(slack, person, str(where.get("channel", "")))
    if "ts" in where:
        yield MessageRef(channel.id, str(where["ts"]))
        return
    ephemerals = [m for m in slack.workspace.ephemerals.get(person.id, []) if m.channel == channel.id]
    there = (message for message in channel.messages.values() if not message.deleted)
    for ts in sorted((message.ts for message in [*there, *ephemerals]), reverse=True):
        yield MessageRef(channel.id, ts)


def channel_called(slack: Slack, person: Person, key: str) -> Channel:
    """A channel of this person, by id or by name; with a leading "@", their direct message with the app."""
    if key.startswith("@"):
        return slack.workspace.direct_message(person.id)
    channel = slack.workspace.channel(key)
    return visible_channel(slack, person, channel.id if channel else key)


async def click(
    slack: Slack, person: Person, where: object, target: Target, value: Any, stale: bool
) -> Acknowledgement:
    """Press a button or choose in a menu."""
    ref, element = _find(slack, person, surfaces_in(slack, person, where), target, stale)
    wanted = value if target.option is None else target.option
    if element.type not in VALUE_KEYS:
        return await client.press(slack, person, ref, element.block_id, element.action_id, {})
    if wanted is None and element.type != "overflow":
        raise Refused("bad_request", f"a {element.type} needs option (its words) or value")
    if not holds_several(element.type):
        return await _use(slack, person, ref, element, wanted)
    before = _current(find_surface(slack, person, ref), element)
    picked = await value_for(slack, person, ref, element, wanted)
    return await _step(slack, person, ref, element, toggled(element, before, picked))


async def type_in(
    slack: Slack, person: Person, where: object, label: str, text: str, nth: int | None = None
) -> Acknowledgement:
    """Type in the input with this label, and Enter."""
    ref = surfaces_in(slack, person, where)[0]
    element = labelled(find_surface(slack, person, ref).blocks, label, nth)
    return await _put(slack, person, ref, element, await value_for(slack, person, ref, element, text))


async def _fill(slack: Slack, person: Person, label: str, wanted: Any) -> None:
    """Enter a value in the modal's input with this label; without Enter, which most inputs wait for."""
    ref = surfaces_in(slack, person, "modal")[0]
    element = labelled(find_surface(slack, person, ref).blocks, label)
    if element.waits_for_enter:
        element = Element({**element.block, "dispatch_action": False}, element.json)
    await _use(slack, person, ref, element, wanted)


async def offered(slack: Slack, person: Person, where: object, label: str, query: str) -> list[Json]:
    """What an external menu offers for a query."""
    ref = surfaces_in(slack, person, where)[0]
    element = labelled(find_surface(slack, person, ref).blocks, label)
    return await client.suggest(slack, person, ref, element.block_id, element.action_id, query)


async def submit(slack: Slack, person: Person, values: Json) -> tuple[SubmitResult, dict[str, str]]:
    """Fill in the person's top modal, in this order, and submit it. Returns the errors by label as well."""
    for label, wanted in values.items():
        await _fill(slack, person, label, wanted)
    view = top_view(slack, person)
    if view is None:
        raise Refused("not_visible", f"{person.name} has no modal open")
    if "submit" not in view.payload:
        raise Refused("no_submit", "this modal has no submit button")
    labels = {b["block_id"]: b["label"]["text"] for b in view.payload["blocks"] if b["type"] == "input"}
    result = await client.submit_view(slack, person, view.id)
    return result, {labels.get(block_id, block_id): error for block_id, error in result.errors.items()}


async def _use(
    slack: Slack, person: Person, ref: SurfaceRef, element: Element, wanted: Any
) -> Acknowledgement:
    """Enter a value, and send it when the element dispatches."""
    value = await value_for(slack, person, ref, element, wanted)
    if element.keeps_value and _current(find_surface(slack, person, ref), element) == value:
        return SENT_NOTHING
    return await _step(slack, person, ref, element, value)


async def _step(
    slack: Slack, person: Person, ref: SurfaceRef, element: Element, value: Json
) -> Acknowledgement:
    """Reach a value as a person does: in a multi-select, each choice is sent by itself."""
    answer = SENT_NOTHING
    for step in steps(element, _current(find_surface(slack, person, ref), element), value):
        answer = await _put(slack, person, ref, element, step)
    return answer


async def _put(
    slack: Slack, person: Person, ref: SurfaceRef, element: Element, value: Json
) -> Acknowledgement:
    """Set the value of an element, and send it when the element dispatches."""
    if element.dispatches:
        return await client.press(slack, person, ref, element.block_id, element.action_id, value)
    if isinstance(ref, ViewRef):
        await client.set_input(slack, person, ref.view_id, element.block_id, element.action_id, value)
    return SENT_NOTHING


def _current(seen: Surface, element: Element) -> Json:
    """The current value of an element, as its payload has it."""
    held = seen.state.get(element.block_id, {}).get(element.action_id, {})
    key = VALUE_KEYS[element.type]
    return {key: held.get(key)}


def _find(
    slack: Slack, person: Person, refs: list[SurfaceRef], target: Target, stale: bool
) -> tuple[SurfaceRef, Element]:
    """The described element, on the first of these surfaces that has it."""
    everything: list[Element] = []
    for ref in refs:
        for version in _versions(slack, person, ref) if stale else [ref]:
            here = list(elements_of(find_surface(slack, person, version).blocks))
            found = [element for element in here if target.matches(element)]
            if found:
                return version, pick_one(found, here, str(target), target.nth)
            everything += here
    nothing = pick_one(
        [], everything, str(target), target.nth
    )  # raises Refused; a channel may have no message
    return refs[0], nothing


def _versions(slack: Slack, person: Person, ref: SurfaceRef) -> Iterator[SurfaceRef]:
    """Earlier versions of a message, the latest first."""
    if not isinstance(ref, MessageRef):
        raise Refused("bad_request", "only a message can be stale")
    message = find_surface(slack, person, ref).message
    for age in range(1, len(message.versions) + 1 if message else 0):
        yield MessageRef(ref.channel_id, ref.ts, age)
