"""What people say to each other: replies, answers, notes; what becomes of their edits and deletions."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from pytest_mock import MockerFixture
from sqlalchemy import select, update

from bot.context.actor import Actor
from bot.delivery.errors import Retryable, Superseded
from bot.delivery.rendering.render import render
from bot.delivery.rendering.rendered import FileRemoval, RenderedFile, RenderedMessage
from bot.services.tickets import attachments, history
from bot.services.tickets.comments import edits, threads
from bot.services.tickets.comments.early_changes import EditedMessage
from bot.services.tickets.comments.threads import Thread, ThreadMessage
from models.errors import NotRecorded, RoleRefused, SlackUnavailable, TransitionRefused
from models.fields import FieldRefused
from models.lifecycle import Action, HoldReason, Role, Status
from models.outbox.delivery import Delivery
from models.outbox.details import CommentDetails, FileDetails, FileRemovalDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.message_reference import MessageReference
from models.tickets.attachment import Attachment, AttachmentReason, AttachmentState, FileCopy
from models.tickets.comment import PART_MAX, Comment
from models.tickets.draft import NewFile
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from tests.support.factories import create_message_reference, create_outage
from tests.support.scenarios import (
    CHANNEL,
    DIRECT,
    again,
    cards,
    head,
    hear,
    note,
    reply,
    requalify,
    ticket_in_state,
)
from tests.support.use_case_desk import MINUTE, NOW, SmallDesk, at_once

PHOTO = NewFile("F1", "photo.png", "image/png", 12)


def comment_texts(desk: SmallDesk) -> list[Comment]:
    """Every comment, in order."""
    with desk.sessions() as session:
        return list(session.scalars(select(Comment).order_by(Comment.id)))


def queued(desk: SmallDesk, kind: DeliveryKind = DeliveryKind.COMMENT) -> list[Delivery]:
    return [delivery for delivery in desk.deliveries() if delivery.kind is kind]


def edit(desk: SmallDesk, text: str, *, channel: str = DIRECT, ts: str = "9.001") -> bool:
    return desk.do(lambda uow: edits.edit(uow, EditedMessage(channel, ts, text)), now=NOW + MINUTE)


def delete(desk: SmallDesk, *, channel: str = DIRECT, ts: str = "9.001") -> bool:
    return desk.do(lambda uow: edits.delete(uow, channel, ts), now=NOW + MINUTE)


# Replies


def test_a_reply_is_a_line_of_history_whose_words_stand_in_a_comment(
    small_desk: SmallDesk, karim: Actor
) -> None:
    ticket = reply(small_desk, small_desk.open(), karim, " Bonjour,\n  essayez encore. ")
    event, [comment] = small_desk.history(ticket)[-1], comment_texts(small_desk)
    assert (event.action, event.text, event.surface) == (Action.REPLY, None, "form")
    assert (comment.event_id, comment.author_id, comment.is_internal) == (event.id, karim.id, False)
    assert (comment.text, comment.channel, comment.ts) == (" Bonjour,\n  essayez encore. ", None, None)


def test_a_question_makes_the_ticket_wait_for_the_answer(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = reply(small_desk, small_desk.ticket_in_state(Action.TAKE), karim, "Quelle salle ?", waits=True)
    assert (ticket.status, ticket.hold_reason) == (Status.PENDING, HoldReason.REQUESTER)


@pytest.mark.parametrize("status", [Action.RESOLVE, Action.TAKE])
def test_a_reply_alone_changes_nothing_else(small_desk: SmallDesk, karim: Actor, status: Action) -> None:
    ticket = small_desk.ticket_in_state(status)
    assert reply(small_desk, ticket, karim, "Bonjour.").status is ticket.status


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize(("name", "teams"), [("lea", ["reseau"]), ("oliver", []), ("camille", [])])
def test_only_the_tickets_team_replies(
    small_desk: SmallDesk, name: str, teams: list[str], waits: bool
) -> None:
    ticket = small_desk.ticket_in_state(Action.TAKE)
    with pytest.raises(RoleRefused):
        reply(small_desk, ticket, small_desk.actor(name, *teams), "Bonjour.", waits=waits)
    assert comment_texts(small_desk) == []


def test_a_question_needs_an_open_ticket(small_desk: SmallDesk, karim: Actor) -> None:
    with pytest.raises(TransitionRefused):
        reply(small_desk, small_desk.ticket_in_state(Action.TAKE, Action.ASK), karim, "Où ?", waits=True)


def test_nobody_replies_on_a_closed_ticket(small_desk: SmallDesk, karim: Actor) -> None:
    with pytest.raises(TransitionRefused):
        reply(small_desk, small_desk.ticket_in_state(Action.CANCEL), karim, "Bonjour.")


@pytest.mark.parametrize("blank", ["", "  \n"])
def test_a_reply_without_words_or_files_is_refused(small_desk: SmallDesk, karim: Actor, blank: str) -> None:
    ticket = small_desk.open()
    with pytest.raises(FieldRefused) as refused:
        reply(small_desk, ticket, karim, blank)
    assert (refused.value.field, refused.value.reason) == ("text", "missing")
    with pytest.raises(FieldRefused):
        note(small_desk, ticket, karim, blank)
    assert again(small_desk, ticket).event_count == 1


def test_a_file_alone_is_a_reply(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = reply(small_desk, small_desk.open(), karim, "", files=[PHOTO])
    [comment] = comment_texts(small_desk)
    assert (comment.text, small_desk.history(ticket)[-1].text) == ("", None)
    assert [each.recipient for each in queued(small_desk, DeliveryKind.FILE)] == [
        "team:assistance",
        f"dm:{ticket.requester_id}",
    ]


def test_the_files_of_a_reply_are_its_own(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = reply(small_desk, small_desk.open(), karim, "Voici.", files=[PHOTO])
    with small_desk.sessions() as session:
        [file] = attachments.attachments(session, ticket, {Role.REQUESTER})
        assert file.comment is not None
        assert (file.comment.text, file.is_internal) == ("Voici.", False)


# Notes


def test_a_note_is_internal(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = note(small_desk, small_desk.open(), karim, "Le doyen a renversé son café.")
    [comment] = comment_texts(small_desk)
    assert comment.is_internal is True
    assert (ticket.status, small_desk.history(ticket)[-1].action) == (Status.NEW, Action.NOTE)


def test_what_is_typed_under_the_teams_card_is_a_note(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = ticket_in_state(small_desk)
    hear(small_desk, ticket, karim, "Vu avec Léa.", channel=CHANNEL, files=[PHOTO])
    [comment] = comment_texts(small_desk)
    assert (comment.text, comment.is_internal, comment.channel) == ("Vu avec Léa.", True, CHANNEL)
    with small_desk.sessions() as session:
        [file] = session.scalars(select(Attachment))
    assert file.is_internal is True
    assert [each.recipient for each in queued(small_desk, DeliveryKind.FILE)] == ["team:assistance"]


def test_a_technicians_note_on_their_own_ticket_is_no_message_of_theirs(
    small_desk: SmallDesk, karim: Actor
) -> None:
    ticket = small_desk.open(by=karim)
    cards(small_desk, ticket)
    hear(small_desk, ticket, karim, "Pour l’équipe.", channel=CHANNEL)
    assert small_desk.history(ticket)[-1].action is Action.NOTE


def test_who_is_no_longer_in_the_team_writes_no_note(small_desk: SmallDesk) -> None:
    ticket = ticket_in_state(small_desk)
    for name in ("lea", "camille"):
        with pytest.raises(RoleRefused):
            hear(small_desk, ticket, small_desk.actor(name), "Bonjour.", channel=CHANNEL)
    assert comment_texts(small_desk) == []


# What the requester writes


@pytest.mark.parametrize(
    ("before", "action", "status"),
    [
        ([], Action.COMMENT, Status.NEW),
        ([Action.TAKE], Action.COMMENT, Status.IN_PROGRESS),
        ([Action.TAKE, Action.ASK], Action.ANSWER, Status.IN_PROGRESS),
        ([Action.TAKE, Action.HOLD], Action.ANSWER, Status.IN_PROGRESS),
        ([Action.RESOLVE], Action.COMMENT, Status.RESOLVED),
        ([Action.CANCEL], Action.COMMENT, Status.CLOSED),
    ],
)
def test_what_the_requester_types_under_their_card_is_for_the_team(
    small_desk: SmallDesk, camille: Actor, before: list[Action], action: Action, status: Status
) -> None:
    """A pending ticket wakes up."""
    ticket = ticket_in_state(small_desk, *before)
    hear(small_desk, ticket, camille, "Salle B204.", now=NOW + 9 * MINUTE)
    event, comment = small_desk.history(ticket)[-1], comment_texts(small_desk)[-1]
    assert (event.action, event.surface, event.to_status) == (action, "thread", status)
    assert (comment.text, comment.is_internal, again(small_desk, ticket).status) == (
        "Salle B204.",
        False,
        status,
    )


def test_a_file_alone_is_an_answer(small_desk: SmallDesk, camille: Actor) -> None:
    """A photo is what the technician asked for."""
    ticket = ticket_in_state(small_desk, Action.TAKE, Action.ASK)
    hear(small_desk, ticket, camille, "", files=[PHOTO])
    assert again(small_desk, ticket).status is Status.IN_PROGRESS
    assert [each.recipient for each in queued(small_desk, DeliveryKind.FILE)] == ["team:assistance"]


def test_nobody_else_writes_under_the_requesters_card(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = ticket_in_state(small_desk)
    with pytest.raises(RoleRefused):
        hear(small_desk, ticket, karim, "Bonjour.")


def test_what_is_typed_elsewhere_is_not_kept(small_desk: SmallDesk, camille: Actor) -> None:
    ticket = ticket_in_state(small_desk)
    typed = ThreadMessage(DIRECT, "9.001", "1.999", "Bonjour.")
    with pytest.raises(NotRecorded) as refused:
        small_desk.do(lambda uow: threads.receive(uow, typed), camille)
    assert refused.value.handed_over is False
    assert (again(small_desk, ticket).event_count, comment_texts(small_desk)) == (1, [])


def test_what_is_typed_under_a_card_that_moved_is_not_kept(small_desk: SmallDesk, karim: Actor) -> None:
    """Not even what somebody types who is in both teams: nobody looks there any more."""
    ticket = ticket_in_state(small_desk, Action.TRANSFER)
    moved(small_desk, ticket)
    for author in (karim, small_desk.actor("lea", "assistance", "reseau")):
        with pytest.raises(NotRecorded) as refused:
            hear(small_desk, ticket, author, "Vu avec Léa.", channel=CHANNEL)
        assert refused.value.handed_over is True
    assert (again(small_desk, ticket).event_count, comment_texts(small_desk)) == (2, [])


def test_what_is_typed_under_the_card_of_a_former_team_is_not_kept_before_the_card_says_so(
    small_desk: SmallDesk,
) -> None:
    """Not even what somebody types who is in both teams: the other team would not see it in its thread."""
    ticket = ticket_in_state(small_desk, Action.TRANSFER)
    both = small_desk.actor("lea", "assistance", "reseau")
    with pytest.raises(NotRecorded) as refused:
        hear(small_desk, ticket, both, "Vu avec Léa.", channel=CHANNEL)
    assert refused.value.handed_over is True
    assert comment_texts(small_desk) == []


def test_what_was_kept_before_a_hand_over_is_not_refused_when_slack_sends_it_again(
    small_desk: SmallDesk, karim: Actor
) -> None:
    ticket = ticket_in_state(small_desk)
    hear(small_desk, ticket, karim, "Vu avec Léa.", channel=CHANNEL)
    ticket = requalify(small_desk, ticket, karim, team="reseau", why="C’est le réseau.")
    moved(small_desk, ticket)
    hear(small_desk, ticket, karim, "Vu avec Léa.", channel=CHANNEL)
    assert [each.text for each in comment_texts(small_desk)] == ["Vu avec Léa."]


@pytest.mark.parametrize("says_so", [True, False])
def test_a_note_under_the_card_of_before_the_ticket_came_back_is_posted_under_the_present_card(
    small_desk: SmallDesk, karim: Actor, says_so: bool
) -> None:
    """`says_so`: the former card was edited already; else it will be."""
    ticket = ticket_in_state(small_desk)
    gone = requalify(small_desk, ticket, karim, team="reseau", why="C’est le réseau.")
    if says_so:
        moved(small_desk, gone)
    lea = small_desk.actor("lea", "reseau")
    ticket = requalify(small_desk, gone, lea, team="assistance", why="C’est le poste.")
    hear(small_desk, ticket, karim, "Vu avec Léa.", channel=CHANNEL, files=[PHOTO])
    assert [each.recipient for each in queued(small_desk, DeliveryKind.COMMENT)] == ["team:assistance"]
    if not says_so:
        moved(small_desk, gone)
    card = {"recipient": "team:assistance", "kind": DeliveryKind.TRIAGE_CARD}
    with small_desk.sessions.begin() as session:
        create_message_reference(session, ticket.id, **card, channel=CHANNEL, ts="9.000")
    [file] = queued(small_desk, DeliveryKind.FILE)
    with small_desk.sessions() as session:
        rendered_file = render(session, file, locale="fr")
    assert isinstance(rendered_file, RenderedFile)
    assert (rendered_file.channel, rendered_file.thread_ts) == (CHANNEL, "9.000")


def test_what_is_typed_under_an_outage_is_not_kept(small_desk: SmallDesk) -> None:
    declare(small_desk, ts="5.000")
    typed = ThreadMessage(CHANNEL, "9.001", "5.000", "Vu avec Léa.")
    lea = small_desk.actor("lea", "reseau")
    with pytest.raises(NotRecorded) as refused:
        small_desk.do(lambda uow: threads.receive(uow, typed), lea)
    assert refused.value.handed_over is False
    assert comment_texts(small_desk) == []


def moved(desk: SmallDesk, ticket: Ticket) -> None:
    """The team's card says that the ticket went on."""
    with desk.sessions.begin() as session:
        card = session.scalars(
            select(MessageReference).where(
                MessageReference.ticket_id == ticket.id, MessageReference.kind == DeliveryKind.TRIAGE_CARD
            )
        ).one()
        card.kind, card.event_number = DeliveryKind.MOVED, ticket.event_count


