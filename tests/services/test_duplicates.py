"""A ticket is resolved: the requesters of its duplicates are told, and of nothing else."""

from functools import partial

import pytest
from sqlalchemy import select, text

from blocks import labels
from blocks.i18n import translator
from bot.context.actor import Actor
from bot.delivery.rendering.render import render
from bot.delivery.rendering.rendered import RenderedMessage
from bot.services.outages import resolution as outage_resolution
from bot.services.tickets.duplicates import resolution
from bot.services.tickets.duplicates.resolution import duplicates_of, lock_with_duplicates, to_tell
from models.details import EventDetails
from models.errors import RoleRefused, TransitionRefused
from models.lifecycle import INTERNAL_WORDS, Action, Role, Status
from models.outbox.kinds import DeliveryKind
from models.tickets.event import Event
from models.tickets.outage import Portion
from models.tickets.ticket import Ticket
from tests.support.databases import ON_POSTGRESQL_ONLY, ON_SQLITE_ONLY
from tests.support.factories import create_outage
from tests.support.scenarios import SOLUTION, again, cards, link_old, resolve
from tests.support.use_case_desk import SmallDesk, at_once

TOLD = Action.ORIGINAL_RESOLVED


@pytest.fixture
def original(small_desk: SmallDesk) -> Ticket:
    """Oliver's."""
    return small_desk.open(by=small_desk.actor("oliver"))


def duplicate(desk: SmallDesk, by: str, of: Ticket) -> Ticket:
    """Somebody's ticket, closed as a duplicate of another."""
    ticket = desk.open(by=desk.actor(by))
    cards(desk, ticket)
    return link_old(desk, ticket, desk.actor("lea", "assistance"), of.id)


def told(desk: SmallDesk) -> list[tuple[int, int | None, str | None]]:
    """Who was told, by the number of their ticket, of which one, with which words."""
    with desk.sessions() as session:
        events = session.scalars(select(Event).where(Event.action == TOLD).order_by(Event.id)).all()
        return [(event.ticket_id, event.details.of, event.text) for event in events]


def test_each_requester_of_a_duplicate_is_told_once_its_original_is_resolved(
    small_desk: SmallDesk, karim: Actor, original: Ticket
) -> None:
    first, second = duplicate(small_desk, "camille", original), duplicate(small_desk, "lea", original)
    resolve(small_desk, original.id, karim, words="  Réessayez.  ")
    assert told(small_desk) == [(first.id, original.id, "Réessayez."), (second.id, original.id, "Réessayez.")]
    [_open, _closed, event] = small_desk.history(first)
    assert (event.from_status, event.to_status, event.actor.name) == (Status.CLOSED, Status.CLOSED, "Karim")
    assert event.details == EventDetails(of=original.id)
    kinds = [each.kind for each in small_desk.deliveries() if each.event_id == event.id]
    assert kinds == [DeliveryKind.DECISION, DeliveryKind.DECISION_RESULT]


def test_without_words_there_are_none(small_desk: SmallDesk, karim: Actor, original: Ticket) -> None:
    ticket = duplicate(small_desk, "camille", original)
    resolve(small_desk, original.id, karim)
    assert told(small_desk) == [(ticket.id, original.id, None)]


def test_a_person_with_several_duplicates_is_told_once_under_the_newest(
    small_desk: SmallDesk, karim: Actor, original: Ticket
) -> None:
    duplicate(small_desk, "camille", original)
    newest = duplicate(small_desk, "camille", original)
    resolve(small_desk, original.id, karim)
    assert [number for number, _of, _words in told(small_desk)] == [newest.id]


def test_the_duplicate_of_a_duplicate_is_one_too(
    small_desk: SmallDesk, karim: Actor, original: Ticket
) -> None:
    between = small_desk.open(by=small_desk.actor("lea"))
    last = duplicate(small_desk, "camille", between)
    link_old(small_desk, between, karim, original.id)
    resolve(small_desk, original.id, karim)
    assert [(number, of) for number, of, _words in told(small_desk)] == [
        (between.id, original.id),
        (last.id, original.id),
    ]


def test_a_duplicate_may_be_older_than_its_original(small_desk: SmallDesk, karim: Actor) -> None:
    old = small_desk.open()
    new = small_desk.open(by=small_desk.actor("oliver"))
    link_old(small_desk, old, karim, new.id)
    resolve(small_desk, new.id, karim)
    assert [number for number, _of, _words in told(small_desk)] == [old.id]


def test_who_raised_the_original_is_asked_about_its_solution_only(
    small_desk: SmallDesk, karim: Actor, original: Ticket
) -> None:
    duplicate(small_desk, "oliver", original)
    resolve(small_desk, original.id, karim)
    assert told(small_desk) == []


