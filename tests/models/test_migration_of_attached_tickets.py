"""Tickets attached to another and to an outage: each migration goes down and up with them."""

from uuid import uuid4

import pytest
from sqlalchemy import Engine

from bot.ops.migrate import migrate
from bot.services.children.attaching import attach, attach_to_outage
from bot.services.outages.actions import declare
from bot.services.outages.updates import send
from models.lifecycle import Action
from models.tickets.outage import OutageDraft
from tests.support.migrations import go_down, rows, use
from tests.support.use_case_desk import SmallDesk

BEFORE = ("7a51c0e94d2f", "6d2f9b81c4ae", "e5f2a9c07b31", "8b1f4a6d2c93", "4b8e2d7f1a93", "1c9e5d7a3b60")
COUNTED = ("ticket", "outage", "outage_event", "event", "delivery")


@pytest.fixture
def linked(empty: Engine) -> SmallDesk:
    desk = use(empty)
    karim = desk.actor("karim", "assistance")
    child, parent, follower = (desk.ticket_in_state(Action.TAKE) for _each in range(3))
    desk.do(lambda uow: attach(uow, child.id, parent.id), karim)
    outage = desk.do(lambda uow: declare(uow, OutageDraft(str(uuid4()), "Wi-Fi")), karim)
    desk.do(lambda uow: attach_to_outage(uow, follower.id, outage.id), karim)
    desk.do(lambda uow: send(uow, outage.id, "On cherche.", 60), karim)
    return desk


@pytest.mark.parametrize("revision", BEFORE)
def test_no_row_is_lost_on_the_way_down_and_up(empty: Engine, linked: SmallDesk, revision: str) -> None:
    before = {name: len(rows(empty)[name]) for name in COUNTED}
    go_down(empty, revision)
    migrate(empty)
    assert {name: len(rows(empty)[name]) for name in COUNTED} == before
