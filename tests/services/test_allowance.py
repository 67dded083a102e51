"""How much one person may send within 24 hours: whom it stops, when it ends, and what it never stops."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from bot.context.actor import Actor
from bot.context.settings import UseCaseSettings
from bot.services.outages.followers import follow
from models.errors import Limit, LimitReached
from models.lifecycle import Action
from models.person import ChannelMember, ChannelReading
from models.tickets.attachment import SIZE_MAX, Attachment, AttachmentState
from models.tickets.comment import Comment
from models.tickets.draft import NewFile
from models.tickets.ticket import Ticket
from tests.support.factories import create_outage
from tests.support.scenarios import CHANNEL, cards, hear, note, reply
from tests.support.use_case_desk import MINUTE, NOW, SmallDesk

DAY = timedelta(hours=24)
MEGABYTE = 1_000_000


@pytest.fixture
def desk(small_desk: SmallDesk) -> SmallDesk:
    """Where one person may send little."""
    return replace(
        small_desk, settings=UseCaseSettings(tickets_per_day=2, comments_per_day=2, attachments_mb_per_day=9)
    )


@pytest.fixture
def camille(desk: SmallDesk) -> Actor:
    return desk.actor("camille")


@pytest.fixture
def karim(desk: SmallDesk) -> Actor:
    """A technician of the default team."""
    return desk.actor("karim", "assistance")


@contextmanager
def refused(limit: Limit, most: int, until: datetime | None) -> Iterator[None]:
    with pytest.raises(LimitReached) as error:
        yield
    assert error.value == LimitReached(limit, most, until)


def file(name: str, megabytes: float) -> NewFile:
    return NewFile(name, f"{name}.png", "image/png", int(megabytes * MEGABYTE))


def write(desk: SmallDesk, ticket: Ticket, by: Actor, number: int, **more: Any) -> Ticket:
    """Type a message under one of the ticket's cards, a minute after the last."""
    now = more.pop("now", NOW + number * MINUTE)
    return hear(desk, ticket, by, f"Message {number}", ts=f"9.{number:03}", now=now, **more)


# Tickets


def test_who_has_filed_as_many_as_one_may_is_told_until_when(desk: SmallDesk, camille: Actor) -> None:
    for number in range(2):
        desk.open(now=NOW + number * MINUTE)
    with refused(Limit.TICKETS, 2, NOW + DAY):
        desk.open(now=NOW + 2 * MINUTE)
    assert desk.count(Ticket) == 2
    desk.open(by=desk.actor("lea"))  # nobody else is stopped


def test_what_is_a_day_old_counts_no_more(desk: SmallDesk) -> None:
    for number in range(2):
        desk.open(now=NOW + number * MINUTE)
    desk.open(now=NOW + DAY)
    with refused(Limit.TICKETS, 2, NOW + MINUTE + DAY):
        desk.open(now=NOW + DAY)


def test_a_form_that_is_sent_again_finds_its_ticket(desk: SmallDesk) -> None:
    draft = desk.draft()
    tickets = [desk.open(draft), desk.open(), desk.open(draft)]
    assert tickets[2].id == tickets[0].id


def test_a_technician_may_ten_times_as_much_for_whomever(desk: SmallDesk, karim: Actor) -> None:
    for _number in range(20):
        desk.open(by=karim)
    with refused(Limit.TICKETS, 20, NOW + DAY):
        desk.open(by=karim)


def test_a_technician_is_known_while_slack_does_not_say_so(desk: SmallDesk) -> None:
    karim = desk.actor("karim")
    with desk.sessions.begin() as session:
        session.add(ChannelReading(channel=CHANNEL, read_at=NOW))
        session.flush()
        session.add(ChannelMember(channel=CHANNEL, slack_id=karim.slack_id))
    for _number in range(3):
        desk.open(by=karim)
    assert desk.count(Ticket) == 3


def test_an_outage_may_always_be_followed(desk: SmallDesk, camille: Actor, karim: Actor) -> None:
    with desk.sessions.begin() as session:
        outage = create_outage(session, declared_by_id=karim.id)
    for _number in range(2):
        desk.open()
    assert desk.do(lambda uow: follow(uow, outage.id), camille).outage_id == outage.id


