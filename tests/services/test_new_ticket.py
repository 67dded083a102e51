"""Filing a ticket: what the form says, what is refused at which field, on behalf of whom."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.context.actor import Actor
from bot.context.settings import UseCaseSettings
from bot.services.tickets import attachments
from bot.services.tickets.draft import follow_up, settable_statuses
from bot.services.tickets.new_ticket import open_ticket
from models.base import LocalizedText
from models.catalogue import Question, QuestionType, Service
from models.errors import ServiceNotFound, TicketNotFound
from models.fields import FieldRefused
from models.lifecycle import Action, Impact, Kind, Priority, Role, Status, Urgency
from models.outbox.kinds import DeliveryKind
from models.person import Person
from models.tickets.draft import NewAnswer, NewFile, TicketDraft
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from tests.support.factories import both, stored
from tests.support.use_case_desk import MINUTE, NOW, SmallDesk, at_once

PARIS = ZoneInfo("Europe/Paris")

ASKED: dict[str, Any] = {
    "kind": Kind.REQUEST,
    "service_id": "imprimante",
    "answers": [NewAnswer("modele", "Quel modèle ?", "grand"), NewAnswer("note", "Autre chose ?", " ")],
}


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
        assert session.get_one(Person, small_desk.actor("camille").id).last_site_id == "iut"


def test_the_site_of_a_ticket_for_somebody_else_is_remembered_for_nobody(
    small_desk: SmallDesk, karim: Actor, camille: Actor
) -> None:
    on_behalf(small_desk, karim, camille)
    with small_desk.sessions() as session:
        assert [session.get_one(Person, each.id).last_site_id for each in (karim, camille)] == [None, None]


def test_the_files_of_a_form_are_noted(small_desk: SmallDesk) -> None:
    files = [NewFile("F1", "écran.png", "image/png", 12), NewFile("F2", "n" * 300, "text/plain", 3)]
    opened = small_desk.open(small_desk.draft(files=files))
    with small_desk.sessions() as session:
        kept = attachments.attachments(session, opened, {Role.TECHNICIAN})
    assert [(file.slack_file_id, file.size) for file in kept] == [("F1", 12), ("F2", 3)]
    assert [len(file.name) for file in kept] == [9, 255]


def test_answers_are_kept_with_their_questions(small_desk: SmallDesk) -> None:
    opened = small_desk.open(small_desk.draft(**ASKED))
    assert stored(Ticket.answers, opened.answers) == [
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
        assert session.get_one(Ticket, opened.id).answers[0].shown == LocalizedText("Grand", "Large")


def test_an_answer_to_a_question_that_is_gone_is_kept_as_it_was_asked(small_desk: SmallDesk) -> None:
    answers = [*ASKED["answers"], NewAnswer("couleur", "Quelle couleur ?", ["bleu", "vert"])]
    opened = small_desk.open(small_desk.draft(**{**ASKED, "answers": answers}))
    assert opened.answers[-1].label == both("Quelle couleur ?")
    assert opened.answers[-1].shown == both("bleu\nvert")


def dated(desk: SmallDesk, day: str, *, is_future: bool = True) -> TicketDraft:
    """A request whose service asks for a date."""
    question = Question("jour", QuestionType.DATE, both("Pour quand ?"), is_future=is_future)
    with desk.sessions.begin() as session:
        session.get_one(Service, "imprimante").questions = [question]
    return desk.draft(**{**ASKED, "answers": [NewAnswer("jour", "Pour quand ?", day)]})


def test_a_date_in_the_past_is_refused_where_the_future_is_asked_for(small_desk: SmallDesk) -> None:
    yesterday = (NOW.astimezone(PARIS) - timedelta(days=1)).date().isoformat()
    with pytest.raises(FieldRefused) as refused:
        small_desk.open(dated(small_desk, yesterday))
    assert (refused.value.reason, refused.value.question) == ("past", "jour")
    assert small_desk.open(dated(small_desk, yesterday, is_future=False)).answers[0].value == yesterday


def test_today_is_not_past_where_the_requester_lives(small_desk: SmallDesk) -> None:
    today = NOW.astimezone(PARIS).date()
    draft = dated(small_desk, today.isoformat())
    late = datetime.combine(today, time(23, 30), PARIS)  # in London, too
    assert small_desk.open(draft, now=late).answers[0].value == today.isoformat()
    with pytest.raises(FieldRefused):
        small_desk.open(replace(draft, submission="another"), now=late + timedelta(hours=1))


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
        ({**ASKED, "answers": []}, "question", "missing"),
        ({**ASKED, "answers": [NewAnswer("modele", "?", " ")]}, "question", "missing"),
        ({**ASKED, "answers": [NewAnswer("modele", "?", "moyen")]}, "question", "unknown"),
        ({**ASKED, "answers": [NewAnswer("modele", "?", ["grand", "moyen"])]}, "question", "unknown"),
    ],
)
def test_a_forged_or_missing_value_is_refused_at_its_field(
    small_desk: SmallDesk, wrong: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(FieldRefused) as refused:
        small_desk.open(small_desk.draft(**wrong))
    assert (refused.value.field, refused.value.reason) == (field, reason)
    assert small_desk.count(Ticket) == 0


def test_a_title_of_exactly_150_characters_is_taken(small_desk: SmallDesk) -> None:
    assert small_desk.open(small_desk.draft(f" {'é' * 150} ")).title == "é" * 150


@pytest.mark.parametrize("description", ["", "  \n"])
def test_a_description_is_required_when_the_rules_say_so(small_desk: SmallDesk, description: str) -> None:
    strict = replace(small_desk, settings=UseCaseSettings(description_required=True))
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
    assert small_desk.count(Ticket) == 0


# A submission counts once


def test_a_repeated_submission_finds_the_ticket_it_made(small_desk: SmallDesk) -> None:
    draft = small_desk.draft()
    first, again = small_desk.open(draft), small_desk.open(draft, now=NOW + MINUTE)
    assert again.id == first.id
    assert [event.action for event in small_desk.history(first)] == [Action.OPEN]
    assert len({delivery.event_number for delivery in small_desk.deliveries()}) == 1


def test_two_people_may_draw_the_same_submission(small_desk: SmallDesk) -> None:
    draft = small_desk.draft()
    mine, theirs = small_desk.open(draft), small_desk.open(draft, by=small_desk.actor("oliver"))
    assert mine.id != theirs.id


def test_the_same_submission_at_once_is_one_ticket(shared_desk: SmallDesk) -> None:
    draft = shared_desk.draft()
    opened = at_once([lambda: shared_desk.open(draft)] * 4)
    assert {ticket.id for ticket in opened} == {1}
    assert shared_desk.count(Ticket) == 1
    assert shared_desk.count(Event) == 1


# Following an old ticket


def test_a_follow_up_takes_over_what_the_old_ticket_said(small_desk: SmallDesk) -> None:
    old = small_desk.ticket_in_state(Action.RESOLVE, Action.APPROVE)
    camille, empty = small_desk.actor("camille"), TicketDraft(submission="nouvelle")
    draft = small_desk.reading(lambda uow: follow_up(uow, old.id, empty), camille)
    assert (draft.follows_id, draft.title, draft.site_id) == (old.id, old.title, "iut")
    assert (draft.impact, draft.urgency) == (old.impact, old.urgency)
    assert small_desk.open(draft).follows_id == old.id


def test_nobody_follows_another_persons_ticket(small_desk: SmallDesk) -> None:
    old, oliver = small_desk.ticket_in_state(Action.RESOLVE, Action.APPROVE), small_desk.actor("oliver")
    empty = TicketDraft(submission="nouvelle")
    with pytest.raises(TicketNotFound):
        small_desk.reading(lambda uow: follow_up(uow, old.id, empty), oliver)
    with pytest.raises(TicketNotFound):
        small_desk.open(small_desk.draft(follows_id=old.id), by=oliver)
    assert small_desk.count(Ticket) == 1


# On behalf of somebody


def on_behalf(
    desk: SmallDesk, by: Actor, requester: Actor, draft: TicketDraft | None = None, **more: Any
) -> Ticket:
    """Somebody files a ticket for somebody else."""
    filled = draft or desk.draft(**more)
    return desk.do(lambda uow: open_ticket(uow, filled, requester=requester), by, surface="form")


def test_a_technician_files_on_behalf_of_somebody(
    small_desk: SmallDesk, karim: Actor, camille: Actor
) -> None:
    ticket = on_behalf(small_desk, karim, camille)
    assert (ticket.requester_id, ticket.filed_by_id, ticket.assignee_id) == (camille.id, karim.id, None)
    [opened] = small_desk.history(ticket)
    assert (opened.action, opened.actor.name) == (Action.OPEN, "Karim")


def test_the_receipts_go_to_whom_it_was_filed_for(
    small_desk: SmallDesk, karim: Actor, camille: Actor
) -> None:
    on_behalf(small_desk, karim, camille)
    assert {(each.recipient, each.kind) for each in small_desk.deliveries()} == {
        (f"dm:{camille.id}", DeliveryKind.CARD),
        ("team:assistance", DeliveryKind.TRIAGE_CARD),
        (f"mail:{camille.id}", DeliveryKind.MAIL),
    }


def test_a_technician_files_for_a_service_of_another_team_too(
    small_desk: SmallDesk, karim: Actor, camille: Actor
) -> None:
    assert on_behalf(small_desk, karim, camille, service_id="wifi").team_id == "reseau"


def test_who_files_for_themselves_files_on_nobodys_behalf(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = on_behalf(small_desk, karim, karim)
    assert (ticket.requester_id, ticket.filed_by_id) == (karim.id, None)


def test_only_a_technician_files_on_behalf_of_somebody(small_desk: SmallDesk, camille: Actor) -> None:
    with pytest.raises(FieldRefused) as refused:
        on_behalf(small_desk, small_desk.actor("oliver"), camille)
    assert (refused.value.field, refused.value.reason) == ("requester", "not_yours")
    assert small_desk.count(Ticket) == 0


def test_a_repeated_submission_on_behalf_of_somebody_is_one_ticket(
    small_desk: SmallDesk, karim: Actor, camille: Actor
) -> None:
    draft = small_desk.draft()
    first, again = (on_behalf(small_desk, karim, camille, draft) for _time in range(2))
    assert first.id == again.id
    assert small_desk.count(Event) == 1


def test_only_the_requesters_own_old_ticket_is_followed(
    small_desk: SmallDesk, karim: Actor, camille: Actor
) -> None:
    old = small_desk.ticket_in_state(Action.RESOLVE, Action.APPROVE)
    assert on_behalf(small_desk, karim, camille, follows_id=old.id).follows_id == old.id
    with pytest.raises(TicketNotFound):
        on_behalf(small_desk, karim, small_desk.actor("oliver"), follows_id=old.id)


def test_where_a_ticket_was_made_from_is_kept(small_desk: SmallDesk) -> None:
    address = "https://univ.slack.com/archives/C1/p1"
    assert small_desk.open(small_desk.draft(source=address)).source == address


# A call that was solved already


def solved(desk: SmallDesk, **more: Any) -> TicketDraft:
    return desk.draft(status=Status.RESOLVED, **{"solution": "Redémarrée au téléphone.", **more})


def test_a_call_that_was_solved_is_filed_and_resolved_at_once(
    small_desk: SmallDesk, karim: Actor, camille: Actor
) -> None:
    ticket = on_behalf(small_desk, karim, camille, solved(small_desk))
    assert (ticket.status, ticket.solution) == (Status.RESOLVED, "Redémarrée au téléphone.")
    assert (ticket.assignee_id, ticket.requester_id) == (karim.id, camille.id)
    opened, resolved = small_desk.history(ticket)
    assert (opened.action, opened.to_status) == (Action.OPEN, Status.NEW)
    assert (resolved.action, resolved.from_status, resolved.text) == (
        Action.RESOLVE,
        Status.NEW,
        "Redémarrée au téléphone.",
    )


def test_whose_call_was_solved_is_asked_for_approval_with_one_mail(
    small_desk: SmallDesk, karim: Actor, camille: Actor
) -> None:
    on_behalf(small_desk, karim, camille, solved(small_desk))
    sent = [(each.kind, getattr(each.details, "template", None)) for each in small_desk.deliveries()]
    assert sent == [
        (DeliveryKind.CARD, None),
        (DeliveryKind.TRIAGE_CARD, None),
        (DeliveryKind.RESOLUTION, None),
        (DeliveryKind.MAIL, "resolved"),
    ]


def test_a_technician_logs_their_own_solved_problem(small_desk: SmallDesk, karim: Actor) -> None:
    assert small_desk.open(solved(small_desk), by=karim).status is Status.RESOLVED


@pytest.mark.parametrize("solution", ["", "  \n"])
def test_a_solved_call_needs_its_solution(small_desk: SmallDesk, karim: Actor, solution: str) -> None:
    with pytest.raises(FieldRefused) as refused:
        small_desk.open(solved(small_desk, solution=solution), by=karim)
    assert (refused.value.field, refused.value.reason) == ("solution", "missing")
    assert small_desk.count(Ticket) == 0


@pytest.mark.parametrize(
    ("name", "teams", "service", "team"),
    [
        ("lea", ["reseau"], None, "reseau"),  # not the default team's
        ("karim", ["assistance"], "wifi", "assistance"),  # not the network team's
        ("karim", ["assistance"], None, "assistance"),
        ("lea", ["assistance", "reseau"], "wifi", "reseau"),  # the service's, being theirs
    ],
)
def test_who_solved_a_call_takes_it_to_their_own_team(
    small_desk: SmallDesk, camille: Actor, name: str, teams: list[str], service: str | None, team: str
) -> None:
    technician = small_desk.actor(name, *teams)
    ticket = on_behalf(small_desk, technician, camille, solved(small_desk, service_id=service))
    assert (ticket.status, ticket.team_id, ticket.service_id) == (Status.RESOLVED, team, service)
    assert ticket.assignee_id == technician.id
    assert {each.team_id for each in small_desk.deliveries() if each.team_id} == {team}


def test_only_a_technician_says_that_it_was_solved(small_desk: SmallDesk, camille: Actor) -> None:
    with pytest.raises(FieldRefused) as refused:
        small_desk.open(solved(small_desk), by=camille)
    assert (refused.value.field, refused.value.reason) == ("status", "not_yours")
    assert small_desk.count(Ticket) == 0


def test_a_solution_of_a_ticket_that_stays_open_is_refused(small_desk: SmallDesk, karim: Actor) -> None:
    """Or it would be lost without a word."""
    with pytest.raises(FieldRefused) as refused:
        small_desk.open(small_desk.draft(solution="Redémarrée."), by=karim)
    assert (refused.value.field, refused.value.reason) == ("status", "solution_of_an_open_ticket")
    assert small_desk.count(Ticket) == 0
    assert small_desk.open(small_desk.draft(solution=" \n"), by=karim).status is Status.NEW


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.PENDING, Status.CLOSED, None])
def test_a_technician_sets_no_other_state(small_desk: SmallDesk, karim: Actor, status: Status | None) -> None:
    with pytest.raises(FieldRefused) as refused:
        small_desk.open(small_desk.draft(status=status), by=karim)
    assert (refused.value.field, refused.value.reason) == ("status", "not_yours")


def test_the_states_on_offer_are_those_that_are_taken() -> None:
    assert settable_statuses(technician=False) == (Status.NEW,)
    assert settable_statuses(technician=True) == (Status.NEW, Status.RESOLVED)


def test_a_repeated_submission_of_a_solved_call_is_resolved_once(small_desk: SmallDesk, karim: Actor) -> None:
    draft = solved(small_desk)
    for minute in range(2):
        small_desk.open(draft, by=karim, now=NOW + minute * MINUTE)
    assert small_desk.count(Event) == 2
