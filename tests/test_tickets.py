"""The use cases of tickets, on SQLite: who asked, which row, what is recorded."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import tickets
from bot.db import Sessions, transact
from bot.tickets import Rules
from models.base import Base
from models.catalogue import Service, Site
from models.draft import NewAnswer, NewFile, TicketDraft
from models.errors import (
    FieldRefused,
    ReopeningTooLate,
    RoleRefused,
    ServiceNotFound,
    TicketNotFound,
    TransitionRefused,
)
from models.event import Event
from models.lifecycle import Action, Ending, Impact, Kind, Priority, Status, Urgency
from models.person import Person
from models.ticket import Ticket
from tests.small_desk import MINUTE, NOW, SmallDesk, open_small_desk

ASKED = {
    "kind": Kind.REQUEST,
    "service_id": "imprimante",
    "answers": [NewAnswer("modele", "Quel modèle ?", "grand"), NewAnswer("note", "Autre chose ?", " ")],
}


@pytest.fixture
def small_desk() -> Iterator[SmallDesk]:
    """In memory."""
    with open_small_desk() as desk:
        yield desk


@pytest.fixture
def shared_desk(tmp_path: Path) -> Iterator[SmallDesk]:
    """In a file, for several threads."""
    with open_small_desk(f"sqlite:///{tmp_path / 'guichet.db'}") as desk:
        yield desk


def count(sessions: Sessions, model: type[Base]) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


# Opening


def test_a_ticket_is_opened_as_the_form_says(small_desk: SmallDesk) -> None:
    draft = small_desk.draft("  Imprimante en panne ", description=" Rien ne sort.\n")
    opened = small_desk.open(draft)
    assert (opened.id, opened.kind, opened.status) == (1, Kind.INCIDENT, Status.NEW)
    assert (opened.title, opened.description) == ("Imprimante en panne", "Rien ne sort.")
    assert (opened.requester.name, opened.assignee_id, opened.site_id) == ("Camille", None, "iut")
    assert (opened.opened_at, opened.changed_at) == (NOW, NOW)


def test_what_was_declared_gives_the_priority(small_desk: SmallDesk) -> None:
    opened = small_desk.open(small_desk.draft(impact=Impact.ORGANISATION, urgency=Urgency.MEDIUM))
    assert (opened.declared_impact, opened.declared_urgency) == (Impact.ORGANISATION, Urgency.MEDIUM)
    assert (opened.impact, opened.urgency, opened.priority) == (
        Impact.ORGANISATION,
        Urgency.MEDIUM,
        Priority.P2,
    )


def test_a_ticket_without_a_service_goes_to_the_default_team(small_desk: SmallDesk) -> None:
    assert small_desk.open().team_id == "assistance"


def test_a_ticket_on_a_service_goes_to_its_team(small_desk: SmallDesk) -> None:
    opened = small_desk.open(small_desk.draft(service_id="wifi"))
    assert (opened.service_id, opened.team_id) == ("wifi", "reseau")


def test_the_site_is_remembered_for_the_next_form(small_desk: SmallDesk) -> None:
    small_desk.open()
    with small_desk.sessions() as session:
        assert session.get_one(Person, small_desk.asker("camille").id).last_site_id == "iut"


def test_the_files_of_a_form_are_noted(small_desk: SmallDesk) -> None:
    files = [NewFile("F1", "écran.png", "image/png", 12), NewFile("F2", "n" * 300, "text/plain", 3)]
    opened = small_desk.open(small_desk.draft(files=files))
    with small_desk.sessions() as session:
        kept = tickets.attachments(session, opened)
    assert [(file.slack_file_id, file.size) for file in kept] == [("F1", 12), ("F2", 3)]
    assert [len(file.name) for file in kept] == [9, 255]


def test_answers_are_kept_with_their_questions(small_desk: SmallDesk) -> None:
    opened = small_desk.open(small_desk.draft(**ASKED))
    assert opened.answers == [
        {
            "id": "modele",
            "type": "choice",
            "label": {"fr": "Quel modèle ?", "en": "Which model?"},
            "value": "grand",
            "shown": {"fr": "Grand", "en": "Large"},
        },
        {
            "id": "note",
            "type": "text",
            "label": {"fr": "Autre chose ?", "en": "More?"},
            "value": None,
            "shown": None,
        },
    ]


def test_answers_outlive_a_change_of_their_questions(small_desk: SmallDesk) -> None:
    opened = small_desk.open(small_desk.draft(**ASKED))
    with small_desk.sessions.begin() as session:
        session.get_one(Service, "imprimante").questions = []
    with small_desk.sessions() as session:
        assert session.get_one(Ticket, opened.id).answers[0]["shown"] == {"fr": "Grand", "en": "Large"}


def test_an_answer_to_a_question_that_is_gone_is_kept_as_it_was_asked(small_desk: SmallDesk) -> None:
    answers = [*ASKED["answers"], NewAnswer("couleur", "Quelle couleur ?", ["bleu", "vert"])]
    opened = small_desk.open(small_desk.draft(**{**ASKED, "answers": answers}))
    assert opened.answers[-1]["label"] == {"fr": "Quelle couleur ?", "en": "Quelle couleur ?"}
    assert opened.answers[-1]["shown"] == {"fr": "bleu\nvert", "en": "bleu\nvert"}


def test_a_problem_with_a_service_is_reported_without_its_questions(small_desk: SmallDesk) -> None:
    """The questions are those of a request: a problem's form does not ask them."""
    opened = small_desk.open(small_desk.draft(service_id="imprimante"))
    assert (opened.kind, opened.answers) == (Kind.INCIDENT, [])


