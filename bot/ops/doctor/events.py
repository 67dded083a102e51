"""When each kind of Slack's requests was last heard, by any process."""

from collections.abc import Iterator
from datetime import timedelta

from bot.observability.last_heard import INTERACTIONS, NO_REQUESTS, last_heard
from bot.ops.doctor.context import CheckContext
from bot.ops.finding import Finding, warning, well
from bot.slack.manifest import EVENTS

QUIET = timedelta(days=4)
"""Longer than a weekend with a holiday."""
SUBSCRIBE = "are the event subscriptions of the app's page on, as `guichet manifest` has them?"
NEVER = (
    "events: Slack was never heard: does a process run (`guichet run`, `web` or `socket`), and does Slack "
    "reach it? Open the app's Home in Slack, and look again after a minute"
)


def check_events(context: CheckContext) -> Iterator[Finding]:
    """One line for what was heard, one for what never was."""
    session = context.read()
    if session is None:
        return
    with session:
        heard = {kind: at for kind, at in last_heard(session).items() if kind not in NO_REQUESTS}
    if not heard:
        yield warning(NEVER)
        return
    newest_first = sorted(heard.items(), key=lambda each: each[1], reverse=True)
    ages = [(kind, max(timedelta(), context.now - at)) for kind, at in newest_first]
    words = ", ".join(f"{kind} {duration(age)} ago" for kind, age in ages)
    subscribed = [age for kind, age in ages if kind not in INTERACTIONS]
    if ages[0][1] > QUIET:
        yield warning(f"events: nothing was heard for {duration(ages[0][1])}; last: {words}")
    elif not subscribed or subscribed[0] > QUIET:
        yield warning(f"events: clicks and forms arrive, but no subscribed event: {SUBSCRIBE}; last: {words}")
    else:
        yield well(f"events: last heard: {words}")
    if silent := sorted(set(EVENTS) - heard.keys()):
        yield well(f"events: never heard so far: {', '.join(silent)}")


def duration(age: timedelta) -> str:
    """`less than 1 min`, `5 min`, `3 h`, `12 d`."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        return "less than 1 min"
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} d"