def declare(desk: SmallDesk, *, ts: str) -> None:
    """An outage whose card stands in the channel."""
    with desk.sessions.begin() as session:
        create_outage(session, declared_by_id=desk.actor("lea").id, channel=CHANNEL, ts=ts)


def test_a_thread_is_the_tickets_whose_message_heads_it(small_desk: SmallDesk) -> None:
    first, second = ticket_in_state(small_desk), ticket_in_state(small_desk)
    with small_desk.sessions() as session:
        for ticket in (first, second):
            for channel, is_teams in ((DIRECT, False), (CHANNEL, True)):
                thread = threads.thread_at(session, channel, head(ticket), writer="U0CAMILLE")
                assert thread == Thread(ticket.id, is_teams=is_teams)
        assert threads.thread_at(session, "C0AUTRE", head(first), writer="U0CAMILLE") is None


def test_words_under_a_card_whose_answer_was_lost_are_to_be_told_again(small_desk: SmallDesk) -> None:
    """The card stands in Slack; where, is known once its delivery is settled."""
    ticket = ticket_in_state(small_desk)
    ts = f"{(NOW + timedelta(seconds=2)).timestamp():.6f}"
    with small_desk.sessions.begin() as session:
        for row in session.scalars(select(Delivery).where(Delivery.ticket_id == ticket.id)):
            row.started_at = NOW
    with small_desk.sessions() as session:
        for channel in ("C0ASSIST", "D0CAMILLE"):
            with pytest.raises(SlackUnavailable):
                threads.thread_at(session, channel, ts, writer="U0CAMILLE")
        for channel, writer in (("C0AUTRE", "U0CAMILLE"), ("D0KARIM", "U0KARIM")):
            assert threads.thread_at(session, channel, ts, writer=writer) is None
        assert threads.thread_at(session, "C0ASSIST", "5.000", writer="U0CAMILLE") is None


