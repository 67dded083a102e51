"""A worker that sends one message after the other: what the lanes are measured beside."""

import time

from bot.bootstrap import create_desk
from bot.running.worker import create_worker
from bot.settings import load_settings


def main() -> None:
    worker = create_worker(create_desk(load_settings()))
    while True:
        if not worker.drain():
            time.sleep(0.05)


if __name__ == "__main__":
    main()
