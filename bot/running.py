"""What runs in a process beside its main thread: the worker, and the Socket Mode connection."""

import threading

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.bootstrap import Desk
from bot.delivery.wakeup import listen
from bot.settings import required


class WorkerThreads:
    """The worker's thread, and the listener's for PostgreSQL's notifications; they run within the block."""

    def __init__(self, desk: Desk) -> None:
        self._stop = threading.Event()
        self._wakeup = desk.wakeup
        self._threads = [
            threading.Thread(target=desk.worker.run, args=(self._stop, desk.wakeup), name="worker")
        ]
        if desk.worker_engine.dialect.name == "postgresql":
            arguments = (desk.worker_engine, desk.wakeup, self._stop)
            self._threads.append(threading.Thread(target=listen, args=arguments, name="listen"))

    def __enter__(self) -> "WorkerThreads":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._wakeup.set()
        for thread in self._threads:
            thread.join()

    def until_main_thread_ends(self) -> None:
        """Start them beside a server that owns the main thread; they stop once that thread has ended. The
        interpreter waits for them."""
        self.__enter__()
        threading.Thread(target=self._end_with_main_thread, name="end").start()

    def _end_with_main_thread(self) -> None:
        threading.main_thread().join()
        self.__exit__()


class SocketConnection:
    """The Socket Mode connection, within the block. Raises `SettingsError` without an app token."""

    def __init__(self, desk: Desk) -> None:
        required(desk.settings, "slack_app_token")
        assert desk.settings.slack_app_token is not None
        token = desk.settings.slack_app_token.get_secret_value()
        self._handler = SocketModeHandler(
            desk.app, token, web_client=WebClient(token=token, base_url=desk.settings.slack_api_url)
        )

    def __enter__(self) -> "SocketConnection":
        self._handler.connect()  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, *_error: object) -> None:
        """Disconnect once every payload received is acknowledged; slack_sdk's own `close` disconnects
        first."""
        client = self._handler.client
        client.closed = True
        client.message_processor.shutdown()  # type: ignore[no-untyped-call]
        client.message_workers.shutdown()
        self._handler.close()  # type: ignore[no-untyped-call]
