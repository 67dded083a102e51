"""What a ticket form suggests for a title, and adding what it says to a ticket."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pytest_mock import MockerFixture
from sqlalchemy import select

from bot.catalogue_search.ranking import Match
from bot.context.actor import Actor
from bot.services import suggestions
from bot.services.outages.followers import follow
from bot.services.suggestions import LookupTooSlow, Subject, sorts_for, suggest
from bot.services.tickets.attachments import keep_form
from bot.services.tickets.comments import additions
from models.catalogue import Service
from models.errors import TicketClosed, TicketNotFound
from models.lifecycle import Action, Kind
from models.tickets.attachment import Attachment
from models.tickets.comment import Comment
from models.tickets.draft import (
    Addition,
    ArticleSuggestion,
    NewFile,
    OutageSuggestion,
    ServiceSuggestion,
    Sort,
    Suggestion,
    TicketSuggestion,
)
from models.tickets.form_draft import FormDraft
from models.tickets.outage import Outage
from models.tickets.ticket import Ticket
from tests.support.factories import make_article, make_match
from tests.support.outage_desk import OutageDesk
from tests.support.use_case_desk import MINUTE, NOW, SmallDesk

TITLE = "Plus de Wi-Fi, B204"
FILE = NewFile("F1", "capture.png", "image/png", 3)


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    """On each database; no title is about a service or an article."""
    return shared_desk


@pytest.fixture(autouse=True)
def matching(mocker: MockerFixture) -> None:
    """No title is about a service or an article; two are alike when both name the Wi-Fi."""
    knows(mocker)
    mocker.patch.object(suggestions, "alike", lambda _index, one, other: "Wi-Fi" in one and "Wi-Fi" in other)


def knows(mocker: MockerFixture, *matches: Match) -> None:
    """From now on, every title is surely about these."""
    mocker.patch.object(suggestions, "confident", return_value=matches)


def looked_up(desk: SmallDesk, title: str = TITLE, **more: Any) -> Sequence[Suggestion]:
    subject = Subject(desk.actor("camille").id, title, **more)
    return desk.reading(lambda uow: suggest(uow.session, subject))


def declare(desk: SmallDesk, title: str = "Wi-Fi coupé", **more: Any) -> Outage:
    return OutageDesk(desk).declare(title=title, **more)


def add_article(desk: SmallDesk, article_id: str = "wifi", **more: Any) -> None:
    with desk.sessions.begin() as session:
        session.add(make_article(article_id, **more))


# -- in their order ------------------------------------------------------------------------------------------


def test_at_most_three_are_suggested_in_their_order(desk: SmallDesk, mocker: MockerFixture) -> None:
    ticket = desk.open(desk.draft("Wi-Fi lent"))
    outage = declare(desk)
    add_article(desk)
    knows(mocker, make_match("service", "imprimante"), make_match("article", "wifi"))
    found = looked_up(desk)
    assert found[:2] == [OutageSuggestion(outage.id), TicketSuggestion(ticket.id, "Wi-Fi lent")]
    assert [type(each) for each in found[2:]] == [ServiceSuggestion]
    OutageDesk(desk).click(outage)
    assert [type(each) for each in looked_up(desk)[1:]] == [ServiceSuggestion, ArticleSuggestion]


def test_nothing_is_suggested_for_a_blank_title(desk: SmallDesk, mocker: MockerFixture) -> None:
    knows(mocker, make_match("service", "imprimante"))
    assert looked_up(desk, " \n") == []


def test_what_a_form_leaves_out_is_not_suggested(desk: SmallDesk, mocker: MockerFixture) -> None:
    desk.open(desk.draft("Wi-Fi lent"))
    declare(desk)
    knows(mocker, make_match("service", "imprimante"))
    assert looked_up(desk, sorts=frozenset()) == []
    [found] = looked_up(desk, sorts=frozenset({Sort.SERVICE}))
    assert isinstance(found, ServiceSuggestion)


def test_a_lookup_ends_when_its_time_is_over(desk: SmallDesk, mocker: MockerFixture) -> None:
    mocker.patch.object(suggestions, "LOOKUP_MAX", -1)
    with pytest.raises(LookupTooSlow):
        looked_up(desk)


# -- a known outage ------------------------------------------------------------------------------------------


def test_an_outage_of_a_service_that_the_title_is_about(desk: SmallDesk, mocker: MockerFixture) -> None:
    outage = declare(desk, "Rien ne sort", service_ids=["imprimante"])
    assert looked_up(desk, "Bourrage") == []
    knows(mocker, make_match("service", "imprimante"))
    assert looked_up(desk, "Bourrage")[0] == OutageSuggestion(outage.id)


def test_an_outage_of_the_service_whose_form_it_is(desk: SmallDesk) -> None:
    outage = declare(desk, "Rien ne sort", service_ids=["imprimante"])
    assert looked_up(desk, "Bourrage", service_id="imprimante") == [OutageSuggestion(outage.id)]


def test_an_outage_elsewhere_or_over_is_none(desk: SmallDesk) -> None:
    outage = declare(desk, site_ids=["iut"])
    assert looked_up(desk, site_id="iut") == looked_up(desk) == [OutageSuggestion(outage.id)]
    assert looked_up(desk, site_id="inspe") == []
    OutageDesk(desk).click(outage)
    assert looked_up(desk, site_id="iut") == []


def test_an_outage_without_sites_is_everywhere(desk: SmallDesk) -> None:
    outage = declare(desk)
    assert looked_up(desk, site_id="inspe") == [OutageSuggestion(outage.id)]


def test_the_ticket_that_follows_the_outage_is_named_with_it(desk: SmallDesk) -> None:
    outage = declare(desk)
    desk.do(lambda uow: follow(uow, outage.id), desk.actor("camille"))
    assert looked_up(desk) == [OutageSuggestion(outage.id)]


def test_who_fills_in_for_somebody_else_follows_nothing(desk: SmallDesk) -> None:
    outage = declare(desk)
    assert looked_up(desk, is_own=False) == [OutageSuggestion(outage.id, is_followable=False)]


# -- an own ticket -------------------------------------------------------------------------------------------


def test_the_newest_open_ticket_about_the_same(desk: SmallDesk) -> None:
    desk.open(desk.draft("Wi-Fi lent"))
    newest = desk.open(desk.draft("Wi-Fi coupé"))
    desk.open(desk.draft("Écran noir"))
    desk.open(desk.draft("Wi-Fi absent"), by=desk.actor("karim"))
    assert looked_up(desk) == [TicketSuggestion(newest.id, "Wi-Fi coupé")]


@pytest.mark.parametrize(
    ("actions", "is_suggested"),
    [
        ((), True),
        ((Action.TAKE,), True),
        ((Action.TAKE, Action.ASK), True),
        ((Action.TAKE, Action.RESOLVE), False),
        ((Action.CANCEL,), False),
    ],
)
def test_a_ticket_is_suggested_while_it_is_worked_on(
    desk: SmallDesk, actions: Sequence[Action], is_suggested: bool
) -> None:
    ticket = desk.ticket_in_state(*actions)
    with desk.sessions.begin() as session:
        session.get_one(Ticket, ticket.id).title = "Wi-Fi lent"
    assert bool(looked_up(desk)) is is_suggested


# -- a service, an article -----------------------------------------------------------------------------------


def test_a_service_tells_what_it_offers(desk: SmallDesk, mocker: MockerFixture) -> None:
    knows(mocker, make_match("service", "imprimante"))
    with desk.sessions.begin() as session:
        service = session.get_one(Service, "imprimante")
        service.offers_request, service.offers_incident = True, True
    [found] = looked_up(desk)
    assert found == ServiceSuggestion("imprimante", service.name, [Kind.REQUEST, Kind.INCIDENT])


def test_a_service_without_a_form_has_its_page(desk: SmallDesk, mocker: MockerFixture) -> None:
    knows(mocker, make_match("service", "imprimante"))
    with desk.sessions.begin() as session:
        service = session.get_one(Service, "imprimante")
        service.offers_request, service.offers_incident = False, False
        service.url = "https://dnum.univ.example/imprimer"
    assert looked_up(desk) == [ServiceSuggestion("imprimante", service.name, [], service.url)]


def test_what_has_no_form_or_is_gone_gives_way_to_the_next(desk: SmallDesk, mocker: MockerFixture) -> None:
    add_article(desk, "parti", archived=True)
    add_article(desk)
    with desk.sessions.begin() as session:
        service = session.get_one(Service, "imprimante")
        service.offers_request, service.offers_incident = False, False
    gone = [make_match("service", "imprimante"), make_match("service", "fax"), make_match("article", "parti")]
    knows(mocker, *gone)
    assert looked_up(desk) == []
    knows(mocker, *gone, make_match("article", "wifi"))
    [found] = looked_up(desk)
    assert isinstance(found, ArticleSuggestion)


# -- which sorts a form has ----------------------------------------------------------------------------------


def test_a_form_of_a_service_and_one_for_somebody_else(desk: SmallDesk, camille: Actor) -> None:
    draft, every = desk.draft(), frozenset(Sort)

    def sorts(service_id: str | None, *, is_own: bool) -> frozenset[Sort]:
        form = replace(draft, service_id=service_id)
        return desk.reading(lambda uow: sorts_for(uow, form, is_own=is_own), camille)

    assert sorts(None, is_own=True) == every
    assert sorts("imprimante", is_own=True) == every - {Sort.SERVICE}
    assert sorts(None, is_own=False) == every - {Sort.TICKET}


def test_a_form_of_what_was_written_to_guichet_suggests_no_ticket(desk: SmallDesk, camille: Actor) -> None:
    draft = desk.draft(message_draft_id=1)
    desk.do(lambda uow: keep_form(uow, draft), camille)
    kept = desk.draft(submission=draft.submission, is_kept=True)
    assert Sort.TICKET not in desk.reading(lambda uow: sorts_for(uow, kept, is_own=True), camille)


# -- adding to a ticket --------------------------------------------------------------------------------------


def prepare(desk: SmallDesk, number: int, by: Actor, **draft: Any) -> Addition:
    return desk.do(lambda uow: additions.prepare(uow, number, desk.draft(**draft)), by)


def add(desk: SmallDesk, addition: Addition, by: Actor, text: str | None = None) -> None:
    said = addition.text if text is None else text
    desk.do(
        lambda uow: additions.add(uow, addition.number, said, submission=addition.submission),
        by,
        NOW + MINUTE,
    )


def written(desk: SmallDesk) -> list[str]:
    with desk.sessions() as session:
        return list(session.scalars(select(Comment.text).order_by(Comment.id)))


@pytest.mark.parametrize(
    ("title", "description", "text"),
    [
        ("Wi-Fi", "", "Wi-Fi"),
        ("Wi-Fi", "Depuis lundi.", "Wi-Fi\n\nDepuis lundi."),
        ("Plus de Wi-Fi…", "Plus de Wi-Fi depuis lundi.", "Plus de Wi-Fi depuis lundi."),
    ],
)
def test_a_form_says_its_title_and_its_description(
    desk: SmallDesk, camille: Actor, title: str, description: str, text: str
) -> None:
    number = desk.open().id
    assert prepare(desk, number, camille, title=title, description=description).text == text


def test_nothing_is_kept_of_a_form_that_an_input_holds(desk: SmallDesk, camille: Actor) -> None:
    prepare(desk, desk.open().id, camille)
    assert desk.count(FormDraft) == 0


def test_files_and_the_rest_of_a_text_come_along_once(desk: SmallDesk, camille: Actor) -> None:
    number = desk.open().id
    words = " ".join(["imprimante"] * 400)
    addition = prepare(desk, number, camille, title="Wi-Fi", description=words, files=[FILE])
    assert len(addition.text) <= 3000
    assert addition.files == [FILE]
    for _ in range(2):
        add(desk, addition, camille)
    assert written(desk) == [f"Wi-Fi\n\n{words}"]
    with desk.sessions() as session:
        [file] = session.scalars(select(Attachment))
        assert (file.name, file.ticket_id, file.owner_slack_id) == ("capture.png", number, camille.slack_id)


def test_what_a_message_had_comes_along(desk: SmallDesk, camille: Actor) -> None:
    number = desk.open().id
    draft = desk.draft(files=[FILE], rest=" et la fin")
    desk.do(lambda uow: keep_form(uow, draft), camille)
    addition = prepare(
        desk, number, camille, submission=draft.submission, is_kept=True, title="", description="Le début"
    )
    assert (addition.text, addition.rest, addition.files) == ("Le début et la fin", "", [FILE])


def test_what_was_kept_for_somebody_else_does_not(desk: SmallDesk, camille: Actor, karim: Actor) -> None:
    hers = prepare(desk, desk.open().id, camille, files=[FILE])
    ticket = desk.open(by=karim)
    stolen = Addition(ticket.id, hers.submission, "À moi", "", [])
    add(desk, stolen, karim)
    assert written(desk) == ["À moi"]
    assert desk.count(Attachment) == 0


def test_somebody_elses_ticket_is_no_ticket(desk: SmallDesk, camille: Actor, karim: Actor) -> None:
    number = desk.open(by=camille).id
    for wanted in (number, 999):
        with pytest.raises(TicketNotFound):
            prepare(desk, wanted, karim)
        with pytest.raises(TicketNotFound):
            add(desk, Addition(wanted, "s", "Texte", "", []), karim)
    assert written(desk) == []


def test_a_closed_ticket_is_not_added_to(desk: SmallDesk, camille: Actor) -> None:
    ticket = desk.open()
    addition = prepare(desk, ticket.id, camille)
    desk.act(ticket, Action.CANCEL, camille, "Finalement non")
    with pytest.raises(TicketClosed):
        prepare(desk, ticket.id, camille)
    with pytest.raises(TicketClosed):
        add(desk, addition, camille)
    assert written(desk) == []


def test_an_addition_that_is_sent_again_after_the_closing_is_there(desk: SmallDesk, camille: Actor) -> None:
    ticket = desk.open()
    addition = prepare(desk, ticket.id, camille)
    add(desk, addition, camille)
    desk.act(ticket, Action.CANCEL, camille, "Finalement non", NOW + timedelta(minutes=2))
    add(desk, addition, camille)
    assert len(written(desk)) == 1
