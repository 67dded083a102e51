"""How satisfied requesters are: asked once, after their approval."""

import pytest

from bot.context.actor import Actor
from bot.services.tickets import satisfaction
from models.errors import RatedAlready, RoleRefused, StalePayload, TicketNotFound, TransitionRefused
from models.lifecycle import Action, Rating, Status
from models.outbox.kinds import DeliveryKind
from models.tickets.ticket import Ticket
from tests.support.scenarios import again, rate
from tests.support.use_case_desk import MINUTE, NOW, SmallDesk


@pytest.fixture
def camille(small_desk: SmallDesk) -> Actor:
    """The requester."""
    return small_desk.actor("camille")


@pytest.fixture
def approved(small_desk: SmallDesk) -> Ticket:
    return small_desk.ticket_in_state(Action.RESOLVE, Action.APPROVE)


def add(desk: SmallDesk, ticket: Ticket, by: Actor, words: str) -> Ticket:
    """The requester adds some words to their rating."""
    return desk.do(lambda uow: satisfaction.comment(uow, ticket.id, words), by, NOW + 9 * MINUTE)


@pytest.mark.parametrize("rating", list(Rating))
def test_a_rating_is_kept_with_its_line_of_history(
    small_desk: SmallDesk, approved: Ticket, camille: Actor, rating: Rating
) -> None:
    ticket = rate(small_desk, approved, camille, rating)
    event = small_desk.history(ticket)[-1]
    assert (ticket.rating, ticket.status) == (rating, Status.CLOSED)
    assert (event.action, event.details.rating) == (Action.RATE, rating)


def test_it_is_asked_once(small_desk: SmallDesk, approved: Ticket, camille: Actor) -> None:
    rate(small_desk, approved, camille, Rating.BAD)
    with pytest.raises(RatedAlready):
        rate(small_desk, approved, camille, Rating.GOOD)
    assert again(small_desk, approved).rating is Rating.BAD


@pytest.mark.parametrize(("name", "teams"), [("karim", ["assistance"]), ("oliver", [])])
def test_only_the_requester_is_asked(
    small_desk: SmallDesk, approved: Ticket, camille: Actor, name: str, teams: list[str]
) -> None:
    somebody = small_desk.actor(name, *teams)
    with pytest.raises(RoleRefused):
        rate(small_desk, approved, somebody, Rating.GOOD)
    rate(small_desk, approved, camille, Rating.BAD)
    with pytest.raises(RoleRefused):
        add(small_desk, approved, somebody, "Parfait !")
    assert again(small_desk, approved).rating_comment is None


def test_an_approval_by_word_of_mouth_is_rated_too(small_desk: SmallDesk, camille: Actor) -> None:
    ticket, karim = small_desk.ticket_in_state(Action.RESOLVE), small_desk.actor("karim", "assistance")
    small_desk.act(ticket, Action.RECORD_APPROVAL, karim, "Au téléphone.")
    assert rate(small_desk, ticket, camille, Rating.GOOD).rating is Rating.GOOD


@pytest.mark.parametrize("before", [[], [Action.RESOLVE], [Action.CANCEL]])
def test_nothing_is_asked_before_an_approval_or_without_one(
    small_desk: SmallDesk, camille: Actor, before: list[Action]
) -> None:
    ticket = small_desk.ticket_in_state(*before)
    with pytest.raises(TransitionRefused):
        rate(small_desk, ticket, camille, Rating.GOOD)
    with pytest.raises(StalePayload):
        add(small_desk, ticket, camille, "Bien.")


def test_a_ticket_that_does_not_exist_is_not_rated(small_desk: SmallDesk, camille: Actor) -> None:
    with pytest.raises(TicketNotFound):
        rate(small_desk, Ticket(id=404), camille, Rating.GOOD)


def test_a_comment_is_kept_once_and_drawn_on_the_teams_card(
    small_desk: SmallDesk, approved: Ticket, camille: Actor
) -> None:
    rate(small_desk, approved, camille, Rating.FAIR)
    before = len(small_desk.deliveries())
    ticket = add(small_desk, approved, camille, "  Un peu lent. ")
    assert (ticket.rating_comment, ticket.changed_at) == ("Un peu lent.", NOW + 9 * MINUTE)
    [card] = small_desk.deliveries()[before:]
    assert (card.kind, card.recipient) == (DeliveryKind.TRIAGE_CARD, "team:assistance")
    with pytest.raises(RatedAlready):
        add(small_desk, approved, camille, "Non, très lent.")
    assert again(small_desk, approved).rating_comment == "Un peu lent."


def test_a_comment_is_no_line_of_history(small_desk: SmallDesk, approved: Ticket, camille: Actor) -> None:
    ticket = rate(small_desk, approved, camille, Rating.FAIR)
    assert add(small_desk, approved, camille, "Un peu lent.").event_count == ticket.event_count


def test_what_comes_after_a_reopening_is_rated_anew(
    small_desk: SmallDesk, approved: Ticket, camille: Actor
) -> None:
    karim = small_desk.actor("karim", "assistance")
    rate(small_desk, approved, camille, Rating.BAD)
    small_desk.act(approved, Action.REOPEN, camille, "Encore en panne.")
    small_desk.act(approved, Action.RESOLVE, karim, "Remplacée.")
    small_desk.act(approved, Action.APPROVE, camille)
    assert rate(small_desk, approved, camille, Rating.GOOD).rating is Rating.GOOD
