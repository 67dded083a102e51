"""Screens, mail, calls, violations, faults and connections."""

import asyncio
from dataclasses import asdict

from playground.client import Refused
from playground.control.request import ControlRequest, control
from playground.delivery.http import SignedHttp
from playground.delivery.socket_mode import SocketMode
from playground.screen import screen, shows
from playground.state.workspace import Json

WAIT_SECONDS = 5.0  # the default of `timeout`


@control("screen", "GET")
async def see(request: ControlRequest) -> Json:
    """What a person sees, once the text `wait_for` is on the screen, or `wait_gone` is not."""
    wanted, unwanted = request.maybe("wait_for"), request.maybe("wait_gone")
    loop = asyncio.get_running_loop()
    end = loop.time() + request.number("timeout", WAIT_SECONDS)
    while True:
        seen = screen(request.slack, request.person)
        if (wanted is None or shows(seen, wanted)) and (unwanted is None or not shows(seen, unwanted)):
            return seen
        if not await request.slack.workspace.next_change(end - loop.time()):
            what = f"{wanted!r} did not come" if wanted is not None else f"{unwanted!r} did not go"
            return {"ok": False, "error": "timeout", "detail": what, "screen": seen}


@control("mail", "GET")
async def mail(request: ControlRequest) -> Json:
    """Every e-mail received; with `wait_for`, once there are that many."""
    mailbox = request.slack.mailbox
    loop = asyncio.get_running_loop()
    end = loop.time() + request.number("timeout", WAIT_SECONDS)
    while len(mailbox.mails) < request.number("wait_for", 0):
        if not await request.slack.workspace.next_change(end - loop.time()):
            return {"ok": False, "error": "timeout", "detail": f"{len(mailbox.mails)} e-mails came"}
    return {"mail": [message.to_json() for message in mailbox.mails]}


@control("calls", "GET")
async def calls(request: ControlRequest) -> Json:
    """The app's Web API calls, from number `since` (0) on; `next` is the `since` for later calls."""
    made = request.slack.workspace.calls
    return {"calls": [asdict(call) for call in made[int(request.number("since", 0)) :]], "next": len(made)}


@control("violations", "GET")
async def violations(request: ControlRequest) -> Json:
    """The rules that the app broke."""
    return {"violations": [asdict(violation) for violation in request.slack.workspace.violations]}


@control("reset")
async def reset(request: ControlRequest) -> Json:
    """Restore the initial workspace; the app's connections stay open."""
    request.slack.reset()
    return {}


@control("faults")
async def faults(request: ControlRequest) -> Json:
    """Add failures of the Web API, of downloads, events or the mail server (see `playground.faults`).

    In `where`, "@name" and "#name" stand for ids.
    """
    try:
        where = {name: _id(request, value) for name, value in dict(request.fields.get("where") or {}).items()}
        request.slack.faults.add(request.fields | {"where": where})
    except (ValueError, TypeError) as error:
        raise Refused("bad_request", str(error)) from error
    return {}


def _id(request: ControlRequest, value: object) -> object:
    """The id of "@name" or "#name"; any other value unchanged."""
    workspace = request.slack.workspace
    if not isinstance(value, str) or value[:1] not in ("@", "#"):
        return value
    found = workspace.person(value) or workspace.channel(value)
    return found.id if found else value


@control("disconnect")
async def disconnect(request: ControlRequest) -> Json:
    """Make the app open its Socket Mode connections anew, for a `reason`; null closes them without notice."""
    transport = request.slack.delivery.transport
    if not isinstance(transport, SocketMode):
        raise Refused("bad_request", "this workspace delivers over HTTP")
    reason = request.fields.get("reason", "refresh_requested")
    return {"closed": await (transport.drop() if reason is None else transport.refresh(str(reason)))}


@control("connected", "GET")
async def connected(request: ControlRequest) -> Json:
    """Wait until the app is reachable: by Socket Mode, or by its answer to `url_verification`."""
    transport = request.slack.delivery.transport
    if isinstance(transport, SignedHttp):
        return {"connected": await transport.verify("challenge")}
    return {"connected": await transport.connected(request.number("timeout", WAIT_SECONDS))}