@pytest.mark.parametrize(
    ("wrong", "field", "reason"),
    [
        ({"title": ""}, "title", "blank"),
        ({"title": " \u00a0\n\t"}, "title", "blank"),
        ({"title": "t" * 151}, "title", "too_long"),
        ({"status": None}, "status", "not_yours"),
        ({"status": Status.RESOLVED}, "status", "not_yours"),
        ({"status": Status.CLOSED}, "status", "not_yours"),
        ({"impact": None}, "impact", "missing"),
        ({"urgency": None}, "urgency", "missing"),
        ({"site_id": None}, "site", "missing"),
        ({"site_id": "nulle-part"}, "site", "unknown"),
        ({"site_id": "ferme"}, "site", "unknown"),
        ({**ASKED, "answers": []}, "question:modele", "missing"),
        ({**ASKED, "answers": [NewAnswer("modele", "?", " ")]}, "question:modele", "missing"),
        ({**ASKED, "answers": [NewAnswer("modele", "?", "moyen")]}, "question:modele", "unknown"),
        ({**ASKED, "answers": [NewAnswer("modele", "?", ["grand", "moyen"])]}, "question:modele", "unknown"),
    ],
)
def test_a_forged_or_missing_value_is_refused_at_its_field(
    small_desk: SmallDesk, wrong: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(FieldRefused) as refused:
        small_desk.open(small_desk.draft(**wrong))
    assert (refused.value.field, refused.value.reason) == (field, reason)
    assert count(small_desk.sessions, Ticket) == 0


def test_a_title_of_exactly_150_characters_is_taken(small_desk: SmallDesk) -> None:
    assert small_desk.open(small_desk.draft(f" {'é' * 150} ")).title == "é" * 150


@pytest.mark.parametrize("description", ["", "  \n"])
def test_a_description_is_required_when_the_rules_say_so(small_desk: SmallDesk, description: str) -> None:
    strict = replace(small_desk, rules=Rules(description_required=True))
    with pytest.raises(FieldRefused) as refused:
        strict.open(small_desk.draft(description=description))
    assert (refused.value.field, refused.value.reason) == ("description", "blank")
    assert strict.open(small_desk.draft(description="Voilà.")).description == "Voilà."


@pytest.mark.parametrize(
    ("service_id", "kind"),
    [
        ("fax", Kind.REQUEST),  # archived while the form was open
        ("fax", Kind.INCIDENT),
        ("jamais-vu", Kind.REQUEST),
        ("wifi", Kind.REQUEST),  # only problems are taken
        ("annuaire", Kind.INCIDENT),  # for information only
    ],
)
def test_what_the_catalogue_does_not_offer_is_refused(
    small_desk: SmallDesk, service_id: str, kind: Kind
) -> None:
    with pytest.raises(ServiceNotFound):
        small_desk.open(small_desk.draft(service_id=service_id, kind=kind))
    assert count(small_desk.sessions, Ticket) == 0


# A submission counts once


def test_a_repeated_submission_finds_the_ticket_it_made(small_desk: SmallDesk) -> None:
    draft = small_desk.draft()
    first, again = small_desk.open(draft), small_desk.open(draft, now=NOW + MINUTE)
    assert again.id == first.id
    assert [event.action for event in small_desk.history(first)] == [Action.OPEN]
    assert len({delivery.event_number for delivery in small_desk.deliveries()}) == 1


def test_two_people_may_draw_the_same_submission(small_desk: SmallDesk) -> None:
    draft = small_desk.draft()
    mine, theirs = small_desk.open(draft), small_desk.open(draft, by=small_desk.asker("oliver"))
    assert mine.id != theirs.id


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """What each gives, all started together; a refusal is a result."""
    start = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return work()
        except TransitionRefused as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_the_same_submission_at_once_is_one_ticket(shared_desk: SmallDesk) -> None:
    draft = shared_desk.draft()
    opened = at_once([lambda: shared_desk.open(draft)] * 4)
    assert {ticket.id for ticket in opened} == {1}
    assert count(shared_desk.sessions, Ticket) == 1
    assert count(shared_desk.sessions, Event) == 1


def test_of_two_technicians_at_once_one_hears_who_was_faster(shared_desk: SmallDesk) -> None:
    ticket = shared_desk.open()
    askers = [shared_desk.asker(name, "assistance") for name in ("karim", "lea")]
    outcomes = at_once([lambda by=by: shared_desk.act(ticket, Action.TAKE, by) for by in askers])
    (winner,) = [outcome for outcome in outcomes if isinstance(outcome, Ticket)]
    (loser,) = [outcome for outcome in outcomes if isinstance(outcome, TransitionRefused)]
    assert loser.last_actor == winner.assignee.name
    assert [event.number for event in shared_desk.history(ticket)] == [1, 2]


# Acting


def test_the_loser_of_a_stale_version_hears_the_domains_word(shared_desk: SmallDesk) -> None:
    """Both read the ticket before either wrote: the version refuses the second, which then reads again."""
    ticket, karim = shared_desk.open(), shared_desk.asker("karim", "assistance")
    lea, ran = shared_desk.asker("lea", "assistance"), []

    def late(session: Session) -> Ticket:
        session.get_one(Ticket, ticket.id)  # as it is now
        if not ran:
            ran.append("first")
            shared_desk.act(ticket, Action.TAKE, lea, now=NOW + MINUTE)
        return tickets.act(
            session, karim, ticket.id, Action.TAKE, surface="test", rules=shared_desk.rules, now=NOW
        )

    with pytest.raises(TransitionRefused) as refused:
        transact(shared_desk.sessions, late)
    assert (refused.value.last_actor, refused.value.last_at) == ("Lea", NOW + MINUTE)
    assert len(shared_desk.history(ticket)) == 2


def test_every_change_is_a_line_of_history(small_desk: SmallDesk) -> None:
    ticket = small_desk.lead_to(Action.TAKE, Action.RESOLVE, Action.REFUSE, Action.RESOLVE, Action.APPROVE)
    lines = small_desk.history(ticket)
    assert [line.number for line in lines] == [1, 2, 3, 4, 5, 6]
    assert [(line.from_status, line.to_status) for line in lines] == [
        (None, Status.NEW),
        (Status.NEW, Status.IN_PROGRESS),
        (Status.IN_PROGRESS, Status.RESOLVED),
        (Status.RESOLVED, Status.IN_PROGRESS),
        (Status.IN_PROGRESS, Status.RESOLVED),
        (Status.RESOLVED, Status.CLOSED),
    ]
    assert [line.at for line in lines] == [NOW + minutes * MINUTE for minutes in range(6)]
    assert {line.surface for line in lines} == {"form", "test"}


def test_a_refused_solution_stays_in_the_history(small_desk: SmallDesk) -> None:
    ticket = small_desk.lead_to(Action.RESOLVE, Action.REFUSE)
    assert ticket.solution is None
    assert [line.text for line in small_desk.history(ticket)] == [None, "resolve…", "refuse…"]


def test_a_second_click_is_told_who_acted_first(small_desk: SmallDesk) -> None:
    ticket, karim = small_desk.lead_to(Action.TAKE), small_desk.asker("karim", "assistance")
    with pytest.raises(TransitionRefused) as refused:
        small_desk.act(ticket, Action.TAKE, karim, now=NOW + 2 * MINUTE)
    assert (refused.value.last_action, refused.value.last_actor) == (Action.TAKE, "Karim")
    assert refused.value.last_at == NOW + MINUTE
    assert len(small_desk.history(ticket)) == 2


@pytest.mark.parametrize("action", [Action.TAKE, Action.RESOLVE])
@pytest.mark.parametrize(("name", "teams"), [("lea", ["reseau"]), ("camille", []), ("oliver", [])])
def test_only_the_tickets_team_takes_and_resolves(
    small_desk: SmallDesk, action: Action, name: str, teams: list[str]
) -> None:
    ticket = small_desk.open()
    with pytest.raises(RoleRefused):
        small_desk.act(ticket, action, small_desk.asker(name, *teams), "Voilà.")


@pytest.mark.parametrize("name", ["karim", "oliver"])
@pytest.mark.parametrize("action", [Action.APPROVE, Action.REFUSE])
def test_only_the_requester_approves_or_refuses(small_desk: SmallDesk, action: Action, name: str) -> None:
    ticket = small_desk.lead_to(Action.RESOLVE)
    with pytest.raises(RoleRefused):
        small_desk.act(ticket, action, small_desk.asker(name, "assistance"), "Voilà.")


def test_a_technician_may_handle_and_approve_their_own_ticket(small_desk: SmallDesk) -> None:
    karim = small_desk.asker("karim", "assistance")
    ticket = small_desk.open(by=karim)
    small_desk.act(ticket, Action.RESOLVE, karim, "Fait.")
    closed = small_desk.act(ticket, Action.APPROVE, karim)
    assert (closed.ending, closed.assignee_id, closed.requester_id) == (Ending.APPROVED, karim.id, karim.id)


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.OPEN])
def test_a_number_that_was_never_given_is_no_ticket(small_desk: SmallDesk, action: Action) -> None:
    karim = small_desk.asker("karim", "assistance")
    with pytest.raises(TicketNotFound):
        small_desk.act(Ticket(id=404), action, karim, "Voilà.")
    with small_desk.sessions() as session, pytest.raises(TicketNotFound):
        tickets.check(session, karim, 404, action, rules=small_desk.rules, now=NOW)


