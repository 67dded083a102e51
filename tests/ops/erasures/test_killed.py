"""An erasure whose process is killed in the middle."""

import os
import signal
from typing import Any

import pytest

from bot.context.actor import person_by_slack_id
from bot.ops.database import require_this_version
from bot.ops.erasures.command import Wish
from bot.services.personal_data import erasing
from bot.settings import Settings
from models.lifecycle import Action
from tests.ops.erasures.conftest import erase_person
from tests.support.killing import DEAD, in_a_process_of_its_own
from tests.support.use_case_desk import SmallDesk

KARIM = Wish("U0KARIM", "U0KARIM")


def is_known(desk: SmallDesk) -> bool:
    with desk.sessions() as session:
        return person_by_slack_id(session, KARIM.wanted) is not None


@pytest.fixture
def killed(on_disk: SmallDesk, settings: Settings, portions: int) -> None:
    """The process that erased Karim was killed after some portions."""
    on_disk.ticket_in_state(Action.TAKE, Action.NOTE, Action.RESOLVE)
    on_disk.sessions.kw["bind"].dispose()
    original, left = erasing.erase_person, [portions]

    def erase_some(*given: Any, **more: Any) -> Any:
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return original(*given, **more)

    def work() -> None:
        erasing.erase_person = erase_some
        erase_person(settings, KARIM)

    assert in_a_process_of_its_own(work) == DEAD
    assert is_known(on_disk)


@pytest.mark.parametrize("portions", [0, 2, 15, 25])
def test_the_same_command_goes_on(
    on_disk: SmallDesk, settings: Settings, killed: None, capsys: pytest.CaptureFixture[str]
) -> None:
    erase_person(settings, KARIM)
    assert "the erasure had been interrupted, and is complete now" in capsys.readouterr().out
    assert not is_known(on_disk)


@pytest.mark.parametrize("portions", [5])
def test_the_next_process_that_starts_goes_on(on_disk: SmallDesk, settings: Settings, killed: None) -> None:
    require_this_version(settings)
    assert not is_known(on_disk)
