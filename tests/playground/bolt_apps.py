"""Apps made with Bolt, connected to a playground the one way or the other."""

from collections.abc import Iterator
from contextlib import contextmanager

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from playground.testing import Playground
from tests.playground.sockets import hang_up
from tests.playground.test_delivery import served
from tests.support.help_desk import TIMEOUT


@contextmanager
def connected(app: App, playground: Playground) -> Iterator[None]:
    """Within the block, the app has one Socket Mode connection to this playground."""
    app.client.base_url = playground.api_url
    handler = SocketModeHandler(app, "xapp-playground", web_client=app.client)
    handler.connect()
    assert playground.control.get("connected")["connected"]
    yield
    hang_up(handler, playground)


@contextmanager
def over_socket_mode(app: App) -> Iterator[Playground]:
    """A playground to which this app is connected."""
    with Playground(rate_limits=False, ack_seconds=TIMEOUT) as playground, connected(app, playground):
        yield playground


@contextmanager
def over_http(app: App) -> Iterator[Playground]:
    """A playground that delivers to this app's request URL."""
    with (
        served(app) as url,
        Playground(request_url=url, rate_limits=False, ack_seconds=TIMEOUT) as playground,
    ):
        app.client.base_url = playground.api_url
        yield playground
