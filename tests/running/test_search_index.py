"""When a process makes the index of the catalogue's search."""

from pytest_mock import MockerFixture

from bot import bootstrap
from tests.support.databases import ON_SQLITE_ONLY
from tests.support.help_desk import Desk
from tests.support.threads import join_search_index


@ON_SQLITE_ONLY
def test_a_process_makes_the_index_after_what_waited_for_it(desk: Desk, mocker: MockerFixture) -> None:
    mocker.patch.object(bootstrap, "INDEX_SECONDS", 0.3)
    made = mocker.patch.object(bootstrap, "make_index")
    bootstrap.make_search_index(desk.parts)
    made.assert_not_called()
    join_search_index()
    made.assert_called_once_with(desk.sessions.kw["bind"])
