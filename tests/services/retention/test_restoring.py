"""Lists that were approved after a backup was taken are approved again after it was restored."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete

from bot.services.retention.lists import approve, list_numbered, make_list
from bot.services.retention.restoring import remembered, restore
from bot.services.retention.work import forget_due
from models.lifecycle import Action
from models.retention.retention_list import RetentionList
from tests.services.retention.test_retention import RULES, TWO_YEARS, of_lists, signed
from tests.support.use_case_desk import SmallDesk


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    """On each database, with a ticket that is due."""
    desk = replace(shared_desk, settings=RULES)
    desk.act(desk.open(), Action.CANCEL, desk.actor("camille"), "Trouvé")
    return desk


def remember(desk: SmallDesk) -> dict[str, object]:
    """What the file has of the first list."""
    with desk.sessions() as session:
        found: dict[str, object] = json.loads(json.dumps(remembered(list_numbered(session, 1))))
    return found


def take_away(desk: SmallDesk) -> None:
    with desk.sessions.begin() as session:
        session.execute(delete(RetentionList))


def test_a_list_that_the_backup_lacks_is_written_again_and_erases(desk: SmallDesk) -> None:
    before = signed(desk, TWO_YEARS)
    values = remember(desk)
    take_away(desk)
    for _time in range(2):
        desk.do(lambda uow: restore(uow, values), now=TWO_YEARS)
    [made] = of_lists(desk)
    columns = ("id", "visa", "approved_at", "made_at", "tickets_before", "files_before", "lines", "done_at")
    assert [getattr(made, each) for each in columns] == [getattr(before, each) for each in columns]
    desk.do(forget_due, now=TWO_YEARS)
    assert [each.tickets_done for each in of_lists(desk)] == [1]


def test_a_list_that_the_backup_has_unsigned_is_approved_again(desk: SmallDesk) -> None:
    signed(desk, TWO_YEARS)
    values = remember(desk)
    with desk.sessions.begin() as session:
        made = session.get_one(RetentionList, 1)
        made.approved_at = made.visa = None
    desk.do(lambda uow: restore(uow, values))
    assert [(made.visa, made.approved_at) for made in of_lists(desk)] == [("AD-2026/12", TWO_YEARS)]


def test_a_number_that_was_given_anew_keeps_its_list(desk: SmallDesk) -> None:
    signed(desk, TWO_YEARS)
    values = remember(desk)
    with desk.sessions.begin() as session:
        made = session.get_one(RetentionList, 1)
        made.approved_at, made.visa, made.made_at = None, None, TWO_YEARS + timedelta(days=2)
    desk.do(lambda uow: restore(uow, values))
    assert [(made.id, made.visa) for made in of_lists(desk)] == [(1, None), (2, "AD-2026/12")]


def test_the_next_list_has_the_next_number(desk: SmallDesk) -> None:
    signed(desk, TWO_YEARS)
    values = remember(desk)
    take_away(desk)
    desk.do(lambda uow: restore(uow, values))
    later = TWO_YEARS + timedelta(days=2)
    assert desk.do(make_list, now=later).id == 2
    assert desk.do(lambda uow: approve(uow, 2, "AD-2"), now=later).visa == "AD-2"


def test_what_was_done_before_the_backup_is_not_begun_again(desk: SmallDesk) -> None:
    signed(desk, TWO_YEARS)
    values = remember(desk)
    for minutes in range(2):
        desk.do(forget_due, now=TWO_YEARS + timedelta(minutes=minutes))
    desk.do(lambda uow: restore(uow, values))
    assert [made.done_at is not None for made in of_lists(desk)] == [True]
