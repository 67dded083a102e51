"""Tickets attached to another: resolved with it, and free again when their requester writes."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from blocks.i18n import translator
from blocks.tickets.children.form import target_options
from bot.context.unit_of_work import UnitOfWork
from bot.delivery.handlers.portions import do_portion
from bot.notifications.waits.outcome import keep_ticket_open
from bot.services.children.attaching import attach, detach
from bot.services.children.targets import LOOKED_AT, OFFERED, Targets, targets
from bot.services.clocks.refresh import refresh_clocks
from bot.services.queue.pages import queue
from bot.services.tickets.actions import act
from bot.services.tickets.children import portions
from bot.services.tickets.children.resolving import resolve
from bot.services.tickets.duplicates.resolution import Solution
from models.errors import ReopeningTooLate, RoleRefused, TransitionRefused
from models.fields import FieldReason, FieldRefused
from models.lifecycle import Action, Ending, Status, Urgency
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.reasons import Undelivered
from models.pages import QueueState, Tab
from models.tickets.clocks.refresh import ClockRefresh
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from tests.support.databases import open_small_desk
from tests.support.use_case_desk import MINUTE, NOW, SmallDesk

LATER = NOW + 2 * MINUTE


class ChildrenDesk:
    def __init__(self, desk: SmallDesk) -> None:
        self.desk, self.sessions = desk, desk.sessions
        self.karim = desk.actor("karim", "assistance")
        self.parent = desk.open()

    def child(self, name: str = "lea", **given: object) -> Ticket:
        """Somebody's ticket, attached to the parent."""
        ticket = self.desk.open(self.desk.draft("Plus de réseau", **given), by=self.desk.actor(name))
        self.desk.do(lambda uow: attach(uow, ticket.id, self.parent.id), self.karim)
        self.work()
        return ticket

    def work(self) -> int:
        """Do all that is left for the worker. Returns how many deliveries that was."""
        done = 0
        while (waiting := self.waiting()) is not None:
            do_portion(self.sessions, waiting, now=LATER)
            done += 1
        return done

    def waiting(self) -> Delivery | None:
        with self.sessions() as session:
            pending = select(Delivery).where(
                Delivery.kind == DeliveryKind.CHILDREN, Delivery.state == DeliveryState.PENDING
            )
            return session.scalars(pending.order_by(Delivery.id).limit(1)).one_or_none()

    def resolve(self, words: str | None = "Le commutateur est remplacé.") -> None:
        solution = Solution("Pièce n° 7.", to_children=words)
        self.desk.do(lambda uow: resolve(uow, self.parent.id, solution), self.karim, NOW + MINUTE)
        self.work()

    def ticket(self, ticket: Ticket) -> Ticket:
        with self.sessions() as session:
            return session.get_one(Ticket, ticket.id)

    def cards(self, ticket: Ticket) -> int:
        with self.sessions() as session:
            kind = Delivery.kind == DeliveryKind.TRIAGE_CARD
            return len(session.scalars(select(Delivery).where(kind, Delivery.ticket_id == ticket.id)).all())

    def queued(self) -> list[int]:
        """The numbers in the queue's first tab."""
        with self.sessions() as session:
            found = queue(session, self.karim, QueueState(Tab.UNASSIGNED), size=20, now=LATER)
            return [each.id for each in found.tickets]

    def last(self, ticket: Ticket) -> Event:
        with self.sessions() as session:
            query = select(Event).where(Event.ticket_id == ticket.id).order_by(Event.number.desc()).limit(1)
            return session.scalars(query).one()


@pytest.fixture
def desk(tables_url: str) -> Iterator[ChildrenDesk]:
    with open_small_desk(tables_url) as small:
        yield ChildrenDesk(small)


def test_an_attached_ticket_stays_open_outside_of_the_queue(desk: ChildrenDesk) -> None:
    child = desk.child()
    row = desk.ticket(child)
    assert (row.status, row.parent_id, row.has_card) == (Status.NEW, desk.parent.id, False)
    assert desk.queued() == [desk.parent.id]


