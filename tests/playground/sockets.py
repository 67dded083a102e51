"""Connections of Socket Mode to a playground."""

from slack_bolt.adapter.socket_mode import SocketModeHandler

from playground.testing import Playground
from tests.support.help_desk import TIMEOUT
from tests.support.processes import wait_until


def hang_up(handler: SocketModeHandler, playground: Playground) -> None:
    """Close this connection: cut from the other end, which spares slack_sdk the wait for its next message."""
    handler.client.auto_reconnect_enabled = False
    playground.control.post("disconnect", reason=None)
    # Both ends at once would close the socket twice, which slack_sdk does not bear.
    wait_until(lambda: not handler.client.is_connected(), TIMEOUT, "slack_sdk holds on to its connection")
    handler.close()