def test_words_under_a_card_that_is_saved_while_it_is_looked_for_are_the_tickets(
    small_desk: SmallDesk, mocker: MockerFixture
) -> None:
    """The worker completes the card's delivery between two reads."""
    ticket = ticket_in_state(small_desk)
    root = head(ticket)
    with small_desk.sessions.begin() as session:
        session.execute(update(MessageReference).values(ts="5.000"))

    def is_completed(*_: object) -> bool:
        with small_desk.sessions.begin() as session:
            session.execute(update(MessageReference).values(ts=root))
        return False

    mocker.patch.object(threads, "_may_be_ours", is_completed)
    with small_desk.sessions() as session:
        found = threads.thread_at(session, DIRECT, root, writer="U0CAMILLE")
    assert found == Thread(ticket.id, is_teams=False)


def test_a_card_that_moved_and_an_outages_head_threads_of_teams_too(small_desk: SmallDesk) -> None:
    ticket = ticket_in_state(small_desk, Action.TRANSFER)
    moved(small_desk, ticket)
    declare(small_desk, ts="5.000")
    with small_desk.sessions() as session:
        assert threads.thread_at(session, CHANNEL, head(ticket), writer="U0CAMILLE") == Thread(
            ticket.id, is_teams=True
        )
        found = threads.thread_at(session, CHANNEL, "5.000", writer="U0CAMILLE")
        assert found == Thread(None, is_teams=True, outage_id=1)
        assert threads.thread_at(session, DIRECT, "5.000", writer="U0CAMILLE") is None