def test_checking_changes_nothing(small_desk: SmallDesk) -> None:
    ticket, karim = small_desk.open(), small_desk.asker("karim", "assistance")
    with small_desk.sessions.begin() as session:
        checked = tickets.check(session, karim, ticket.id, Action.RESOLVE, rules=small_desk.rules, now=NOW)
        assert checked.id == ticket.id
    assert len(small_desk.history(ticket)) == 1
    with small_desk.sessions() as session, pytest.raises(RoleRefused):
        tickets.check(session, karim, ticket.id, Action.APPROVE, rules=small_desk.rules, now=NOW)


def test_the_delay_to_reopen_is_a_setting(small_desk: SmallDesk) -> None:
    ticket, camille = small_desk.lead_to(Action.RESOLVE, Action.APPROVE), small_desk.asker("camille")
    later = NOW + timedelta(days=4)
    with pytest.raises(ReopeningTooLate) as refused:
        replace(small_desk, rules=Rules(reopen_days=3)).act(ticket, Action.REOPEN, camille, "Encore.", later)
    assert refused.value.days == 3
    assert small_desk.act(ticket, Action.REOPEN, camille, "Encore.", later).status is Status.IN_PROGRESS


# Finding


def test_another_persons_ticket_is_not_found(small_desk: SmallDesk) -> None:
    ticket = small_desk.open()
    for stranger in (small_desk.asker("oliver"), small_desk.asker("lea", "reseau")):
        with small_desk.sessions() as session, pytest.raises(TicketNotFound):
            tickets.ticket_for(session, stranger, ticket.id)