def test_who_reopened_the_duplicate_is_told_nothing(
    small_desk: SmallDesk, karim: Actor, original: Ticket
) -> None:
    ticket = duplicate(small_desk, "camille", original)
    small_desk.act(ticket, Action.REOPEN, small_desk.actor("camille"), "Ce n’est pas cela.")
    resolve(small_desk, original.id, karim)
    assert told(small_desk) == []


def test_who_resolves_it_themselves_gets_no_message(small_desk: SmallDesk, original: Ticket) -> None:
    duplicate(small_desk, "karim", original)
    before = len(small_desk.deliveries())
    resolve(small_desk, original.id, small_desk.actor("karim", "assistance"))
    new = {each.kind for each in small_desk.deliveries()[before:]}
    assert DeliveryKind.DECISION not in new


def test_each_resolution_is_told(small_desk: SmallDesk, karim: Actor, original: Ticket) -> None:
    duplicate(small_desk, "camille", original)
    resolve(small_desk, original.id, karim)
    small_desk.act(original, Action.REFUSE, small_desk.actor("oliver"), "Non.")
    resolve(small_desk, original.id, karim)
    assert len(told(small_desk)) == 2


def test_what_may_not_be_resolved_tells_nobody(small_desk: SmallDesk, original: Ticket) -> None:
    duplicate(small_desk, "camille", original)
    with pytest.raises(RoleRefused):
        resolve(small_desk, original.id, small_desk.actor("camille"))
    resolve(small_desk, original.id, small_desk.actor("karim", "assistance"))
    with pytest.raises(TransitionRefused):
        resolve(small_desk, original.id, small_desk.actor("karim", "assistance"))
    assert len(told(small_desk)) == 1


def test_as_many_are_told_as_one_transaction_may_hold(
    small_desk: SmallDesk, karim: Actor, original: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolution, "DUPLICATES_MAX", 1)
    duplicate(small_desk, "camille", original)
    newest = duplicate(small_desk, "lea", original)
    resolve(small_desk, original.id, karim)
    assert [number for number, _of, _words in told(small_desk)] == [newest.id]


def test_the_form_names_the_duplicates_whose_requesters_would_be_told(
    small_desk: SmallDesk, original: Ticket
) -> None:
    duplicate(small_desk, "oliver", original)
    hers = duplicate(small_desk, "camille", original)
    with small_desk.sessions() as session:
        pairs = to_tell([again(small_desk, original)], duplicates_of(session, [original.id]))
    assert [each.id for _original, each in pairs] == [hers.id]


