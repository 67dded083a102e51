"""What people do with the app: commands, shortcuts, clicks, forms."""

from playground import client
from playground.client import Refused
from playground.control.request import Wish, acknowledged, control
from playground.screen import gestures, screen
from playground.state.views import top_view
from playground.state.workspace import Json


@control("command")
async def command(wish: Wish) -> Json:
    """Type a slash command, in the direct message with the app unless `channel` says otherwise."""
    channel = wish.channel.id if wish.maybe("channel") else None
    words = wish.text("command"), wish.maybe("text") or ""
    return acknowledged(await client.run_command(wish.slack, wish.person, channel, *words))


@control("shortcut")
async def shortcut(wish: Wish) -> Json:
    """Run a global shortcut, or a message's when `channel` and `ts` name one."""
    channel = wish.channel.id if wish.maybe("channel") else None
    callback_id, ts = wish.text("callback_id"), wish.maybe("ts")
    return acknowledged(await client.run_shortcut(wish.slack, wish.person, callback_id, channel, ts))


@control("home")
async def home(wish: Wish) -> Json:
    """Open the App Home; the view that is there once the app has acknowledged it."""
    await client.open_home(wish.slack, wish.person)
    await wish.slack.delivery.settled()
    return {"home": screen(wish.slack, wish.person)["home"]}


@control("click")
async def click(wish: Wish) -> Json:
    """Press a button, choose in a menu, tick a box."""
    option, value = wish.fields.get("option"), wish.fields.get("value")
    target = gestures.Target(wish.maybe("text"), wish.maybe("action_id"), option, wish.nth)
    stale = bool(wish.fields.get("stale"))
    return acknowledged(await gestures.click(wish.slack, wish.person, wish.where, target, value, stale))


@control("type")
async def type_(wish: Wish) -> Json:
    """Type in an input, and Enter; it is sent when the input dispatches its action."""
    label, text = wish.text("label"), wish.text("text")
    return acknowledged(await gestures.type_in(wish.slack, wish.person, wish.where, label, text, wish.nth))


@control("options")
async def options(wish: Wish) -> Json:
    """What an external menu offers for a query."""
    label, query = wish.text("label"), wish.maybe("query") or ""
    return {"options": await gestures.offered(wish.slack, wish.person, wish.where, label, query)}


@control("submit")
async def submit(wish: Wish) -> Json:
    """Fill in the modal in front and submit it."""
    values = wish.fields.get("values") or {}
    if not isinstance(values, dict):
        raise Refused("bad_request", "values is an object of labels and values")
    result, errors = await gestures.submit(wish.slack, wish.person, values)
    answer: Json = {"ok": result.ok, "response_action": result.response_action, "errors": errors}
    return answer | ({"error": result.error} if result.error else {})


@control("close")
async def close(wish: Wish) -> Json:
    """Cancel the modal in front; with `all`, close the whole stack by its cross."""
    view = top_view(wish.slack, wish.person)
    if view is None:
        raise Refused("not_visible", f"{wish.person.name} has no modal open")
    await client.close_view(wish.slack, wish.person, view.id, whole_stack=bool(wish.fields.get("all")))
    return {}
