"""Time and the order of events: the clock, events that wait, events told again."""

from datetime import datetime

from playground.client import Refused
from playground.control.request import Wish, control
from playground.delivery.event_queue import Hold
from playground.state.clock import next_weekday
from playground.state.files import hold_shares, release_shares
from playground.state.workspace import Json

DEFAULT_ZONE = "Europe/Paris"
MOST_REPEATS = 100


@control("clock")
async def clock(wish: Wish) -> Json:
    """Let time pass: `advance` seconds, or `until` a moment (ISO 8601) or the next "weekday", 8:00.

    Answers once the events that became due have been delivered.
    """
    slack = wish.slack
    slack.workspace.clock.advance(_seconds(wish))
    slack.workspace.changed()
    await slack.delivery.queue.caught_up()
    return {"now": slack.workspace.clock.now()}


@control("hold")
async def hold(wish: Wish) -> Json:
    """Let the next `times` (1) events of a `type` wait: `until` the "next" one has come, or the "release"."""
    until = wish.maybe("until") or "next"
    if until not in ("next", "release"):
        raise Refused("bad_request", "until is next or release")
    wish.slack.delivery.queue.hold(
        Hold(wish.maybe("type") or "", int(wish.number("times", 1)), until == "next")
    )
    return {}


@control("release")
async def release(wish: Wish) -> Json:
    """Deliver the events that wait; with `backwards`, the last one first."""
    return {"released": wish.slack.delivery.queue.release(bool(wish.fields.get("backwards")))}


@control("shares")
async def shares(wish: Wish) -> Json:
    """Let the messages of the app's files wait while `held`; otherwise post those that wait."""
    if wish.fields.get("held"):
        hold_shares(wish.slack)
        return {"released": 0}
    return {"released": release_shares(wish.slack)}


@control("repeat")
async def repeat(wish: Wish) -> Json:
    """Tell the last event (about the message `channel`, `ts`) `times` (1) more: each under an id of its own.

    With `same_id` it is told as Slack does again after a failure.
    """
    where = (wish.place.id, wish.text("ts")) if wish.maybe("ts") else None
    times = min(int(wish.number("times", 1)), MOST_REPEATS)
    told = wish.slack.delivery.queue.tell_again(where, times, bool(wish.fields.get("same_id")))
    if not told:
        raise Refused("no_such_event", "no such event has reached the app")
    return {"told": told}


@control("event")
async def event(wish: Wish) -> Json:
    """Send an `event` as it stands, if the app subscribed to it: for what no gesture makes."""
    given = wish.fields.get("event")
    if not isinstance(given, dict) or "type" not in given:
        raise Refused("bad_request", "event is an object with a type")
    return {"sent": wish.slack.delivery.emit(given)}


def _seconds(wish: Wish) -> float:
    until, here = wish.maybe("until"), wish.slack.workspace.clock.now()
    if until is None:
        return wish.number("advance", 0)
    if until == "weekday":
        return next_weekday(here, wish.maybe("zone") or DEFAULT_ZONE) - here
    try:
        moment = datetime.fromisoformat(until)
    except ValueError as error:
        raise Refused("bad_request", 'until is "weekday" or a moment') from error
    if moment.tzinfo is None or moment.timestamp() < here:
        raise Refused("bad_request", "until is a moment to come, with its offset from UTC")
    return moment.timestamp() - here
