"""What people do: each act sends its requests one after the other, and notes what was acknowledged."""

import json

from blocks import ids
from tests.bench.footprint.payloads import home_opened, pressed, sent, typed
from tests.bench.footprint.traffic import Act, Traffic


def file_ticket(traffic: Traffic, who: str, title: str) -> Act:
    """Open the Home, then the form, and send it."""
    yield home_opened(who)
    trigger = traffic.trigger()
    yield typed(who, ids.COMMAND_TICKET, "", trigger)
    view = traffic.view(trigger)
    chosen = {ids.STATUS: "new", ids.IMPACT: "person", ids.URGENCY: "high", ids.SITE: "iut"}
    yield sent(who, view, {**chosen, ids.TITLE: title})
    traffic.ledger.submissions.append(json.loads(view["private_metadata"])["submission"])


def press(traffic: Traffic, who: str, button: str, ticket: int, action: str) -> Act:
    """Press a button that acts at once."""
    yield pressed(who, button, ticket, traffic.trigger())
    traffic.ledger.done.append((action, ticket))


def fill_in(traffic: Traffic, who: str, button: str, ticket: int, action: str) -> Act:
    """Press a button that opens a form, and send it. To ask is to reply and to wait for the answer."""
    trigger = traffic.trigger()
    yield pressed(who, button, ticket, trigger)
    yield sent(who, traffic.view(trigger), {ids.WAITS: "yes"} if action == "ask" else {})
    traffic.ledger.done.append((action, ticket))


def look(traffic: Traffic, who: str, command: str, text: str = "") -> Act:
    """Look at a list, or search."""
    yield typed(who, command, text, traffic.trigger())


def look_at_home(_traffic: Traffic, who: str) -> Act:
    """Open the Home only."""
    yield home_opened(who)