def test_without_limits_nothing_is_counted(small_desk: SmallDesk) -> None:
    statements = list[str]()
    engine = small_desk.sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    small_desk.open()
    assert [each for each in statements if "FROM event" in each] == []


# Comments


def test_a_message_too_many_is_refused_where_it_was_typed(desk: SmallDesk, camille: Actor) -> None:
    ticket = desk.open()
    cards(desk, ticket)
    for number in range(2):
        write(desk, ticket, camille, number)
    with refused(Limit.COMMENTS, 2, NOW + DAY):
        write(desk, ticket, camille, 2)
    assert desk.count(Comment) == 2
    write(desk, ticket, camille, 2, now=NOW + DAY)


def test_a_message_that_slack_tells_again_is_none_too_many(desk: SmallDesk, camille: Actor) -> None:
    ticket = desk.open()
    cards(desk, ticket)
    for number in (0, 1, 1, 0):
        write(desk, ticket, camille, number)
    assert desk.count(Comment) == 2


def test_replies_and_notes_count_together(desk: SmallDesk, karim: Actor) -> None:
    ticket = desk.open()
    cards(desk, ticket)
    for number in range(18):
        note(desk, ticket, karim, f"Note {number}")
    reply(desk, ticket, karim, "Bonjour")
    write(desk, ticket, karim, 0, channel=CHANNEL)
    with refused(Limit.COMMENTS, 20, NOW + DAY):
        reply(desk, ticket, karim, "Bonsoir")


def test_other_actions_count_for_nothing(desk: SmallDesk, camille: Actor, karim: Actor) -> None:
    ticket = desk.open()
    for _number in range(3):
        desk.act(ticket, Action.RESOLVE, karim, "Fait")
        desk.act(ticket, Action.REFUSE, camille, "Non")
    cards(desk, ticket)
    assert write(desk, ticket, camille, 0).id == ticket.id


# Attachments


def test_files_of_tickets_and_of_messages_count_together(desk: SmallDesk, camille: Actor) -> None:
    ticket = desk.open(desk.draft(files=[file("F1", 3), file("F2", 1)]))
    cards(desk, ticket)
    write(desk, ticket, camille, 1, files=[file("F3", 4)])
    with refused(Limit.FILES, 9, NOW + DAY):
        desk.open(desk.draft(files=[file("F4", 2)]), now=NOW + 2 * MINUTE)
    with refused(Limit.FILES, 9, NOW + MINUTE + DAY):  # it takes more room than the ticket's files leave
        write(desk, ticket, camille, 2, files=[file("F5", 6)])
    write(desk, ticket, camille, 3, files=[file("F6", 1)])
    assert (desk.count(Ticket), desk.count(Comment), desk.count(Attachment)) == (1, 2, 4)


def test_files_that_are_too_much_by_themselves_never_fit(desk: SmallDesk) -> None:
    with refused(Limit.FILES, 9, None):
        desk.open(desk.draft(files=[file("F1", 5), file("F2", 5)]))


def test_a_file_that_is_not_kept_anyway_stops_nothing(desk: SmallDesk) -> None:
    too_large = replace(file("F1", 0), size=SIZE_MAX + 1)
    desk.open(desk.draft(files=[too_large]))
    desk.open(desk.draft(files=[file("F2", 9)]))
    assert desk.count(Attachment) == 2


@pytest.mark.parametrize(
    ("state", "size", "is_refused"),
    [
        (AttachmentState.KEPT, 9 * MEGABYTE, True),  # Slack had not said how large it was
        (AttachmentState.FAILED, 9 * MEGABYTE, False),
    ],
)
def test_what_is_kept_counts_with_its_size_and_what_could_not_be_had_does_not(
    desk: SmallDesk, state: AttachmentState, size: int, is_refused: bool
) -> None:
    desk.open(desk.draft(files=[file("F1", 0)]))
    with desk.sessions.begin() as session:
        session.execute(update(Attachment).values(state=state, size=size))
    again = desk.draft(files=[file("F2", 1)])
    if is_refused:
        with refused(Limit.FILES, 9, NOW + DAY):
            desk.open(again)
    else:
        desk.open(again)
