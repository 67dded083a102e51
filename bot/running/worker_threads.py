"""The worker, and the listener for PostgreSQL's notifications, beside a process's main thread."""

import threading
from functools import partial

from bot.bootstrap import Desk
from bot.running.notifications import listen
from bot.running.worker import create_worker


class WorkerThreads:
    """The worker's thread, and the listener's for PostgreSQL's notifications; they run within the block."""

    def __init__(self, desk: Desk) -> None:
        self._stop = threading.Event()
        self._wakeup = desk.wakeup
        # Not as the thread that makes them, which may be a daemon: the interpreter waits for these.
        make = partial(threading.Thread, daemon=False)
        self._threads = [make(target=create_worker(desk).run, args=(self._stop, desk.wakeup), name="worker")]
        if desk.worker_engine.dialect.name == "postgresql":
            arguments = (desk.worker_engine, desk.wakeup, self._stop)
            self._threads.append(make(target=listen, args=arguments, name="listen"))

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
        threading.Thread(target=self._end_with_main_thread, name="end", daemon=False).start()

    def _end_with_main_thread(self) -> None:
        threading.main_thread().join()
        self.__exit__()
