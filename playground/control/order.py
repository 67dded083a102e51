"""Time and the order of events: the clock, held and repeated events."""

from datetime import datetime

from playground.client import Refused
from playground.control.request import ControlRequest, control
from playground.delivery.event_queue import Hold
from playground.state.clock import DEFAULT_ZONE, next_weekday
from playground.state.files import hold_shares, release_shares
from playground.state.passing_time import PACE
from playground.state.workspace import Json

MAX_REPEATS = 100


@control("clock")
async def clock(request: ControlRequest) -> Json:
    """Move the clock by `advance` seconds, or `until` a time (ISO 8601), the app's next "opening" or the next
    "weekday", 8:00.

    Answers once the events that became due have been delivered.
    """
    slack = request.slack
    slack.workspace.clock.advance(_seconds(request))
    slack.workspace.changed()
    await slack.delivery.queue.caught_up()
    return {"now": slack.workspace.clock.now()}


@control("pass_time")
async def pass_time(request: ControlRequest) -> Json:
    """Let `seconds` pass in half-hours, each of `pace` seconds of real time at least. Answers at once."""
    seconds = request.number("seconds")
    if seconds <= 0:
        raise Refused("bad_request", "seconds is more than 0")
    request.slack.passing.start(seconds, request.number("pace", PACE))
    return {"until": request.slack.passing.until}


@control("stop_time")
async def stop_time(request: ControlRequest) -> Json:
    """Stay at the time that has been reached."""
    request.slack.passing.stop()
    return {"now": request.slack.workspace.clock.now()}


@control("hold")
async def hold(request: ControlRequest) -> Json:
    """Hold back the next `times` (1) events of a `type`, `until` the "next" event or the "release"."""
    until = request.maybe("until") or "next"
    if until not in ("next", "release"):
        raise Refused("bad_request", "until is next or release")
    request.slack.delivery.queue.hold(
        Hold(request.maybe("type") or "", int(request.number("times", 1)), until == "next")
    )
    return {}


@control("release")
async def release(request: ControlRequest) -> Json:
    """Deliver the held events; with `backwards`, the last one first."""
    return {"released": request.slack.delivery.queue.release(bool(request.fields.get("backwards")))}


@control("shares")
async def shares(request: ControlRequest) -> Json:
    """Keep the messages of the app's files while `held`; otherwise post them."""
    if request.fields.get("held"):
        hold_shares(request.slack)
        return {"released": 0}
    return {"released": release_shares(request.slack)}


@control("repeat")
async def repeat(request: ControlRequest) -> Json:
    """Send the last event (about the message `channel`, `ts`) `times` (1) more, each under a new event id.

    With `same_id` it is sent as Slack's retry after a failure.
    """
    where = (request.any_channel.id, request.text("ts")) if request.maybe("ts") else None
    times = min(int(request.number("times", 1)), MAX_REPEATS)
    repeated = request.slack.delivery.queue.repeat(where, times, bool(request.fields.get("same_id")))
    if not repeated:
        raise Refused("no_such_event", "no such event has reached the app")
    return {"repeated": repeated}


@control("event")
async def event(request: ControlRequest) -> Json:
    """Send any `event` as it is given, if the app subscribed to it."""
    given = request.fields.get("event")
    if not isinstance(given, dict) or "type" not in given:
        raise Refused("bad_request", "event is an object with a type")
    return {"sent": request.slack.delivery.emit(given)}


def _seconds(request: ControlRequest) -> float:
    until, here = request.maybe("until"), request.slack.workspace.clock.now()
    if until is None:
        return request.number("advance", 0)
    if until == "opening":
        return request.slack.workspace.clock.next_opening(here) - here
    if until == "weekday":
        return next_weekday(here, request.maybe("zone") or DEFAULT_ZONE) - here
    try:
        then = datetime.fromisoformat(until)
    except ValueError as error:
        raise Refused("bad_request", 'until is "opening", "weekday" or a time') from error
    if then.tzinfo is None or then.timestamp() < here:
        raise Refused("bad_request", "until is a time in the future, with its offset from UTC")
    return then.timestamp() - here