# Once


@pytest.mark.parametrize("send", [reply, note])
def test_the_same_form_sent_twice_is_one_comment(
    small_desk: SmallDesk, karim: Actor, send: Callable[..., Ticket]
) -> None:
    ticket = small_desk.open()
    first = send(small_desk, ticket, karim, "Bonjour.", submission="une")
    sent = len(small_desk.deliveries())
    assert send(small_desk, ticket, karim, " Bonjour.", submission="une").id == first.id
    assert ([each.text for each in comment_texts(small_desk)], again(small_desk, ticket).event_count) == (
        ["Bonjour."],
        2,
    )
    assert len(small_desk.deliveries()) == sent


@pytest.mark.parametrize("send", [reply, note])
def test_two_forms_that_say_the_same_are_two_comments(
    small_desk: SmallDesk, karim: Actor, send: Callable[..., Ticket]
) -> None:
    ticket = small_desk.open()
    for submission in ("une", "autre"):
        send(small_desk, ticket, karim, "Bonjour.", submission=submission)
    assert [each.submission for each in comment_texts(small_desk)] == ["une", "autre"]


def test_a_question_sent_twice_is_one_whatever_became_of_the_ticket(
    small_desk: SmallDesk, karim: Actor
) -> None:
    """The first one made it wait: the second is no refusal."""
    ticket = small_desk.ticket_in_state(Action.TAKE)
    for _time in range(2):
        asked = reply(small_desk, ticket, karim, "Quelle salle ?", waits=True, submission="une")
    assert (asked.status, small_desk.count(Comment)) == (Status.PENDING, 1)