def test_a_ticket_is_found_by_its_requester_and_its_team(small_desk: SmallDesk) -> None:
    ticket = small_desk.open()
    for reader in (small_desk.asker("camille"), small_desk.asker("lea", "assistance")):
        with small_desk.sessions() as session:
            assert tickets.ticket_for(session, reader, ticket.id).id == ticket.id


def test_a_follow_up_takes_over_what_the_old_ticket_said(small_desk: SmallDesk) -> None:
    old = small_desk.lead_to(Action.RESOLVE, Action.APPROVE)
    with small_desk.sessions() as session:
        camille = small_desk.asker("camille")
        draft = tickets.follow_up(session, camille, old.id, TicketDraft(submission="nouvelle"))
    assert (draft.follows_id, draft.title, draft.site_id) == (old.id, old.title, "iut")
    assert (draft.impact, draft.urgency) == (old.impact, old.urgency)
    assert small_desk.open(draft).follows_id == old.id


def test_nobody_follows_another_persons_ticket(small_desk: SmallDesk) -> None:
    old, oliver = small_desk.lead_to(Action.RESOLVE, Action.APPROVE), small_desk.asker("oliver")
    with small_desk.sessions() as session, pytest.raises(TicketNotFound):
        tickets.follow_up(session, oliver, old.id, TicketDraft(submission="nouvelle"))
    with pytest.raises(TicketNotFound):
        small_desk.open(small_desk.draft(follows_id=old.id), by=oliver)
    assert count(small_desk.sessions, Ticket) == 1


