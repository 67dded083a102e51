"""Seconds that a start takes."""

import subprocess
import sys
import time

from bot.settings import Settings
from tests.bench.acknowledgement.load import until_answered
from tests.bench.acknowledgement.requests import commands
from tests.bench.environment import ROOT, environment, free_port, process, wait_for


def run_python(*arguments: str) -> float:
    """Until Python has ended that was started with these arguments."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def first_acknowledgement(settings: Settings) -> float:
    """Until a `guichet web` with these settings has answered a request."""
    port, start = free_port(), time.perf_counter()
    with process("bot", "web", environment=environment(settings, PORT=str(port))):
        wait_for(port)
        until_answered(port, lambda: commands(1)[0])
        return time.perf_counter() - start