def test_the_same_form_sent_at_once_is_one_comment(shared_desk: SmallDesk) -> None:
    ticket, karim = shared_desk.open(), shared_desk.actor("karim", "assistance")
    at_once([lambda: reply(shared_desk, ticket, karim, "Bonjour.", submission="une")] * 4)
    assert [each.text for each in comment_texts(shared_desk)] == ["Bonjour."]
    assert again(shared_desk, ticket).event_count == 2


@pytest.mark.parametrize(("channel", "who"), [(DIRECT, "camille"), (CHANNEL, "karim")])
def test_the_same_message_heard_twice_is_one_comment(small_desk: SmallDesk, channel: str, who: str) -> None:
    """Slack sends an event again when its acknowledgement was late."""
    ticket, author = (
        ticket_in_state(small_desk),
        small_desk.actor(who, *(["assistance"] if who == "karim" else [])),
    )
    for _time in range(2):
        hear(small_desk, ticket, author, "Salle B204.", channel=channel, files=[PHOTO])
    assert (small_desk.count(Comment), small_desk.count(Attachment), small_desk.count(Event)) == (1, 1, 2)


def test_the_same_message_heard_at_once_is_one_comment(shared_desk: SmallDesk) -> None:
    ticket, camille = ticket_in_state(shared_desk, Action.TAKE, Action.ASK), shared_desk.actor("camille")
    before = shared_desk.count(Comment)
    at_once([lambda: hear(shared_desk, ticket, camille, "Salle B204.")] * 2)
    assert shared_desk.count(Comment) == before + 1
    actions = [event.action for event in shared_desk.history(ticket)]
    assert actions == [Action.OPEN, Action.TAKE, Action.ASK, Action.ANSWER]


def test_two_people_who_write_at_once_are_both_heard(shared_desk: SmallDesk) -> None:
    ticket, camille = ticket_in_state(shared_desk), shared_desk.actor("camille")
    karim = shared_desk.actor("karim", "assistance")
    at_once(
        [
            lambda: hear(shared_desk, ticket, camille, "Salle B204."),
            lambda: hear(shared_desk, ticket, karim, "J’y vais.", channel=CHANNEL),
        ]
    )
    assert sorted(comment.text for comment in comment_texts(shared_desk)) == ["J’y vais.", "Salle B204."]
    assert [event.number for event in shared_desk.history(ticket)] == [1, 2, 3]


# Edits and deletions


def test_an_edit_follows(small_desk: SmallDesk, camille: Actor) -> None:
    ticket = ticket_in_state(small_desk)
    hear(small_desk, ticket, camille, "Sale B204.")
    assert edit(small_desk, "Salle B204.") is True
    [comment] = comment_texts(small_desk)
    assert (comment.text, comment.edited_at, comment.revision) == ("Salle B204.", NOW + MINUTE, 1)
    with small_desk.sessions() as session:
        line = history.history(session, ticket, {Role.REQUESTER})[-1]
    assert (line.text, line.is_edited, line.is_deleted) == ("Salle B204.", True, False)


def test_an_edit_is_told_where_the_words_were(small_desk: SmallDesk, camille: Actor) -> None:
    ticket = ticket_in_state(small_desk)
    hear(small_desk, ticket, camille, "Sale B204.")
    edit(small_desk, "Salle B204.")
    edit(small_desk, "Salle B205.")
    told = [(each.recipient, each.method, each.event_number) for each in queued(small_desk)]
    assert told == [
        ("team:assistance", "chat.postMessage", 2),
        ("team:assistance", "chat.update", 2),
        ("team:assistance", "chat.update", 2),
    ]
    assert len({each.key for each in queued(small_desk)}) == 3


def test_an_edited_note_of_the_thread_is_told_to_nobody(small_desk: SmallDesk, karim: Actor) -> None:
    ticket = ticket_in_state(small_desk)
    hear(small_desk, ticket, karim, "Vu avec Léa.", channel=CHANNEL)
    assert edit(small_desk, "Vu avec Karim.", channel=CHANNEL) is True
    assert comment_texts(small_desk)[0].text == "Vu avec Karim."
    assert queued(small_desk) == []


def test_an_edit_that_says_the_same_is_none(small_desk: SmallDesk, camille: Actor) -> None:
    """Slack sends one when it unfurls a link."""
    hear(small_desk, ticket_in_state(small_desk), camille, "Salle B204.")
    before = len(small_desk.deliveries())
    assert edit(small_desk, "Salle B204.") is False
    assert (comment_texts(small_desk)[0].revision, len(small_desk.deliveries())) == (0, before)


