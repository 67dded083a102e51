"""What is queued, and what is listed, once a ticket is forgotten."""

from datetime import timedelta

from sqlalchemy import select

from bot.context.actor import Actor
from bot.context.unit_of_work import UnitOfWork
from bot.services.message_drafts.drafts import delete_message_drafts, mark_used
from bot.services.removals.queue import remove_file, remove_message, remove_posts_of
from bot.services.tickets.comments.writing import NewComment, write
from models.departures.departure import Departure, ReleasedTicket
from models.lifecycle import Action
from models.message_draft import DraftMessage, MessageDraft
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.message_reference import FormerMessageReference, MessageReference
from models.removals.removal import Removal, RemovalKind, RemovalState
from models.removals.ticket_message import TicketMessage
from models.tickets.attachment import Attachment, FileCopy
from models.tickets.draft import NewFile
from models.tickets.ticket import Ticket
from tests.support.factories import NOW, create_message_reference
from tests.support.use_case_desk import SmallDesk

DAY = timedelta(days=1)


def removals(desk: SmallDesk) -> list[Removal]:
    with desk.sessions() as session:
        return list(session.scalars(select(Removal).order_by(Removal.id)))


def places(desk: SmallDesk, state: RemovalState) -> set[tuple[str | None, ...]]:
    return {(row.channel, row.ts, row.slack_file_id) for row in removals(desk) if row.state is state}


def test_every_message_and_file_of_guichets_about_a_ticket_is_queued(small_desk: SmallDesk) -> None:
    ticket = small_desk.open(small_desk.draft(files=[NewFile("F1", "plan.png", "image/png", 10)]))
    _remember_all_kinds(small_desk, ticket)
    small_desk.do(lambda uow: remove_posts_of(uow, ticket.id))
    assert places(small_desk, RemovalState.WAITING) == {
        ("D1", "1.1", None),
        ("C1", "1.2", None),
        ("C1", "1.3", None),
        ("D1", "1.4", None),
        ("C1", "1.5", None),
        (None, None, "FCOPY"),
    }
    assert {row.ticket_id for row in removals(small_desk)} == {ticket.id}
    for table in (MessageReference, FormerMessageReference, FileCopy, TicketMessage):
        assert small_desk.count(table) == 0


def _remember_all_kinds(desk: SmallDesk, ticket: Ticket) -> None:
    with desk.sessions.begin() as session:
        create_message_reference(session, ticket.id, channel="D1", ts="1.1")
        session.add(
            FormerMessageReference(channel="C1", ts="1.2", ticket_id=ticket.id, kind=DeliveryKind.TRIAGE_CARD)
        )
        session.add(TicketMessage(channel="C1", ts="1.3", ticket_id=ticket.id))
        camille = ticket.requester_id
        session.add(
            MessageDraft(
                person_id=camille,
                channel="D1",
                written_at=NOW,
                expires_at=NOW + DAY,
                answer_channel="D1",
                answer_ts="1.4",
                ticket_id=ticket.id,
            )
        )
        departure = Departure(
            person_id=camille,
            team_id="assistance",
            channel="C1",
            left_at=NOW,
            message_channel="C1",
            message_ts="1.5",
        )
        session.add(departure)
        session.flush()
        session.add(ReleasedTicket(departure_id=departure.id, ticket_id=ticket.id))
        file = session.scalars(select(Attachment)).one()
        session.add(FileCopy(slack_file_id="FCOPY", attachment_id=file.id, delivery_key="k"))


def test_replies_are_deleted_before_the_message_above_them(small_desk: SmallDesk) -> None:
    ticket = small_desk.open()
    with small_desk.sessions.begin() as session:
        create_message_reference(session, ticket.id, channel="D1", ts="1.1")
        for ts in ("1.2", "1.3"):
            session.add(TicketMessage(channel="D1", ts=ts, ticket_id=ticket.id, thread_ts="1.1"))
    small_desk.do(lambda uow: remove_posts_of(uow, ticket.id))
    assert [row.ts for row in removals(small_desk)] == ["1.3", "1.2", "1.1"]


def test_what_people_wrote_and_uploaded_is_listed_with_its_author(
    small_desk: SmallDesk, camille: Actor, karim: Actor
) -> None:
    draft = small_desk.draft(
        files=[NewFile("F1", "plan.png", "image/png", 10)],
        source="https://univ.slack.com/archives/C9/p1764000000000100?thread_ts=1764000000.000050&cid=C9",
    )
    ticket = small_desk.open(draft)
    note = NewComment("vu", [NewFile("F2", "b.png", "image/png", 1)], channel="C1", ts="2.1", thread_ts="1.1")
    small_desk.do(lambda uow: write(uow, ticket.id, Action.NOTE, note), karim)
    form = NewComment("d’un formulaire", submission="s")
    small_desk.do(lambda uow: write(uow, ticket.id, Action.COMMENT, form), camille)
    small_desk.do(lambda uow: remove_posts_of(uow, ticket.id))
    listed = [row for row in removals(small_desk) if row.state is RemovalState.OTHERS]
    assert {(row.kind, row.channel, row.ts, row.slack_file_id, row.owner) for row in listed} == {
        (RemovalKind.MESSAGE, "C1", "2.1", None, karim.slack_id),
        (RemovalKind.MESSAGE, "C9", "1764000000.000100", None, None),
        (RemovalKind.FILE, None, None, "F1", camille.slack_id),
        (RemovalKind.FILE, None, None, "F2", karim.slack_id),
    }


def test_the_messages_that_a_ticket_was_filed_from_are_listed_after_their_draft_is_gone(
    small_desk: SmallDesk, camille: Actor
) -> None:
    ticket = small_desk.open()

    def use(uow: UnitOfWork) -> None:
        draft = MessageDraft(
            person_id=camille.id,
            channel="D1",
            messages=[DraftMessage("3.1", "en panne")],
            written_at=NOW,
            expires_at=NOW + DAY,
            answer_channel="D1",
            answer_ts="3.2",
            revision=0,
        )
        uow.session.add(draft)
        uow.session.flush()
        mark_used(uow, draft, uow.session.get_one(Ticket, ticket.id), is_new=True)

    small_desk.do(use, camille)
    small_desk.do(delete_message_drafts, now=NOW + 2 * DAY)
    small_desk.do(lambda uow: remove_posts_of(uow, ticket.id))
    assert places(small_desk, RemovalState.OTHERS) == {("D1", "3.1", None)}
    assert ("D1", "3.2", None) in places(small_desk, RemovalState.WAITING)


def test_nothing_more_is_sent_about_the_ticket(small_desk: SmallDesk) -> None:
    ticket = small_desk.open()
    small_desk.do(lambda uow: remove_posts_of(uow, ticket.id))
    with small_desk.sessions() as session:
        pending = select(Delivery.kind).where(Delivery.state == DeliveryState.PENDING)
        assert set(session.scalars(pending)) <= {DeliveryKind.HOME}


def test_what_is_queued_twice_is_deleted_at_the_earlier_time(small_desk: SmallDesk) -> None:
    for days in (7, 3, 5):
        at = NOW + days * DAY
        small_desk.do(lambda uow: remove_message(uow, "D1", "1.1", at=at))  # noqa: B023 (done at once)
        small_desk.do(lambda uow: remove_file(uow, "F1", at=at))  # noqa: B023 (done at once)
    assert [row.due_at for row in removals(small_desk)] == [NOW + 3 * DAY] * 2
