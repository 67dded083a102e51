"""What people do with the app: commands, shortcuts, clicks, forms."""

from playground import client
from playground.client import Refused
from playground.control.request import ControlRequest, acknowledged, control
from playground.screen import gestures, screen
from playground.state.views import top_view
from playground.state.workspace import Json


@control("command")
async def command(request: ControlRequest) -> Json:
    """Type a slash command, in the direct message with the app unless `channel` says otherwise."""
    channel = request.channel.id if request.maybe("channel") else None
    command_line = request.text("command"), request.maybe("text") or ""
    return acknowledged(await client.run_command(request.slack, request.person, channel, *command_line))


@control("shortcut")
async def shortcut(request: ControlRequest) -> Json:
    """Run a global shortcut, or a message's when `channel` and `ts` name one."""
    channel = request.channel.id if request.maybe("channel") else None
    callback_id, ts = request.text("callback_id"), request.maybe("ts")
    return acknowledged(await client.run_shortcut(request.slack, request.person, callback_id, channel, ts))


@control("home")
async def home(request: ControlRequest) -> Json:
    """Open the App Home. Returns the view once the app has acknowledged the event."""
    await client.open_home(request.slack, request.person)
    await request.slack.delivery.drained()
    return {"home": screen(request.slack, request.person)["home"]}


@control("click")
async def click(request: ControlRequest) -> Json:
    """Press a button, choose in a menu, tick a box."""
    option, value = request.fields.get("option"), request.fields.get("value")
    target = gestures.Target(request.maybe("text"), request.maybe("action_id"), option, request.nth)
    stale = bool(request.fields.get("stale"))
    return acknowledged(
        await gestures.click(request.slack, request.person, request.where, target, value, stale)
    )


@control("type")
async def type_(request: ControlRequest) -> Json:
    """Type in an input, and Enter; it is sent when the input dispatches its action."""
    label, text = request.text("label"), request.text("text")
    return acknowledged(
        await gestures.type_in(request.slack, request.person, request.where, label, text, request.nth)
    )


@control("options")
async def options(request: ControlRequest) -> Json:
    """What an external menu offers for a query."""
    label, query = request.text("label"), request.maybe("query") or ""
    return {"options": await gestures.offered(request.slack, request.person, request.where, label, query)}


@control("submit")
async def submit(request: ControlRequest) -> Json:
    """Fill in the top modal and submit it."""
    values = request.fields.get("values") or {}
    if not isinstance(values, dict):
        raise Refused("bad_request", "values is an object of labels and values")
    result, errors = await gestures.submit(request.slack, request.person, values)
    answer: Json = {"ok": result.ok, "response_action": result.response_action, "errors": errors}
    return answer | ({"error": result.error} if result.error else {})


@control("close")
async def close(request: ControlRequest) -> Json:
    """Cancel the top modal; with `all`, close the whole stack by the cross."""
    view = top_view(request.slack, request.person)
    if view is None:
        raise Refused("not_visible", f"{request.person.name} has no modal open")
    await client.close_view(
        request.slack, request.person, view.id, whole_stack=bool(request.fields.get("all"))
    )
    return {}