@pytest.mark.parametrize("change", [lambda desk: edit(desk, "Rien."), delete], ids=["edit", "delete"])
def test_a_message_that_was_never_heard_is_not_followed(
    small_desk: SmallDesk, change: Callable[[SmallDesk], bool]
) -> None:
    ticket_in_state(small_desk)
    assert change(small_desk) is False


def test_deleted_words_leave_the_desk_and_the_line_stays(small_desk: SmallDesk, camille: Actor) -> None:
    ticket = ticket_in_state(small_desk)
    hear(small_desk, ticket, camille, "Mon mot de passe est 1234.")
    assert delete(small_desk) is True
    [comment] = comment_texts(small_desk)
    assert (comment.text, comment.deleted_at) == ("", NOW + MINUTE)
    with small_desk.sessions() as session:
        lines = history.history(session, ticket, {Role.TECHNICIAN})
    assert (lines[-1].text, lines[-1].is_deleted) == (None, True)
    assert "1234" not in again(small_desk, ticket).search_text


def test_a_deleted_message_stays_deleted(small_desk: SmallDesk, camille: Actor) -> None:
    hear(small_desk, ticket_in_state(small_desk), camille, "Salle B204.")
    delete(small_desk)
    assert (delete(small_desk), edit(small_desk, "Salle B204.")) == (False, False)
    assert comment_texts(small_desk)[0].text == ""


def test_a_message_that_was_deleted_and_is_heard_again_stays_deleted(
    small_desk: SmallDesk, camille: Actor
) -> None:
    ticket = ticket_in_state(small_desk)
    hear(small_desk, ticket, camille, "Salle B204.")
    delete(small_desk)
    hear(small_desk, ticket, camille, "Salle B204.")
    assert [comment.text for comment in comment_texts(small_desk)] == [""]


# Files of deleted messages


def sent_files(desk: SmallDesk) -> list[Delivery]:
    """Every copy that waits to be posted was posted, under a number of its own."""
    with desk.sessions.begin() as session:
        query = select(Delivery).where(Delivery.kind == DeliveryKind.FILE).order_by(Delivery.id)
        copies = session.scalars(query).all()
        for copy in copies:
            number, file = f"FCOPY{copy.id}", copy.details_as(FileDetails).attachment_id
            session.add(FileCopy(slack_file_id=number, attachment_id=file, delivery_key=copy.key))
        return list(copies)


def removals(desk: SmallDesk) -> list[Delivery]:
    return [each for each in queued(desk, DeliveryKind.FILE) if isinstance(each.details, FileRemovalDetails)]


def rendered_removal(desk: SmallDesk, removal: Delivery) -> FileRemoval:
    """What is to be taken back."""
    with desk.sessions() as session:
        rendered = render(session, removal, locale="fr")
    assert isinstance(rendered, FileRemoval)
    return rendered


def test_the_files_of_a_deleted_message_are_no_longer_to_be_had(
    small_desk: SmallDesk, camille: Actor
) -> None:
    ticket = ticket_in_state(small_desk)
    hear(small_desk, ticket, camille, "Voici.", files=[PHOTO, NewFile("F2", "vue.png", "image/png", 1)])
    delete(small_desk)
    with small_desk.sessions() as session:
        files = attachments.attachments(session, ticket, {Role.REQUESTER})
    assert [(file.state, file.reason) for file in files] == [
        (AttachmentState.FAILED, AttachmentReason.DELETED)
    ] * 2


def test_the_posted_copies_of_a_deleted_messages_file_are_taken_back(
    small_desk: SmallDesk, camille: Actor
) -> None:
    hear(small_desk, ticket_in_state(small_desk), camille, "Voici.", files=[PHOTO])
    [copy] = sent_files(small_desk)
    delete(small_desk)
    [removal] = removals(small_desk)
    assert (removal.recipient, removal.team_id, removal.method) == (
        "team:assistance",
        "assistance",
        "files.delete",
    )
    assert rendered_removal(small_desk, removal).copies == [f"FCOPY{copy.id}"]


def test_the_copy_that_followed_the_ticket_to_another_team_is_taken_back_too(
    small_desk: SmallDesk, camille: Actor, karim: Actor
) -> None:
    ticket = ticket_in_state(small_desk)
    hear(small_desk, ticket, camille, "Voici.", files=[PHOTO])
    requalify(small_desk, ticket, karim, team="reseau", why="C’est le réseau.")
    copies = sent_files(small_desk)
    delete(small_desk)
    taken = removals(small_desk)
    assert [each.recipient for each in taken] == ["team:assistance", "team:reseau"]
    assert set(rendered_removal(small_desk, taken[0]).copies) == {f"FCOPY{copy.id}" for copy in copies}


