"""The connection of Socket Mode (docs.slack.dev, "Using Socket Mode")."""

from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.bootstrap import Desk
from bot.running.slack_at_start import SlackAtStart
from bot.settings import required
from bot.slack.client import worker_client


class SocketConnection:
    """The connection, within the block. From when this is made the process is to have it (`Readiness`).

    Raises `SettingsError` without an app token.
    """

    def __init__(self, desk: Desk, start: SlackAtStart) -> None:
        required(desk.settings, "slack_app_token")
        assert desk.settings.slack_app_token is not None
        token = desk.settings.slack_app_token.get_secret_value()
        self._start = start
        self._handler = SocketModeHandler(
            desk.app, token, web_client=worker_client(token, desk.settings.slack_api_url)
        )
        desk.readiness.watch_socket(self._handler.client.is_connected)

    def __enter__(self) -> "SocketConnection":
        """Connect, as `connect` does."""
        try:
            self.connect()
        except BaseException:
            self.__exit__()
            raise
        return self

    def connect(self) -> None:
        """Connect, however long it takes. Raises `bot.running.slack_at_start.Stopped`."""
        self._start.until_accepted("SLACK_APP_TOKEN", self._connect)

    def _connect(self) -> None:
        """Connect, or see whether slack_sdk has done it again meanwhile, which it tries every 10 s after the
        first address. Raises what an unanswered call raises."""
        client = self._handler.client
        if client.wss_uri is None:
            self._handler.connect()  # type: ignore[no-untyped-call]
        if not client.is_connected():  # slack_sdk logs why, and raises nothing
            raise ConnectionError

    def __exit__(self, *_error: object) -> None:
        """Disconnect once every payload received is acknowledged; slack_sdk's own `close` disconnects
        first."""
        client = self._handler.client
        client.closed = True
        client.message_processor.shutdown()  # type: ignore[no-untyped-call]
        client.message_workers.shutdown()
        try:
            self._handler.close()  # type: ignore[no-untyped-call]
        except AttributeError:  # Slack hung up at the same moment, and slack_sdk closed the socket twice
            self._handler.close()  # type: ignore[no-untyped-call]
