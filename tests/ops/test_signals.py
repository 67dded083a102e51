"""What SIGINT and SIGTERM do to a process, whatever its main thread is doing."""

import signal
import subprocess
import sys

import pytest

from tests.support.processes import ROOT, STARTING

STOPS = """
import os, signal, threading, time
from bot.signals import on_stop

stop = threading.Event()
on_stop(lambda number: (print(signal.Signals(number).name, flush=True), stop.set()))
with stop._cond:  # as where `wait` has begun and does not sleep yet
    os.kill(os.getpid(), signal.{name})
    time.sleep(0.05)
stop.wait()
"""


@pytest.mark.parametrize("name", [signal.SIGINT.name, signal.SIGTERM.name])
def test_a_signal_is_noticed_while_the_main_thread_is_about_to_sleep(name: str) -> None:
    program = [sys.executable, "-c", STOPS.format(name=name)]
    ended = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=STARTING, check=True)
    assert ended.stdout == f"{name}\n"