def test_a_file_that_was_not_posted_yet_is_not_posted(small_desk: SmallDesk, camille: Actor) -> None:
    hear(small_desk, ticket_in_state(small_desk), camille, "Voici.", files=[PHOTO])
    delete(small_desk)
    waiting, removal = queued(small_desk, DeliveryKind.FILE)
    assert rendered_removal(small_desk, removal).copies == []
    with small_desk.sessions() as session, pytest.raises(Superseded):
        render(session, waiting, locale="fr")


def test_the_files_of_other_messages_stay(small_desk: SmallDesk, camille: Actor) -> None:
    """The tenth and the twentieth too, whose numbers end alike."""
    ticket = ticket_in_state(small_desk)
    for number in range(1, 22):
        hear(small_desk, ticket, camille, "Voici.", ts=f"9.{number:03}", files=[PHOTO])
    copies = sent_files(small_desk)
    delete(small_desk)
    [removal] = removals(small_desk)
    assert rendered_removal(small_desk, removal).copies == [f"FCOPY{copies[0].id}"]
    with small_desk.sessions() as session:
        files = attachments.attachments(session, ticket, {Role.TECHNICIAN})
    assert [file.id for file in files if file.state is AttachmentState.FAILED] == [files[0].id]


def test_the_card_no_longer_shows_the_files_of_a_deleted_message(
    small_desk: SmallDesk, camille: Actor
) -> None:
    hear(small_desk, ticket_in_state(small_desk), camille, "Voici.", files=[PHOTO])
    before = len(queued(small_desk, DeliveryKind.TRIAGE_CARD))
    delete(small_desk)
    rendered_again = queued(small_desk, DeliveryKind.TRIAGE_CARD)[before:]
    assert [(each.recipient, each.method) for each in rendered_again] == [("team:assistance", "chat.update")]


# Words that take several messages


@pytest.mark.parametrize(
    ("length", "pieces"), [(0, 1), (1, 1), (PART_MAX, 1), (PART_MAX + 1, 2), (40_000, 5)]
)
def test_long_words_take_as_many_messages_as_they_need(length: int, pieces: int) -> None:
    text = "".join(chr(97 + number % 26) for number in range(length))
    comment = Comment()
    comment.write(text)
    assert (comment.pieces, comment.parts) == (pieces, pieces)
    assert "".join(comment.piece(part) for part in range(pieces)) == text
    assert all(len(comment.piece(part)) <= PART_MAX for part in range(pieces))


def post(desk: SmallDesk, delivery: Delivery) -> None:
    """The delivery was sent: its message stands."""
    assert delivery.ticket_id is not None
    with desk.sessions.begin() as session:
        create_message_reference(
            session,
            delivery.ticket_id,
            recipient=delivery.recipient,
            kind=delivery.kind,
            event_number=delivery.event_number,
            part=delivery.details_as(CommentDetails).part,
            channel=CHANNEL,
            ts=f"8.{delivery.id}",
        )


def rendered(desk: SmallDesk, delivery: Delivery) -> RenderedMessage:
    with desk.sessions() as session:
        rendered = render(session, delivery, locale="fr")
    assert isinstance(rendered, RenderedMessage)
    return rendered


def words(blocks: Any) -> str:
    """Every text of some blocks, in order."""
    if isinstance(blocks, Mapping):
        own = blocks["text"] if isinstance(blocks.get("text"), str) else ""
        return own + words(list(blocks.values()))
    return "".join(map(words, blocks)) if isinstance(blocks, list | tuple) else ""


def test_each_part_reads_as_it_was_typed(small_desk: SmallDesk, camille: Actor) -> None:
    text = "".join(chr(97 + number % 26) for number in range(20_000))
    hear(small_desk, ticket_in_state(small_desk), camille, text)
    parts = [words(list(rendered(small_desk, each).blocks)) for each in queued(small_desk)]
    assert "".join(parts) == f"Message de Camille{text}Répondre"


def test_an_edit_that_shortens_empties_what_is_left_over(small_desk: SmallDesk, camille: Actor) -> None:
    hear(small_desk, ticket_in_state(small_desk), camille, "a" * 20_000)
    for delivery in queued(small_desk):
        post(small_desk, delivery)
    edit(small_desk, "Salle B204.")
    assert (comment_texts(small_desk)[0].parts, comment_texts(small_desk)[0].pieces) == (3, 1)
    first, *rest = [rendered(small_desk, each) for each in queued(small_desk)[3:]]
    assert words(list(first.blocks)) == "Message de CamilleSalle B204.(modifié par son auteur)Répondre"
    assert [words(list(each.blocks)) for each in rest] == ["…", "…"]
    assert all(each.edit_ts for each in (first, *rest))


