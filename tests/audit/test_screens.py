"""Every view is either read with a line in the audit trail, or said here to need none."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import pytest

from blocks import ids
from bot.articles.contents import read_contents
from bot.ops.screens import drawing
from bot.ops.screens.desk import SampleDesk
from bot.ops.screens.screen import Screen, drawn_view
from models.audit.entry import Deed
from tests.conftest import CATALOGUE, ROOT
from tests.ops.screens.test_screens import _callback_names

NO_TICKET = "shows no ticket"
OWN = "a requester's own ticket"
OUTAGE = "about an outage, which names no requester"
TITLES = "titles in a list, as the cards in the team's channel have them"
WITHOUT_LINE: Mapping[str, str] = {
    ids.ABSENCE_FORM: NO_TICKET,
    ids.ARTICLE: NO_TICKET,
    ids.ARTICLE_IN_FORM: NO_TICKET,
    ids.CATALOGUE: NO_TICKET,
    ids.NOTICE: NO_TICKET,
    ids.OWN_DATA: NO_TICKET,
    ids.SOLVED_CALL_FORM: NO_TICKET,
    ids.TICKET_FORM: OWN,
    ids.ADD_TO_TICKET_FORM: OWN,
    ids.ANSWER_FORM: OWN,
    ids.COMPLETE_FORM: OWN,
    ids.EDIT_FORM: OWN,
    ids.MY_SEARCH: OWN,
    ids.MY_TICKETS: OWN,
    ids.SATISFACTION_FORM: OWN,
    ids.CHOOSE_APPROVER_FORM: "the sample is the requester's; test_surfaces.py has the technician's",
    ids.AMEND_OUTAGE_FORM: OUTAGE,
    ids.DECLARE_OUTAGE_FORM: OUTAGE,
    ids.RESOLVE_OUTAGE_FORM: OUTAGE,
    ids.REVIEW_OUTAGE_FORM: OUTAGE,
    ids.UPDATE_OUTAGE_FORM: OUTAGE,
    ids.ATTACH_TO_OUTAGE_FORM: TITLES,
    ids.HOME: TITLES,
    ids.QUEUE: TITLES,
}
WITH_LINE = {
    ids.APPROVAL_REASON_FORM,
    ids.ASSIGN_FORM,
    ids.ATTACH_CONFIRMATION,
    ids.ATTACH_FORM,
    ids.DUPLICATE_FORM,
    ids.HOLD_FORM,
    ids.MY_APPROVALS,
    ids.NOTE_FORM,
    ids.REASON_FORM,
    ids.RECORD_AGREEMENT_FORM,
    ids.REPLY_FORM,
    ids.REQUALIFY_FORM,
    ids.REQUEST_AGREEMENT_FORM,
    ids.RESOLVE_FORM,
    ids.TICKET_DETAIL,
    ids.TICKET_SEARCH,
}


@pytest.fixture(scope="module")
def noted() -> Mapping[str, set[Deed]]:
    """By the id of a view, what is noted when one of its samples is drawn."""
    found = defaultdict[str, set[Deed]](set)

    def draw(
        self: SampleDesk, title: str, slack_id: str, view: Callable[..., Any], *arguments: Any, **more: Any
    ) -> Iterator[Screen]:
        with self.reading_in("fr", slack_id) as uow:
            screen = drawn_view(title, "fr", partial(view, uow, *arguments, **more))
            found[screen.content.get("callback_id", "")] |= {deed for deed, _ticket in uow.readings}
            yield screen

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SampleDesk, "draw", draw)
        list(drawing.screens(read_contents(CATALOGUE, ROOT / "articles")))
    return found


def test_every_view_is_said_to_be_read_with_a_line_or_without() -> None:
    made = {getattr(ids, name) for name in _callback_names()}
    assert WITH_LINE | WITHOUT_LINE.keys() == made
    assert not WITH_LINE & WITHOUT_LINE.keys()


def test_the_views_with_a_line_are_those_that_note_one(noted: Mapping[str, set[Deed]]) -> None:
    assert {view for view, deeds in noted.items() if deeds} == WITH_LINE


def test_a_search_is_noted_as_one_and_all_else_as_a_reading(noted: Mapping[str, set[Deed]]) -> None:
    assert noted[ids.TICKET_SEARCH] == {Deed.SEARCH}
    others = {deed for view, deeds in noted.items() if view != ids.TICKET_SEARCH for deed in deeds}
    assert others == {Deed.READ}
