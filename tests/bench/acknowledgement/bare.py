"""The yardstick: Bolt apps that only acknowledge, under the server that the bot has.

`python -m tests.bench.acknowledgement.bare PORT` acknowledges before the response, as the bot does; with
`default` as well, it hands the listener over to a thread, as Bolt does unless told otherwise.
"""

import os
import re
import sys
from typing import cast

from slack_bolt import Ack, App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from bot.http.asgi import Asgi, in_threads
from bot.http.server import PATH, create_server
from bot.http.wsgi import Wsgi
from tests.bench.environment import SECRET

PROCESSES = 2  # as `guichet web` has


def application() -> Asgi:
    return _handler(before=True)


def default_application() -> Asgi:
    return _handler(before=False)


def _handler(*, before: bool) -> Asgi:
    app = App(
        client=WebClient("xoxb-bench", base_url=os.environ["SLACK_API_URL"]),  # asked once who the bot is
        signing_secret=SECRET,
        token_verification_enabled=False,
        process_before_response=before,
    )
    for register in (app.view, app.action, app.command):
        register(re.compile(".*"))(_acknowledge)
    return in_threads(cast(Wsgi, SlackRequestHandler(app, path=PATH)), PATH)


def _acknowledge(ack: Ack) -> None:
    ack()


def main() -> None:
    name = "default_application" if "default" in sys.argv else "application"
    create_server(
        f"tests.bench.acknowledgement.bare:{name}", "127.0.0.1", int(sys.argv[1]), processes=PROCESSES
    ).serve()


if __name__ == "__main__":
    main()