def test_an_edit_that_lengthens_posts_what_is_new(small_desk: SmallDesk, camille: Actor) -> None:
    ticket = ticket_in_state(small_desk)
    hear(small_desk, ticket, camille, "Salle B204.")
    post(small_desk, queued(small_desk)[0])
    edit(small_desk, "b" * PART_MAX + "c")
    first, second = [rendered(small_desk, each) for each in queued(small_desk)[1:]]
    assert (first.edit_ts is None, second.edit_ts, second.thread_ts) == (False, None, head(ticket))
    assert words(list(second.blocks)).startswith("c")


def test_a_comment_shortened_before_it_was_sent_posts_only_what_is_left(
    small_desk: SmallDesk, camille: Actor
) -> None:
    hear(small_desk, ticket_in_state(small_desk), camille, "a" * 20_000)
    edit(small_desk, "Salle B204.")
    first, second, third = queued(small_desk)[:3]
    assert "Salle B204." in words(list(rendered(small_desk, first).blocks))
    for delivery in (second, third):
        with pytest.raises(Superseded):
            rendered(small_desk, delivery)


def test_a_comment_deleted_before_it_was_sent_is_not_sent(small_desk: SmallDesk, camille: Actor) -> None:
    hear(small_desk, ticket_in_state(small_desk), camille, "Mon mot de passe est 1234.")
    delete(small_desk)
    for delivery in queued(small_desk):
        with pytest.raises(Superseded):
            rendered(small_desk, delivery)


def test_a_deleted_comment_that_was_sent_loses_its_words(small_desk: SmallDesk, camille: Actor) -> None:
    hear(small_desk, ticket_in_state(small_desk), camille, "1234" * 3_000)
    for delivery in queued(small_desk):
        post(small_desk, delivery)
    delete(small_desk)
    told = [rendered(small_desk, each) for each in queued(small_desk)[2:]]
    assert [words(list(each.blocks)) for each in told] == [
        "Message de Camille(supprimé par son auteur)",
        "…",
    ]
    assert all("1234" not in each.text for each in told)


def test_a_comment_that_was_on_its_way_goes_to_the_team_that_has_the_ticket_now(
    small_desk: SmallDesk, camille: Actor, karim: Actor
) -> None:
    """The team that lost the ticket does not read it; it waits for the new team's card."""
    ticket = ticket_in_state(small_desk)
    hear(small_desk, ticket, camille, "Salle B204.")
    requalify(small_desk, ticket, karim, team="reseau", why="C’est le réseau.")
    [delivery] = queued(small_desk)
    with pytest.raises(Retryable):
        rendered(small_desk, delivery)
    card = {"recipient": "team:reseau", "kind": DeliveryKind.TRIAGE_CARD}
    with small_desk.sessions.begin() as session:
        create_message_reference(session, ticket.id, **card, channel="C0RESEAU", ts="9.000")
    message = rendered(small_desk, delivery)
    assert (message.channel, message.thread_ts) == ("C0RESEAU", "9.000")


def test_an_edit_after_a_hand_over_is_not_for_the_former_team_but_a_deletion_is(
    small_desk: SmallDesk, camille: Actor, karim: Actor
) -> None:
    ticket = ticket_in_state(small_desk)
    hear(small_desk, ticket, camille, "Salle B204.")
    [first] = queued(small_desk)
    told = {"recipient": first.recipient, "kind": DeliveryKind.COMMENT, "ts": "9.000"}
    with small_desk.sessions.begin() as session:
        create_message_reference(
            session, ticket.id, **told, event_number=first.event_number, channel="C0ASSIST"
        )
    requalify(small_desk, ticket, karim, team="reseau", why="C’est le réseau.")
    assert edit(small_desk, "Salle B206.")
    with pytest.raises(Superseded):
        rendered(small_desk, queued(small_desk)[-1])
    assert delete(small_desk)
    assert rendered(small_desk, queued(small_desk)[-1]).edit_ts == "9.000"


def test_the_requester_reads_the_whole_reply_and_how_to_answer(small_desk: SmallDesk, karim: Actor) -> None:
    ticket: Ticket = reply(small_desk, small_desk.open(), karim, "d" * 10_000)
    to_requester = [each for each in queued(small_desk) if each.person_id]
    first, last = (words(list(rendered(small_desk, each).blocks)) for each in to_requester)
    assert first == f"n° {ticket.id} · Imprimante en panneRéponse de Karim" + "d" * PART_MAX
    how = "Pour répondre, appuyez sur « Répondre » ou écrivez dans le fil de ce message.".replace(
        "« R", "«\N{NO-BREAK SPACE}R"
    ).replace("e »", "e\N{NO-BREAK SPACE}»")
    assert last.startswith("d" * (10_000 - PART_MAX) + how)