@ON_POSTGRESQL_ONLY  # SQLite locks no rows
def test_a_duplicate_that_is_linked_before_the_lock_is_locked_in_its_turn(
    small_desk: SmallDesk, original: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    hers = duplicate(small_desk, "camille", original)
    everything = {original.id: [hers]}
    found = [{}, everything, everything, everything]
    monkeypatch.setattr(resolution, "duplicates_of", lambda _session, _numbers: found.pop(0))
    locked: list[set[int]] = []
    monkeypatch.setattr(resolution, "_lock", lambda _session, numbers: locked.append(set(numbers)))
    with small_desk.sessions.begin() as session:
        assert lock_with_duplicates(session, [original.id]) == everything
    assert locked == [{original.id}, {original.id, hers.id}]


@ON_POSTGRESQL_ONLY  # SQLite locks no rows
def test_tickets_are_locked_in_the_order_of_their_numbers(
    small_desk: SmallDesk, karim: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    """As `link_duplicate` does: two transactions that lock several never wait for each other."""
    old, new = small_desk.open(), small_desk.open(by=small_desk.actor("oliver"))
    link_old(small_desk, old, karim, new.id)
    caplog.set_level("INFO", "sqlalchemy.engine")
    resolve(small_desk, new.id, karim)
    first = next(each.getMessage() for each in caplog.records if "FOR UPDATE" in each.getMessage())
    assert "ORDER BY ticket.id FOR UPDATE" in first


def test_the_end_of_an_outage_is_told_to_the_duplicates_of_its_followers(
    small_desk: SmallDesk, karim: Actor, original: Ticket
) -> None:
    ticket = duplicate(small_desk, "camille", original)
    with small_desk.sessions.begin() as session:
        outage = create_outage(
            session,
            team_id="assistance",
            declared_by_id=karim.id,
            resolved_by_id=karim.id,
            resolved_at=original.opened_at,
            solution=SOLUTION,
        )
        session.get_one(Ticket, original.id).outage_id = outage.id
        number = outage.id
    small_desk.do(lambda uow: outage_resolution.go_on(uow, number, Portion(1, 0, 1)))
    assert again(small_desk, original).status is Status.RESOLVED
    assert told(small_desk) == [(ticket.id, original.id, None)]


def test_a_resolution_and_links_at_once_never_wait_for_each_other(shared_desk: SmallDesk) -> None:
    """Whichever is first, all are done."""
    karim, lea = (shared_desk.actor(name, "assistance") for name in ("karim", "lea"))
    older, original, newer = (
        shared_desk.open(by=shared_desk.actor(name)) for name in ("camille", "oliver", "lea")
    )
    works = [partial(resolve, shared_desk, original.id, karim)]
    works += [partial(link_old, shared_desk, ticket, lea, original.id) for ticket in (older, newer)]
    at_once(works)
    assert again(shared_desk, original).status is Status.RESOLVED
    for ticket in (older, newer):
        assert again(shared_desk, ticket).duplicate_of_id == original.id
        first = shared_desk.history(ticket)[1]
        is_told = len(shared_desk.history(ticket)) == 3
        assert is_told is (first.id < shared_desk.history(original)[1].id)


# What it says


def test_no_word_of_the_other_ticket_reaches_a_duplicates_requester(
    small_desk: SmallDesk, karim: Actor
) -> None:
    original = small_desk.open(small_desk.draft("Badge de la présidente"), by=small_desk.actor("oliver"))
    duplicate(small_desk, "camille", original)
    resolve(small_desk, original.id, karim, words="Réessayez.")
    said = "".join(decisions(small_desk))
    assert "dont votre n° 2 est un doublon, est résolu" in said
    assert "Réessayez." in said
    for secret in (SOLUTION, "Badge", "Oliver"):
        assert secret not in said


def test_the_requester_of_both_reads_the_title_of_the_other(small_desk: SmallDesk, karim: Actor) -> None:
    original = small_desk.open(small_desk.draft("Badge perdu"))
    duplicate(small_desk, "camille", original)
    [message] = decisions(small_desk)
    assert "n° 1 · Badge perdu" in message
    assert "qui reste ouvert" in message


def test_a_message_never_says_that_a_resolved_original_stays_open(
    small_desk: SmallDesk, karim: Actor, original: Ticket
) -> None:
    ticket = small_desk.open()
    cards(small_desk, ticket)
    resolve(small_desk, original.id, karim)
    link_old(small_desk, ticket, karim, original.id)
    [message] = decisions(small_desk)
    assert "un doublon du n° 1." in message


def test_the_words_of_a_recorded_approval_stay_internal(small_desk: SmallDesk, karim: Actor) -> None:
    assert Action.RECORD_APPROVAL in INTERNAL_WORDS
    ticket = small_desk.ticket_in_state(Action.RESOLVE)
    cards(small_desk, ticket)
    small_desk.act(ticket, Action.RECORD_APPROVAL, karim, "Au téléphone, agacée.")
    [message] = decisions(small_desk)
    assert "Karim a noté que vous avez approuvé" in message
    assert "agacée" not in message


def decisions(desk: SmallDesk) -> list[str]:
    """The messages about decisions, as their readers would get them now."""
    rows = [each for each in desk.deliveries() if each.kind is DeliveryKind.DECISION]
    with desk.sessions() as session:
        rendered = [render(session, row, locale="fr") for row in rows]
    messages = [each for each in rendered if isinstance(each, RenderedMessage)]
    return [f"{each.text} {each.blocks}".replace("\u00a0", " ").replace("\\xa0", " ") for each in messages]


def test_the_history_of_a_duplicate_names_nobody(
    small_desk: SmallDesk, karim: Actor, original: Ticket
) -> None:
    ticket = duplicate(small_desk, "camille", original)
    resolve(small_desk, original.id, karim)
    event = small_desk.history(ticket)[-1]
    assert labels.done(translator("fr"), event).replace("\u00a0", " ") == "Le n° 1 est résolu"
    assert labels.done(translator("en"), event) == "No. 1 is resolved"


@ON_SQLITE_ONLY  # PostgreSQL reads a small table whole
def test_the_index_of_duplicates_is_used(small_desk: SmallDesk) -> None:
    """Every resolution asks for them, among all tickets there ever were."""
    query = "EXPLAIN QUERY PLAN SELECT * FROM ticket WHERE duplicate_of_id IN (1, 2) AND status = 'closed'"
    with small_desk.sessions() as session:
        assert "ix_ticket_duplicate_of_id" in str(session.execute(text(query)).all())


def test_the_desk_alone_may_say_that_an_original_is_resolved(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = small_desk.ticket_in_state(Action.CANCEL)
    for actor in (karim, small_desk.actor("camille")):
        with pytest.raises(RoleRefused):
            small_desk.act(ticket, TOLD, actor)
    assert Role.DESK not in karim.roles(ticket)