def test_each_requester_is_asked_about_what_was_written_for_them(desk: ChildrenDesk) -> None:
    children = [desk.child(name) for name in ("lea", "oliver")]
    desk.resolve()
    assert desk.ticket(desk.parent).solution == "Pièce n° 7."
    for child in children:
        row = desk.ticket(child)
        assert (row.status, row.solution) == (Status.RESOLVED, "Le commutateur est remplacé.")
    desk.desk.act(children[0], Action.APPROVE, desk.desk.actor("lea"), now=LATER)
    assert desk.ticket(children[0]).ending is Ending.APPROVED
    assert desk.ticket(children[1]).status is desk.ticket(desk.parent).status is Status.RESOLVED


def test_without_words_for_the_others_nothing_is_resolved(desk: ChildrenDesk) -> None:
    child = desk.child()
    for words, reason in (("  ", FieldReason.MISSING), (None, FieldReason.CHANGED_MEANWHILE)):
        with pytest.raises(FieldRefused) as refused:
            desk.resolve(words)
        assert refused.value.reason is reason
    assert desk.ticket(desk.parent).status is desk.ticket(child).status is Status.NEW


@pytest.mark.parametrize("action", [Action.COMMENT, Action.REFUSE])
def test_what_a_requester_writes_frees_their_ticket_with_a_card(desk: ChildrenDesk, action: Action) -> None:
    child = desk.child()
    if action is Action.REFUSE:
        desk.resolve()
    before = desk.cards(child)
    desk.desk.act(child, action, desk.desk.actor("lea"), "Toujours rien.", now=LATER)
    row = desk.ticket(child)
    assert (row.parent_id, row.has_card) == (None, True)
    assert desk.cards(child) == before + 1
    assert desk.last(child).details.left == desk.parent.id


@pytest.mark.parametrize("action", [Action.CANCEL, Action.TRANSFER, Action.RESOLVE])
def test_a_parent_that_cannot_resolve_them_frees_all_with_cards(desk: ChildrenDesk, action: Action) -> None:
    children = [desk.child(name) for name in ("lea", "oliver")]
    before = [desk.cards(child) for child in children]
    if action is Action.TRANSFER:
        from models.catalogue import Team
        from models.tickets.changes.holder import Transfer

        move = lambda uow: act(  # noqa: E731
            uow,
            desk.parent.id,
            action,
            text="À vous",
            change=Transfer(uow.session.get_one(Team, "reseau")),
        )
        desk.desk.do(move, desk.karim)
    else:
        desk.desk.act(desk.parent, action, desk.karim, "Par erreur")
    desk.work()
    for child, cards in zip(children, before, strict=True):
        assert desk.ticket(child).parent_id is None
        assert desk.last(child).action is Action.FREE
        assert desk.cards(child) == cards + 1


def test_a_parent_is_due_with_the_first_of_its_children_and_promised_as_before(desk: ChildrenDesk) -> None:
    own = desk.ticket(desk.parent).due_at
    child = desk.child(urgency=Urgency.CRITICAL)
    due = desk.ticket(child).due_at
    assert due < own
    row = desk.ticket(desk.parent)
    assert (row.due_at, row.promised_at) == (due, own)
    desk.desk.do(lambda uow: detach(uow, child.id), desk.karim, LATER)
    desk.work()
    row = desk.ticket(desk.parent)
    assert (row.due_at, row.own_due_at, row.children_due_at) == (own, None, None)
    assert desk.ticket(child).due_at == due
    assert sorted(desk.queued()) == [desk.parent.id, child.id]


def test_only_an_open_ticket_of_the_team_takes_others_and_one_level_deep(desk: ChildrenDesk) -> None:
    child, other = desk.child(), desk.desk.open()
    gone = desk.desk.open()
    desk.desk.act(gone, Action.CANCEL, desk.karim, "Erreur")
    refused = {
        (other.id, child.id): FieldReason.ITSELF_ATTACHED,
        (other.id, other.id): FieldReason.SAME_TICKET,
        (other.id, gone.id): FieldReason.NOT_OPEN,
        (desk.parent.id, other.id): FieldReason.HAS_CHILDREN,
        (other.id, 999): FieldReason.NO_SUCH_TICKET,
    }
    for (number, target), reason in refused.items():
        with pytest.raises(FieldRefused) as error:
            desk.desk.do(lambda uow, n=number, t=target: attach(uow, n, t), desk.karim)  # type: ignore[misc]
        assert error.value.reason is reason
    with pytest.raises(TransitionRefused):
        desk.desk.do(lambda uow: attach(uow, child.id, other.id), desk.karim)
    with pytest.raises(RoleRefused):
        desk.desk.do(lambda uow: attach(uow, other.id, desk.parent.id), desk.desk.actor("camille"))


