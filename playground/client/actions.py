"""Using the elements of messages, modals and the App Home ("block_actions payload")."""

from playground.block_kit import with_defaults
from playground.client.elements import Element, find
from playground.client.payloads import channel_name, interaction, new_response_url, new_trigger
from playground.client.refusal import Refused
from playground.client.surfaces import Surface, SurfaceRef, ViewRef, find_surface
from playground.client.values import checked
from playground.delivery import Acknowledgement
from playground.state.files import file_payload
from playground.state.slack import Slack
from playground.state.workspace import Json, Person

MIN_QUERY_LENGTH = 3  # characters before an external menu asks for options, by default
_ECHOED = (
    "text",
    "value",
    "style",
    "placeholder",
    "confirm",
)  # and the initial values; of text inputs, none


async def press(
    slack: Slack, person: Person, ref: SurfaceRef, block_id: str, action_id: str, value: Json
) -> Acknowledgement:
    """Press a button, choose in a menu, enter a value; `confirm` dialogs are confirmed.

    `value` is what `actions[0]` of the payload holds for this type of element, `{}` for a button.
    Raises Refused for what the client does not allow, and where it would send nothing.
    """
    surface = find_surface(slack, person, ref)
    element = find(surface.blocks, block_id, action_id)
    if not element.dispatches:
        raise Refused("no_dispatch_action", "this input sends nothing before the form is submitted")
    value = _enter(slack, surface, element, value)
    payload = (
        interaction("block_actions", person, slack) | surface.payload | _message_part(slack, person, surface)
    )
    payload["actions"] = [_action(slack, element, value)]
    payload["trigger_id"] = new_trigger(slack, person, surface.view.id if surface.view else None)
    return await send(slack, person, payload)


async def set_input(
    slack: Slack, person: Person, view_id: str, block_id: str, action_id: str, value: Json
) -> None:
    """Fill an input without sending anything. Raises Refused for a value that it cannot hold."""
    surface = find_surface(slack, person, ViewRef(view_id))
    _enter(slack, surface, find(surface.blocks, block_id, action_id), value)
    slack.workspace.changed()


async def suggest(
    slack: Slack, person: Person, ref: SurfaceRef, block_id: str, action_id: str, query: str
) -> list[Json]:
    """The options that an external menu offers for a query; none while the query is too short."""
    surface = find_surface(slack, person, ref)
    element = find(surface.blocks, block_id, action_id)
    if not element.type.endswith("external_select"):
        raise Refused("not_external", f"a {element.type} has its own options")
    if len(query) < element.json.get("min_query_length", MIN_QUERY_LENGTH):
        return []
    payload = interaction("block_suggestion", person, slack) | surface.payload
    if surface.channel is not None:
        payload["channel"] = {"id": surface.channel.id, "name": channel_name(surface.channel)}
    payload |= {"block_id": block_id, "action_id": action_id, "value": query}
    answer = await send(slack, person, payload)
    if not answer.ok or not isinstance(answer.body, dict):
        raise Refused(answer.error, "the menu could not be filled")
    groups = answer.body.get("option_groups") or [{"options": answer.body.get("options") or []}]
    return [option for group in groups for option in group["options"]]


async def send(slack: Slack, person: Person, payload: Json) -> Acknowledgement:
    """Send an interactive payload; a failure is shown to the person."""
    answer = await slack.delivery.interact("interactive", payload)
    if not answer.ok:
        toast(slack, person, answer.error)
    return answer


def toast(slack: Slack, person: Person, text: str) -> None:
    """Show this person an error."""
    slack.workspace.toasts.setdefault(person.id, []).append(text)
    slack.workspace.changed()


def _enter(slack: Slack, surface: Surface, element: Element, value: Json) -> Json:
    """Check a value and store it in the view or message."""
    if element.type == "file_input":
        value = {"files": [_uploaded(slack, file) for file in value.get("files") or []]}
    value = with_defaults(checked(element.json, value))
    if element.keeps_value:
        surface.state.setdefault(element.block_id, {})[element.action_id] = {"type": element.type, **value}
    if surface.view is not None:
        surface.view.errors.pop(element.block_id, None)
    return value


def _uploaded(slack: Slack, file: str | Json) -> Json:
    """The file object of a file picked from disk, given by its id or as a file object."""
    file_id = file if isinstance(file, str) else str(file.get("id"))
    if file_id not in slack.workspace.files:
        raise Refused("file_not_found", file_id)
    return file_payload(slack, slack.workspace.files[file_id])


def _action(slack: Slack, element: Element, value: Json) -> Json:
    echoed = {k: v for k, v in element.json.items() if k in _ECHOED or k.startswith("initial_")}
    return {
        "type": element.type,
        "action_id": element.action_id,
        "block_id": element.block_id,
        "action_ts": slack.workspace.clock.next_ts(),
        **({} if element.is_text_input else echoed),
        **value,
    }


def _message_part(slack: Slack, person: Person, surface: Surface) -> Json:
    """The fields that a click on a message has and a click on a view has not."""
    if surface.channel is None:
        return {}
    return {
        "channel": {"id": surface.channel.id, "name": channel_name(surface.channel)},
        "state": {"values": surface.state},
        "response_url": new_response_url(slack, "actions", person, surface.channel, surface.message),
    }
