"""How long a round trip through the playground takes: `python -m tests.bench.playground`.

A person clicks (control API), an app made with Bolt acknowledges and changes the message, the person sees it.
The yardstick is one bare GET of the same screen, in the same run. About 10 ms of a round trip are Bolt's own:
it looks every 10 ms whether a listener has acknowledged.
"""

import re
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from playground.state.workspace import SIGNING_SECRET
from playground.testing import Playground
from tests.playground.bolt_apps import over_http, over_socket_mode
from tests.playground.test_control import actions, button, section
from tests.playground.web_api_calls import find

ROUNDS, WARM_UP = 300, 30
Json = dict[str, Any]


def blocks(number: int) -> list[Json]:
    """The message clicked in; each click counts one more."""
    return [section(f"Clic n° {number}."), actions(button("Encore", "again", value=str(number)))]


def counting_app() -> App:
    """An app that counts clicks on the message itself."""
    client = WebClient("xoxb-playground")
    app = App(client=client, signing_secret=SIGNING_SECRET, token_verification_enabled=False)

    @app.action(re.compile("again"))
    def count(ack: Any, body: Json) -> None:
        ack()
        number = int(body["actions"][0]["value"]) + 1
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        client.chat_update(**where, text=f"Clic n° {number}.", blocks=blocks(number))

    return app


def measure(act: Callable[[int], object]) -> list[float]:
    """Milliseconds that each of `ROUNDS` calls takes, after a warm-up; the argument counts from 1."""
    taken = []
    for number in range(1, WARM_UP + ROUNDS + 1):
        start = time.perf_counter()
        act(number)
        taken.append((time.perf_counter() - start) * 1000)
    return taken[WARM_UP:]


def run(name: str, playground: Playground, client: WebClient) -> None:
    """Measure both over one transport, and print them."""
    control = playground.control
    client.chat_postMessage(channel=find(playground, "#general"), text="Clic n° 0.", blocks=blocks(0))

    def round_trip(number: int) -> None:
        clicked = control.post("click", user="camille", text="Encore", **{"in": {"channel": "#general"}})
        seen = control.get("screen", user="camille", wait_for=f"Clic n° {number}.")
        if not (clicked["ok"] and seen["ok"]):
            raise RuntimeError(f"{clicked} {seen}")

    report(f"round trip, {name}", measure(round_trip))
    report("  bare GET of the screen", measure(lambda _: control.get("screen", user="camille")))


def report(name: str, taken: list[float]) -> None:
    """One line of the table."""
    p95 = statistics.quantiles(taken, n=20)[-1]
    sys.stdout.write(f"{name:<28}{statistics.median(taken):>10.2f}{p95:>10.2f}\n")


def main() -> None:
    """Print the table, in milliseconds."""
    sys.stdout.write(f"{f'ms, {ROUNDS} rounds':<28}{'median':>10}{'p95':>10}\n")
    for name, connected in (("Socket Mode", over_socket_mode), ("signed HTTP", over_http)):
        app = counting_app()
        with connected(app) as playground:
            run(name, playground, app.client)


if __name__ == "__main__":
    main()