def test_the_lists_are_paged_newest_first(small_desk: SmallDesk) -> None:
    for title in "ABCDE":
        small_desk.open(small_desk.draft(title))
    small_desk.open(small_desk.draft("d’Oliver"), by=small_desk.asker("oliver"))

    def page(number: int, *, closed: bool = False) -> tuple[str, bool]:
        camille = small_desk.asker("camille").id
        with small_desk.sessions() as session:
            found = tickets.page_of(session, camille, closed=closed, page=number, size=2)
            return "".join(ticket.title for ticket in found.tickets), found.has_more

    assert [page(number) for number in range(4)] == [("ED", True), ("CB", True), ("A", False), ("", False)]
    assert page(-1) == ("ED", True)
    assert page(0, closed=True) == ("", False)


def test_a_closed_ticket_changes_lists(small_desk: SmallDesk) -> None:
    kept, closed = small_desk.open(), small_desk.lead_to(Action.CANCEL)
    with small_desk.sessions() as session:
        lists = [
            [
                ticket.id
                for ticket in tickets.page_of(session, kept.requester_id, closed=each, page=0, size=9).tickets
            ]
            for each in (False, True)
        ]
    assert lists == [[kept.id], [closed.id]]


def test_archived_sites_are_not_offered(small_desk: SmallDesk) -> None:
    with small_desk.sessions.begin() as session:
        session.add(Site(id="centre", name=session.get_one(Site, "iut").name, position=-1))
    with small_desk.sessions() as session:
        assert [site.id for site in tickets.sites(session)] == ["centre", "iut"]


def test_a_number_is_never_used_again(small_desk: SmallDesk) -> None:
    first = small_desk.open()
    with small_desk.sessions.begin() as session:
        for row in (*small_desk.deliveries(), *small_desk.history(first), first):
            session.delete(session.merge(row))
            session.flush()
    assert small_desk.open().id == first.id + 1
