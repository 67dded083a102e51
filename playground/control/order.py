"""Time and the order of events: the clock, events that wait, events told again."""

from datetime import datetime

from playground.client import Refused
from playground.control.request import ControlRequest, control
from playground.delivery.event_queue import Hold
from playground.state.clock import next_weekday
from playground.state.files import hold_shares, release_shares
from playground.state.workspace import Json

DEFAULT_ZONE = "Europe/Paris"
MOST_REPEATS = 100


@control("clock")
async def clock(request: ControlRequest) -> Json:
    """Let time pass: `advance` seconds, or `until` a moment (ISO 8601) or the next "weekday", 8:00.

    Answers once the events that became due have been delivered.
    """
    slack = request.slack
    slack.workspace.clock.advance(_seconds(request))
    slack.workspace.changed()
    await slack.delivery.queue.caught_up()
    return {"now": slack.workspace.clock.now()}


@control("hold")
async def hold(request: ControlRequest) -> Json:
    """Let the next `times` (1) events of a `type` wait: `until` the "next" one has come, or the "release"."""
    until = request.maybe("until") or "next"
    if until not in ("next", "release"):
        raise Refused("bad_request", "until is next or release")
    request.slack.delivery.queue.hold(
        Hold(request.maybe("type") or "", int(request.number("times", 1)), until == "next")
    )
    return {}


@control("release")
async def release(request: ControlRequest) -> Json:
    """Deliver the events that wait; with `backwards`, the last one first."""
    return {"released": request.slack.delivery.queue.release(bool(request.fields.get("backwards")))}


@control("shares")
async def shares(request: ControlRequest) -> Json:
    """Let the messages of the app's files wait while `held`; otherwise post those that wait."""
    if request.fields.get("held"):
        hold_shares(request.slack)
        return {"released": 0}
    return {"released": release_shares(request.slack)}


@control("repeat")
async def repeat(request: ControlRequest) -> Json:
    """Tell the last event (about the message `channel`, `ts`) `times` (1) more: each under an id of its own.

    With `same_id` it is told as Slack does again after a failure.
    """
    where = (request.place.id, request.text("ts")) if request.maybe("ts") else None
    times = min(int(request.number("times", 1)), MOST_REPEATS)
    told = request.slack.delivery.queue.tell_again(where, times, bool(request.fields.get("same_id")))
    if not told:
        raise Refused("no_such_event", "no such event has reached the app")
    return {"told": told}


@control("event")
async def event(request: ControlRequest) -> Json:
    """Send an `event` as it stands, if the app subscribed to it: for what no gesture makes."""
    given = request.fields.get("event")
    if not isinstance(given, dict) or "type" not in given:
        raise Refused("bad_request", "event is an object with a type")
    return {"sent": request.slack.delivery.emit(given)}


def _seconds(request: ControlRequest) -> float:
    until, here = request.maybe("until"), request.slack.workspace.clock.now()
    if until is None:
        return request.number("advance", 0)
    if until == "weekday":
        return next_weekday(here, request.maybe("zone") or DEFAULT_ZONE) - here
    try:
        moment = datetime.fromisoformat(until)
    except ValueError as error:
        raise Refused("bad_request", 'until is "weekday" or a moment') from error
    if moment.tzinfo is None or moment.timestamp() < here:
        raise Refused("bad_request", "until is a moment to come, with its offset from UTC")
    return moment.timestamp() - here
