"""The use cases of tickets: who asked, which row, what is recorded."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.context.settings import UseCaseSettings
from bot.context.unit_of_work import UnitOfWork
from bot.services import catalogue
from bot.services.tickets import attachments, my_tickets
from bot.services.tickets import history as tickets_history
from bot.services.tickets.actions import act, check
from bot.services.tickets.my_tickets import ticket_for
from models.details import EventDetails
from models.errors import (
    ReopeningTooLate,
    RoleRefused,
    TicketNotFound,
    TransitionRefused,
)
from models.lifecycle import Action, Ending, HoldReason, Role, Status
from models.tickets.attachment import Attachment
from models.tickets.draft import NewFile
from models.tickets.ticket import Ticket
from tests.support.factories import create_site
from tests.support.scenarios import CHANNEL, DAY, cards, hear, hold, note, reply, requalify, ticket_in_state
from tests.support.use_case_desk import MINUTE, NOW, SmallDesk, at_once

# Acting


def test_of_two_technicians_at_once_one_hears_who_was_faster(shared_desk: SmallDesk) -> None:
    ticket = shared_desk.open()
    actors = [shared_desk.actor(name, "assistance") for name in ("karim", "lea")]
    outcomes = at_once([lambda by=by: shared_desk.act(ticket, Action.TAKE, by) for by in actors])
    (winner,) = [outcome for outcome in outcomes if isinstance(outcome, Ticket)]
    (loser,) = [outcome for outcome in outcomes if isinstance(outcome, TransitionRefused)]
    assert winner.assignee is not None
    assert loser.last_actor == winner.assignee.name
    assert [event.number for event in shared_desk.history(ticket)] == [1, 2]


def test_the_loser_of_a_stale_version_hears_the_domains_word(shared_desk: SmallDesk) -> None:
    """Both read the ticket before either wrote: the version refuses the second, which then reads again."""
    ticket, karim = shared_desk.open(), shared_desk.actor("karim", "assistance")
    lea, ran = shared_desk.actor("lea", "assistance"), list[str]()

    def late(uow: UnitOfWork) -> Ticket:
        uow.session.get_one(Ticket, ticket.id)  # as it is now
        if not ran:
            ran.append("first")
            shared_desk.act(ticket, Action.TAKE, lea, now=NOW + MINUTE)
        return act(uow, ticket.id, Action.TAKE)

    with pytest.raises(TransitionRefused) as refused:
        shared_desk.do(late, karim)
    assert (refused.value.last_actor, refused.value.last_at) == ("Lea", NOW + MINUTE)
    assert len(shared_desk.history(ticket)) == 2


def test_every_change_is_a_line_of_history(small_desk: SmallDesk) -> None:
    ticket = small_desk.ticket_in_state(
        Action.TAKE, Action.RESOLVE, Action.REFUSE, Action.RESOLVE, Action.APPROVE
    )
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
    ticket = small_desk.ticket_in_state(Action.RESOLVE, Action.REFUSE)
    assert ticket.solution is None
    assert [line.text for line in small_desk.history(ticket)] == [None, "resolve…", "refuse…"]


def test_a_second_click_is_told_who_acted_first(small_desk: SmallDesk) -> None:
    ticket, karim = small_desk.ticket_in_state(Action.TAKE), small_desk.actor("karim", "assistance")
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
        small_desk.act(ticket, action, small_desk.actor(name, *teams), "Voilà.")


@pytest.mark.parametrize("name", ["karim", "oliver"])
@pytest.mark.parametrize("action", [Action.APPROVE, Action.REFUSE])
def test_only_the_requester_approves_or_refuses(small_desk: SmallDesk, action: Action, name: str) -> None:
    ticket = small_desk.ticket_in_state(Action.RESOLVE)
    with pytest.raises(RoleRefused):
        small_desk.act(ticket, action, small_desk.actor(name, "assistance"), "Voilà.")


def test_a_technician_may_handle_and_approve_their_own_ticket(small_desk: SmallDesk) -> None:
    karim = small_desk.actor("karim", "assistance")
    ticket = small_desk.open(by=karim)
    small_desk.act(ticket, Action.RESOLVE, karim, "Fait.")
    closed = small_desk.act(ticket, Action.APPROVE, karim)
    assert (closed.ending, closed.assignee_id, closed.requester_id) == (Ending.APPROVED, karim.id, karim.id)


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.OPEN])
def test_a_number_that_was_never_given_is_no_ticket(small_desk: SmallDesk, action: Action) -> None:
    karim = small_desk.actor("karim", "assistance")
    with pytest.raises(TicketNotFound):
        small_desk.act(Ticket(id=404), action, karim, "Voilà.")
    with pytest.raises(TicketNotFound):
        small_desk.reading(lambda uow: check(uow, 404, action), karim)


def test_checking_changes_nothing(small_desk: SmallDesk) -> None:
    ticket, karim = small_desk.open(), small_desk.actor("karim", "assistance")
    checked = small_desk.do(lambda uow: check(uow, ticket.id, Action.RESOLVE), karim)
    assert checked.id == ticket.id
    assert len(small_desk.history(ticket)) == 1
    with pytest.raises(RoleRefused):
        small_desk.reading(lambda uow: check(uow, ticket.id, Action.APPROVE), karim)


def test_the_delay_to_reopen_is_a_setting(small_desk: SmallDesk) -> None:
    ticket, camille = small_desk.ticket_in_state(Action.RESOLVE, Action.APPROVE), small_desk.actor("camille")
    later = NOW + timedelta(days=4)
    with pytest.raises(ReopeningTooLate) as refused:
        replace(small_desk, settings=UseCaseSettings(reopen_days=3)).act(
            ticket, Action.REOPEN, camille, "Encore.", later
        )
    assert refused.value.days == 3
    assert small_desk.act(ticket, Action.REOPEN, camille, "Encore.", later).status is Status.IN_PROGRESS


# Who is said to have been faster


@pytest.mark.parametrize(
    "since", [Action.NOTE, Action.REPLY, Action.COMMENT, Action.REQUALIFY], ids=lambda action: str(action)
)
def test_a_late_click_hears_of_who_changed_the_state_and_of_nothing_since(
    small_desk: SmallDesk, since: Action
) -> None:
    """An internal note must not be betrayed to the requester, not even that there is one."""
    ticket = ticket_in_state(small_desk, Action.TAKE, since)
    with pytest.raises(TransitionRefused) as refused:
        small_desk.act(ticket, Action.APPROVE, small_desk.actor("camille"))
    assert (refused.value.last_action, refused.value.last_actor) == (Action.TAKE, "Karim")
    assert refused.value.last_at == NOW + MINUTE


def test_a_late_click_hears_to_whom_the_ticket_was_given(small_desk: SmallDesk) -> None:
    ticket = ticket_in_state(small_desk, Action.ASSIGN, Action.NOTE)
    with pytest.raises(TransitionRefused) as refused:
        small_desk.act(ticket, Action.TAKE, small_desk.actor("karim", "assistance"))
    assert (refused.value.last_action, refused.value.last_details) == (
        Action.ASSIGN,
        EventDetails(to="Lea"),
    )


def test_why_a_ticket_waits_is_told_to_nobody_who_clicks_too_late(small_desk: SmallDesk) -> None:
    karim = small_desk.actor("karim", "assistance")
    ticket = hold(
        small_desk, small_desk.ticket_in_state(Action.TAKE), karim, why="Le doyen a oublié de signer."
    )
    with pytest.raises(TransitionRefused) as refused:
        small_desk.act(ticket, Action.APPROVE, small_desk.actor("camille"))
    assert refused.value.last_action is Action.HOLD
    assert "doyen" not in repr(refused.value)


# Reading

SECRET = "Le doyen a renversé son café."


def secretive(desk: SmallDesk) -> Ticket:
    """A ticket on which technicians have written for each other wherever they can."""
    karim, ticket = desk.actor("karim", "assistance"), desk.open()
    cards(desk, ticket)
    desk.act(ticket, Action.TAKE, karim)
    note(desk, ticket, karim, SECRET)
    files = [NewFile("F9", "café.jpg", "image/jpeg", 1)]
    hear(desk, ticket, karim, SECRET, channel=CHANNEL, files=files)
    hold(desk, ticket, karim, HoldReason.DATE, NOW + DAY, why=SECRET)
    lea = desk.actor("lea", "assistance", "reseau")
    requalify(desk, ticket, lea, team="reseau", why=SECRET)
    desk.act(ticket, Action.RESOLVE, lea, "Clavier remplacé.")
    return desk.act(ticket, Action.RECORD_APPROVAL, lea, SECRET)


def test_the_requester_reads_what_happened_without_notes_or_internal_words(small_desk: SmallDesk) -> None:
    ticket = secretive(small_desk)
    with small_desk.sessions() as session:
        lines = tickets_history.history(session, ticket, {Role.REQUESTER})
    assert [(line.event.action, line.text) for line in lines] == [
        (Action.OPEN, None),
        (Action.TAKE, None),
        (Action.HOLD, None),
        (Action.TRANSFER, None),
        (Action.RESOLVE, "Clavier remplacé."),
        (Action.RECORD_APPROVAL, None),
    ]
    assert all(SECRET not in repr(line.event.details) for line in lines)


@pytest.mark.parametrize("roles", [{Role.TECHNICIAN}, {Role.TECHNICIAN, Role.REQUESTER}])
def test_a_technician_reads_everything(small_desk: SmallDesk, roles: set[Role]) -> None:
    ticket = secretive(small_desk)
    with small_desk.sessions() as session:
        lines = tickets_history.history(session, ticket, roles)
    assert [line.event.action for line in lines if line.text == SECRET] == [
        Action.NOTE,
        Action.NOTE,
        Action.HOLD,
        Action.TRANSFER,
        Action.RECORD_APPROVAL,
    ]


def test_the_files_of_notes_are_the_technicians_alone(small_desk: SmallDesk) -> None:
    karim, camille = small_desk.actor("karim", "assistance"), small_desk.actor("camille")
    ticket = small_desk.open(small_desk.draft(files=[NewFile("F1", "écran.png", "image/png", 1)]))
    cards(small_desk, ticket)
    theirs = [NewFile("F2", "café.jpg", "image/jpeg", 1)]
    hear(small_desk, ticket, karim, SECRET, channel=CHANNEL, ts="9.1", files=theirs)
    reply(small_desk, ticket, karim, "Voici.", files=[NewFile("F3", "mode.pdf", "application/pdf", 1)])
    hear(small_desk, ticket, camille, "Merci.", ts="9.2", files=[NewFile("F4", "vue.png", "image/png", 1)])

    def names(*roles: Role) -> list[str]:
        with small_desk.sessions() as session:
            return [file.name for file in attachments.attachments(session, ticket, roles)]

    assert names(Role.REQUESTER) == ["écran.png", "mode.pdf", "vue.png"]
    assert names() == ["écran.png", "mode.pdf", "vue.png"]
    assert names(Role.TECHNICIAN) == ["écran.png", "café.jpg", "mode.pdf", "vue.png"]
    assert names(Role.TECHNICIAN, Role.REQUESTER) == ["écran.png", "café.jpg", "mode.pdf", "vue.png"]


SCREEN = NewFile("F1", "écran.png", "image/png", 1)


def test_a_file_that_comes_again_with_other_words_comes_again(small_desk: SmallDesk) -> None:
    """It has a place in the history each time; who may see it depends on whom the words are for."""
    camille, karim = small_desk.actor("camille"), small_desk.actor("karim", "assistance")
    ticket = small_desk.open(small_desk.draft(files=[SCREEN]))
    cards(small_desk, ticket)
    hear(small_desk, ticket, karim, "Vu.", channel=CHANNEL, ts="9.1", files=[SCREEN])
    hear(small_desk, ticket, camille, "Encore.", ts="9.2", files=[SCREEN])
    with small_desk.sessions() as session:
        files = attachments.attachments(session, ticket, {Role.TECHNICIAN})
        told = [(file.comment.text if file.comment else None, file.is_internal) for file in files]
    assert told == [(None, False), ("Vu.", True), ("Encore.", False)]


def test_a_file_that_is_twice_in_one_message_is_one(small_desk: SmallDesk) -> None:
    ticket = small_desk.open(small_desk.draft(files=[SCREEN, SCREEN]))
    assert small_desk.count(Attachment) == 1
    cards(small_desk, ticket)
    hear(small_desk, ticket, small_desk.actor("camille"), "Voici.", files=[SCREEN, SCREEN])
    assert small_desk.count(Attachment) == 2


# Finding


def test_another_persons_ticket_is_not_found(small_desk: SmallDesk) -> None:
    ticket = small_desk.open()
    for stranger in (small_desk.actor("oliver"), small_desk.actor("lea", "reseau")):
        with pytest.raises(TicketNotFound):
            small_desk.reading(lambda uow: ticket_for(uow, ticket.id), stranger)


def test_a_ticket_is_found_by_its_requester_and_its_team(small_desk: SmallDesk) -> None:
    ticket = small_desk.open()
    for reader in (small_desk.actor("camille"), small_desk.actor("lea", "assistance")):
        assert small_desk.reading(lambda uow: ticket_for(uow, ticket.id), reader).id == ticket.id


def test_the_lists_are_paged_newest_first(small_desk: SmallDesk) -> None:
    for title in "ABCDE":
        small_desk.open(small_desk.draft(title))
    small_desk.open(small_desk.draft("d’Oliver"), by=small_desk.actor("oliver"))

    def page(number: int, *, closed: bool = False) -> tuple[str, bool]:
        camille = small_desk.actor("camille").id
        with small_desk.sessions() as session:
            found = my_tickets.page_of(session, camille, closed=closed, page=number, size=2)
            return "".join(ticket.title for ticket in found.items), found.has_more

    assert [page(number) for number in range(4)] == [("ED", True), ("CB", True), ("A", False), ("", False)]
    assert page(-1) == ("ED", True)
    assert page(0, closed=True) == ("", False)


def test_a_closed_ticket_changes_lists(small_desk: SmallDesk) -> None:
    kept, closed = small_desk.open(), small_desk.ticket_in_state(Action.CANCEL)
    with small_desk.sessions() as session:
        lists = [
            [
                ticket.id
                for ticket in my_tickets.page_of(
                    session, kept.requester_id, closed=each, page=0, size=9
                ).items
            ]
            for each in (False, True)
        ]
    assert lists == [[kept.id], [closed.id]]


def test_archived_sites_are_not_offered(small_desk: SmallDesk) -> None:
    with small_desk.sessions.begin() as session:
        create_site(session, "centre", position=-1)
    with small_desk.sessions() as session:
        assert [site.id for site in catalogue.sites(session)] == ["centre", "iut"]


def test_a_number_is_never_used_again(small_desk: SmallDesk) -> None:
    first = small_desk.open()
    with small_desk.sessions.begin() as session:
        for row in (*small_desk.deliveries(), *small_desk.history(first), first):
            session.delete(session.merge(row))
            session.flush()
    assert small_desk.open().id == first.id + 1