def test_two_hundred_are_resolved_in_portions(desk: ChildrenDesk) -> None:
    for _each in range(200):
        desk.child()
    solve = lambda uow: resolve(uow, desk.parent.id, Solution("Réparé.", to_children="C’est réparé."))  # noqa: E731
    desk.desk.do(solve, desk.karim, NOW + MINUTE)
    assert desk.ticket(desk.parent).status is Status.RESOLVED
    assert desk.work() == 200 // portions.PORTION + 1
    with desk.sessions() as session:
        attached = select(Ticket.status).where(Ticket.parent_id == desk.parent.id)
        assert set(session.scalars(attached)) == {Status.RESOLVED}


def test_a_cancellation_by_mistake_is_undone_while_it_may_be_reopened(desk: ChildrenDesk) -> None:
    desk.desk.act(desk.parent, Action.CANCEL, desk.karim, "Erreur")
    desk.desk.act(desk.parent, Action.UNDO_CLOSING, desk.karim, "Mauvais ticket, pardon.")
    row = desk.ticket(desk.parent)
    assert (row.status, row.ending, row.closed_at) == (Status.NEW, None, None)
    desk.desk.act(desk.parent, Action.CANCEL, desk.karim, "Erreur")
    with pytest.raises(ReopeningTooLate):
        desk.desk.act(desk.parent, Action.UNDO_CLOSING, desk.karim, "Tard", now=NOW + timedelta(days=400))


def test_a_reminder_that_never_arrived_frees_the_ticket_from_its_parent(desk: ChildrenDesk) -> None:
    child = desk.child()
    desk.resolve()
    cards, shown = desk.cards(child), desk.cards(desk.parent)

    def keep(uow: UnitOfWork) -> None:
        keep_ticket_open(uow, uow.session.get_one(Ticket, child.id), Undelivered.NOT_ALLOWED)

    desk.desk.do(keep, now=LATER)
    row = desk.ticket(child)
    assert (row.parent_id, row.has_card) == (None, True)
    assert desk.cards(child) == cards + 1
    assert desk.work() == 1
    assert desk.cards(desk.parent) == shown + 1


def test_a_child_whose_clock_is_refreshed_moves_its_parents_due(desk: ChildrenDesk) -> None:
    child = desk.child()
    due = desk.ticket(desk.parent).due_at

    def grant_less(uow: UnitOfWork) -> None:
        uow.session.get_one(Ticket, child.id).time_granted -= timedelta(hours=1)
        uow.session.add(ClockRefresh())

    desk.desk.do(grant_less)
    desk.desk.work_off(refresh_clocks, LATER)
    desk.work()
    assert desk.ticket(desk.parent).due_at == desk.ticket(child).due_at < due


def test_the_search_says_when_more_match_and_a_number_finds_its_ticket(desk: ChildrenDesk) -> None:
    oldest = desk.parent.id
    for place in range(LOOKED_AT + 1):
        desk.desk.open(desk.desk.draft(f"Imprimante {place}"))
    asking = desk.desk.open(desk.desk.draft("Autre chose")).id

    def found(words: str) -> Targets:
        return desk.desk.do(lambda uow: targets(uow, asking, words), desk.karim)

    assert found("imprimante").has_more
    assert len(found("imprimante").tickets) == OFFERED
    assert not found("imprimante 7").has_more
    assert found(str(oldest)).tickets[0].id == oldest
    groups = target_options(translator("fr"), [], [], has_more=True)
    assert groups[-1].options[0].text == "Précisez votre recherche"
