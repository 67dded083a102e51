"""Who is told what, and where: the policy, action by action."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.context.actor import Actor
from bot.notifications.cards import refresh_card, refresh_home
from bot.notifications.policy import POLICY, Audience, Notice, When
from bot.notifications.recipients import HOME_FRESH
from models.lifecycle import Action, Impact, Status
from models.outbox.delivery import Delivery
from models.outbox.details import CommentDetails, MailDetails
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.person import ChannelMember, ChannelReading, Person
from models.tickets.draft import NewFile
from models.tickets.ticket import Ticket
from tests.support.factories import create_outage
from tests.support.scenarios import (
    CHANNEL,
    again,
    assign,
    cards,
    hear,
    hold,
    link,
    note,
    reply,
    requalify,
    ticket_in_state,
)
from tests.support.use_case_desk import MINUTE, NOW, SmallDesk

SURFACES = {"dm card", "team triage_card", "home home"}
CLOSED = {"dm decision", "mail closed"}
ASKED = Action.REQUEST_AGREEMENT
TAKE, ASK, HOLD, RESOLVE, APPROVE = Action.TAKE, Action.ASK, Action.HOLD, Action.RESOLVE, Action.APPROVE

# What was done before, what is done now, and what is sent then.
TOLD: list[tuple[list[Action], Action, set[str]]] = [
    ([], Action.OPEN, SURFACES | {"mail received"}),
    ([], TAKE, SURFACES),
    ([], Action.ASSIGN, SURFACES | {"team thread"}),
    ([TAKE], Action.REPLY, {"team triage_card", "home home", "dm comment", "team comment"}),
    ([TAKE], ASK, SURFACES | {"dm comment", "team comment"}),
    ([TAKE, ASK], Action.ANSWER, SURFACES | {"team comment", "dm prompt"}),
    ([], Action.COMMENT, {"team triage_card", "home home", "team comment"}),
    ([RESOLVE], Action.COMMENT, {"team triage_card", "home home", "team comment", "dm prompt"}),
    ([TAKE], Action.NOTE, {"team comment"}),
    ([TAKE], HOLD, SURFACES),
    ([TAKE, HOLD], Action.RESUME, SURFACES),
    ([TAKE, HOLD], Action.WAKE, SURFACES | {"team thread"}),
    ([], Action.REQUALIFY, SURFACES),
    ([], Action.EDIT, SURFACES | {"team thread"}),
    ([TAKE], Action.TRANSFER, SURFACES | {"team moved", "team thread"}),
    ([TAKE], RESOLVE, SURFACES | {"dm approval", "mail resolved"}),
    ([RESOLVE], APPROVE, SURFACES | {"dm settled", "dm prompt"}),
    ([RESOLVE], Action.RECORD_APPROVAL, SURFACES | {"dm settled", "dm prompt"} | CLOSED),
    ([RESOLVE], Action.REFUSE, SURFACES | {"dm settled", "dm prompt", "team thread"}),
    ([], Action.CANCEL, SURFACES | {"team thread"}),
    ([TAKE], Action.CANCEL, SURFACES | {"team thread"}),
    ([], Action.DUPLICATE, SURFACES | CLOSED),
    (
        [RESOLVE, APPROVE],
        Action.REOPEN,
        SURFACES | {"dm settled", "dm prompt", "dm decision_settled", "team thread"},
    ),
    ([RESOLVE, APPROVE], Action.RATE, {"dm settled", "team triage_card"}),
    ([RESOLVE, Action.COMMENT], Action.ASK_AGAIN, {"team triage_card", "home home", "dm prompt"}),
    ([RESOLVE], Action.POSTPONE, {"team triage_card", "home home"}),
    ([TAKE], Action.CHASE, {"team triage_card", "home home", "team thread"}),
    ([RESOLVE], Action.CLOSE, SURFACES | {"dm settled", "dm prompt"} | CLOSED),
    ([TAKE, ASK], Action.CLOSE, SURFACES | {"dm settled", "dm prompt"} | CLOSED),
    ([], ASKED, SURFACES | {"dm agreement"}),
    ([TAKE], Action.RECORD_AGREEMENT, SURFACES),
    ([ASKED], Action.RECORD_AGREEMENT, SURFACES | {"dm agreement"}),
    ([ASKED], Action.AGREE, SURFACES | {"dm agreement", "team thread"}),
    ([ASKED], Action.DECLINE, SURFACES | {"dm agreement", "team thread"} | CLOSED),
    ([ASKED], Action.QUERY, SURFACES | {"dm agreement", "dm agreement_wait", "team thread"}),
    (
        [ASKED, Action.QUERY],
        Action.COMPLETE,
        SURFACES | {"dm agreement", "dm agreement_wait", "team thread"},
    ),
    ([ASKED], Action.CHOOSE_APPROVER, SURFACES | {"dm agreement", "team thread"}),
    ([ASKED], Action.CANCEL, SURFACES | {"dm agreement", "team thread"}),
    ([ASKED], Action.EDIT, SURFACES | {"dm agreement", "team thread"}),
    ([ASKED], Action.COMMENT, {"team triage_card", "home home", "team comment"}),
    ([ASKED], Action.NOTE, {"team comment"}),
    ([], Action.ATTACH, {"dm card", "home home", "team moved"}),
    ([Action.ATTACH], Action.DETACH, SURFACES),
    ([Action.CANCEL], Action.UNDO_CLOSING, SURFACES | {"dm decision", "dm decision_settled", "team thread"}),
    ([TAKE], Action.UNASSIGN, SURFACES),
    ([], Action.FREE, SURFACES | {"team thread"}),
    ([], Action.ORIGINAL_RESOLVED, {"dm decision", "dm decision_settled"}),
]


@pytest.fixture
def small_desk(small_desk: SmallDesk) -> SmallDesk:
    """Camille has opened her App Home."""
    with small_desk.sessions.begin() as session:
        session.get_one(Person, small_desk.actor("camille").id).home_opened_at = NOW
    return small_desk


def notified(desk: SmallDesk, ticket: Ticket) -> set[str]:
    """The surfaces of the ticket's last event: to whom, and what."""
    return {
        surface(delivery)
        for delivery in desk.deliveries(ticket.event_count)
        if delivery.ticket_id == ticket.id
    }


def recipients(desk: SmallDesk, ticket: Ticket, kind: DeliveryKind) -> list[str]:
    """Who gets this sort of message of the ticket's last event."""
    return [each.recipient for each in desk.deliveries(ticket.event_count) if each.kind is kind]


def surface(delivery: Delivery) -> str:
    return f"{delivery.recipient.partition(':')[0]} {getattr(delivery.details, 'template', delivery.kind)}"


@pytest.mark.parametrize(("before", "action", "sent"), TOLD)
def test_an_action_is_told_as_the_policy_says(
    small_desk: SmallDesk, before: list[Action], action: Action, sent: set[str]
) -> None:
    done = before if action is Action.OPEN else [*before, action]
    assert notified(small_desk, ticket_in_state(small_desk, *done)) == sent


LOUD = {DeliveryKind.COMMENT, DeliveryKind.RESOLUTION, DeliveryKind.DECISION}
MAILS = [(action, each) for action, notices in POLICY.items() for each in notices if each.mail]


@pytest.mark.parametrize(("action", "mail"), MAILS)
def test_nobody_without_an_address_misses_anything(action: Action, mail: Notice) -> None:
    """The same event posts a message in Slack for the same person whenever it sends them an e-mail."""
    kinds = {DeliveryKind.CARD} if mail.mail == "received" else LOUD
    beside = [each for each in POLICY[action] if each.kind in kinds and each.to is mail.to]
    assert [each for each in beside if each.when in {mail.when, When.ALWAYS}]


@pytest.mark.parametrize(
    "action", [TAKE, Action.ASSIGN, HOLD, Action.RESUME, Action.WAKE, Action.TRANSFER], ids=str
)
def test_the_requester_sees_who_has_their_ticket_and_whether_it_waits(action: Action) -> None:
    seen = {each.kind for each in POLICY[action] if each.to is Audience.REQUESTER}
    assert {DeliveryKind.CARD, DeliveryKind.HOME} <= seen


def test_the_policy_knows_every_action() -> None:
    assert set(POLICY) == set(Action) == {action for _before, action, _sent in TOLD}


def test_each_is_sent_to_the_tickets_own_people(small_desk: SmallDesk) -> None:
    ticket = small_desk.ticket_in_state(Action.RESOLVE, Action.REFUSE)
    camille = small_desk.actor("camille").id
    addressed = {
        delivery.recipient: (delivery.person_id, delivery.team_id) for delivery in small_desk.deliveries()
    }
    assert addressed == {
        f"dm:{camille}": (camille, None),
        f"home:{camille}": (camille, None),
        f"mail:{camille}": (camille, None),
        "team:assistance": (None, "assistance"),
    }
    assert {delivery.ticket_id for delivery in small_desk.deliveries()} == {ticket.id}


def test_a_ticket_of_another_team_is_told_there(small_desk: SmallDesk) -> None:
    small_desk.open(small_desk.draft(service_id="wifi"))
    recipients = {delivery.recipient for delivery in small_desk.deliveries()}
    assert "team:reseau" in recipients
    assert "team:assistance" not in recipients


def test_an_event_queues_in_its_own_order_at_once(small_desk: SmallDesk) -> None:
    ticket = small_desk.ticket_in_state(Action.TAKE)
    first, second = small_desk.history(ticket)
    for event in (first, second):
        for delivery in small_desk.deliveries(event.number):
            assert delivery.event_id == event.id
            assert (delivery.state, delivery.due_at, delivery.created_at) == (
                DeliveryState.PENDING,
                event.at,
                event.at,
            )


def test_no_two_deliveries_share_a_key(small_desk: SmallDesk) -> None:
    files = [NewFile("F1", "a.png", "image/png", 1), NewFile("F2", "a.png", "image/png", 1)]
    small_desk.open(small_desk.draft(files=files))
    small_desk.ticket_in_state(Action.TAKE, Action.RESOLVE, Action.REFUSE, Action.RESOLVE, Action.APPROVE)
    keys = [delivery.key for delivery in small_desk.deliveries()]
    assert len(keys) == len(set(keys))


def test_each_file_is_queued_for_the_team_after_its_card(small_desk: SmallDesk) -> None:
    small_desk.open(small_desk.draft(files=[NewFile("F1", "a.png", "image/png", 1)]))
    to_team = [delivery.kind for delivery in small_desk.deliveries() if delivery.team_id]
    assert to_team == [DeliveryKind.TRIAGE_CARD, DeliveryKind.FILE]


# Authors and receipts


def test_a_technician_who_cancels_is_not_told_so_in_the_thread(small_desk: SmallDesk) -> None:
    ticket = small_desk.ticket_in_state(Action.TAKE)
    cancelled = small_desk.act(ticket, Action.CANCEL, small_desk.actor("karim", "assistance"), "Doublon.")
    assert notified(small_desk, cancelled) == SURFACES | CLOSED


def test_a_colleague_who_cancels_is_told_of_to_who_has_the_ticket(small_desk: SmallDesk) -> None:
    ticket = small_desk.ticket_in_state(Action.TAKE)
    cancelled = small_desk.act(ticket, Action.CANCEL, small_desk.actor("lea", "assistance"), "Doublon.")
    assert "team thread" in notified(small_desk, cancelled)


def test_who_is_requester_and_technician_gets_receipts_and_the_approval_request_only(
    small_desk: SmallDesk,
) -> None:
    karim = small_desk.actor("karim", "assistance")
    ticket = small_desk.open(by=karim)
    assert "mail received" in notified(small_desk, ticket)
    ticket = small_desk.act(ticket, Action.RESOLVE, karim, "Fait.")
    assert {"dm approval", "mail resolved"} <= notified(small_desk, ticket)
    ticket = small_desk.act(ticket, Action.REFUSE, karim, "Non.")
    assert "team thread" not in notified(small_desk, ticket)
    ticket = small_desk.act(ticket, Action.RESOLVE, karim, "Fait.")
    ticket = small_desk.act(ticket, Action.APPROVE, karim)
    assert not CLOSED & notified(small_desk, ticket)


def test_no_mail_says_what_the_requester_did_themselves(small_desk: SmallDesk) -> None:
    small_desk.ticket_in_state(Action.TAKE, Action.RESOLVE, Action.APPROVE)
    mails = [delivery for delivery in small_desk.deliveries() if delivery.kind is DeliveryKind.MAIL]
    assert [mail.details_as(MailDetails).template for mail in mails] == ["received", "resolved"]
    assert len({mail.details_as(MailDetails).token for mail in mails}) == 2, "no other installation has them"


# The App Home


def test_a_home_is_drawn_only_for_who_opened_it(small_desk: SmallDesk) -> None:
    ticket = small_desk.open(by=small_desk.actor("oliver"))
    assert notified(small_desk, ticket) == {"dm card", "team triage_card", "mail received"}


@pytest.mark.parametrize(
    ("kind", "first", "later"),
    [
        (DeliveryKind.CARD, "chat.postMessage", "chat.update"),
        (DeliveryKind.TRIAGE_CARD, "chat.postMessage", "chat.update"),
        (DeliveryKind.HOME, "views.publish", "views.publish"),
        (DeliveryKind.MAIL, "smtp", "smtp"),
    ],
)
def test_a_delivery_names_what_a_pause_would_stop(
    small_desk: SmallDesk, kind: DeliveryKind, first: str, later: str
) -> None:
    small_desk.ticket_in_state(Action.RESOLVE)
    methods = [delivery.method for delivery in small_desk.deliveries() if delivery.kind is kind]
    assert methods == [first, later]


def test_a_home_is_drawn_for_what_is_no_tickets_event(small_desk: SmallDesk) -> None:
    camille = small_desk.actor("camille")
    small_desk.do(lambda uow: refresh_home(uow, camille.slack_id))
    [home] = small_desk.deliveries()
    assert (home.kind, home.recipient, home.method) == (
        DeliveryKind.HOME,
        f"home:{camille.id}",
        "views.publish",
    )
    assert (home.person_id, home.ticket_id, home.due_at) == (camille.id, None, NOW)


@pytest.mark.parametrize("slack_id", ["U0OLIVER", "U0NOBODY"], ids=["never opened", "unknown"])
def test_no_home_is_drawn_that_was_never_opened(small_desk: SmallDesk, slack_id: str) -> None:
    small_desk.do(lambda uow: refresh_home(uow, slack_id))
    assert small_desk.deliveries() == []


def at_home(desk: SmallDesk, name: str, opened: timedelta | None, channel: str = CHANNEL) -> str:
    """A technician in a channel who opened their App Home so long ago; where it is drawn."""
    actor = desk.actor(name)
    with desk.sessions.begin() as session:
        if session.get(ChannelReading, channel) is None:
            session.add(ChannelReading(channel=channel, read_at=NOW))
            session.flush()
        session.add(ChannelMember(channel=channel, slack_id=actor.slack_id))
        session.get_one(Person, actor.id).home_opened_at = None if opened is None else NOW - opened
    return f"home:{actor.id}"


def test_the_queue_of_technicians_who_have_it_open_is_drawn_again(small_desk: SmallDesk) -> None:
    karim, lea = at_home(small_desk, "karim", MINUTE), at_home(small_desk, "lea", 30 * MINUTE)
    camille = f"home:{small_desk.actor('camille').id}"
    ticket = small_desk.open()
    assert recipients(small_desk, ticket, DeliveryKind.HOME) == [camille, karim, lea]


@pytest.mark.parametrize(
    ("opened", "channel"),
    [(None, CHANNEL), (HOME_FRESH, CHANNEL), (MINUTE, "C0RESEAU")],
    ids=["never opened", "opened long ago", "of another team"],
)
def test_no_other_technicians_home_is_drawn(
    small_desk: SmallDesk, opened: timedelta | None, channel: str
) -> None:
    karim = at_home(small_desk, "karim", opened, channel)
    assert karim not in recipients(small_desk, small_desk.open(), DeliveryKind.HOME)


def test_a_technicians_own_ticket_draws_their_home_once(small_desk: SmallDesk) -> None:
    home = at_home(small_desk, "karim", MINUTE)
    ticket = small_desk.open(by=small_desk.actor("karim", "assistance"))
    assert recipients(small_desk, ticket, DeliveryKind.HOME) == [home]


# The two conversations


def test_a_note_tells_the_team_alone(small_desk: SmallDesk) -> None:
    ticket = note(small_desk, small_desk.open(), small_desk.actor("karim", "assistance"), "Fuite d’eau.")
    assert {each.recipient for each in small_desk.deliveries(ticket.event_count)} == {"team:assistance"}


def test_a_note_typed_in_the_thread_is_not_repeated_there(small_desk: SmallDesk) -> None:
    ticket = small_desk.open()
    cards(small_desk, ticket)
    hear(small_desk, ticket, small_desk.actor("karim", "assistance"), "Fuite d’eau.", channel=CHANNEL)
    assert notified(small_desk, again(small_desk, ticket)) == set()


def test_a_reply_goes_to_the_requester_and_into_the_thread(small_desk: SmallDesk) -> None:
    ticket = reply(small_desk, small_desk.open(), small_desk.actor("lea", "assistance"), "Bonjour.")
    assert recipients(small_desk, ticket, DeliveryKind.COMMENT) == [
        f"dm:{ticket.requester_id}",
        "team:assistance",
    ]


def test_who_replies_to_themselves_is_not_written_to(small_desk: SmallDesk) -> None:
    karim = small_desk.actor("karim", "assistance")
    ticket = reply(small_desk, small_desk.open(by=karim), karim, "Pour mémoire.")
    assert recipients(small_desk, ticket, DeliveryKind.COMMENT) == ["team:assistance"]


def test_what_a_technician_writes_as_the_requester_stands_in_the_teams_thread_too(
    small_desk: SmallDesk,
) -> None:
    """Though they have the ticket: it is where the team reads what was said."""
    karim = small_desk.actor("karim", "assistance")
    ticket = small_desk.open(by=karim)
    cards(small_desk, ticket)
    small_desk.act(ticket, TAKE, karim)
    hear(small_desk, ticket, karim, "J’ajoute ceci.")
    assert recipients(small_desk, again(small_desk, ticket), DeliveryKind.COMMENT) == ["team:assistance"]
    ticket = reply(small_desk, ticket, karim, "Quelle salle ?", waits=True)
    hear(small_desk, ticket, karim, "B204.", ts="9.002")
    assert again(small_desk, ticket).status is Status.IN_PROGRESS
    assert recipients(small_desk, again(small_desk, ticket), DeliveryKind.COMMENT) == ["team:assistance"]


@pytest.mark.parametrize(("to", "in_thread"), [("karim", set()), ("lea", {"team thread"})])
def test_only_a_colleague_is_told_that_a_ticket_is_theirs(
    small_desk: SmallDesk, to: str, in_thread: set[str]
) -> None:
    karim = small_desk.actor("karim", "assistance")
    ticket = assign(small_desk, small_desk.open(), karim, small_desk.actor(to, "assistance"))
    assert notified(small_desk, ticket) == SURFACES | in_thread


@pytest.mark.parametrize(
    ("by", "to", "in_thread"),
    [
        ("lea", "lea", {"team thread"}),  # from Karim, who reads it
        ("lea", "karim", {"team thread"}),
        ("karim", "lea", {"team thread"}),
        ("karim", "karim", set()),
    ],
)
def test_who_loses_a_ticket_is_told_too(small_desk: SmallDesk, by: str, to: str, in_thread: set[str]) -> None:
    karim, giver, taker = (small_desk.actor(name, "assistance") for name in ("karim", by, to))
    ticket = assign(small_desk, small_desk.ticket_in_state(TAKE), giver, taker, seen=karim)
    assert notified(small_desk, ticket) == SURFACES | in_thread


WITHOUT_WHO_HAS_IT: dict[str, tuple[Callable[[SmallDesk, Ticket, Actor], Ticket], set[str]]] = {
    "resolve": (
        lambda desk, ticket, by: desk.act(ticket, RESOLVE, by, "Fait."),
        {"dm approval", "mail resolved"},
    ),
    "hold": (lambda desk, ticket, by: hold(desk, ticket, by), set()),
    "link": (lambda desk, ticket, by: link(desk, ticket, by, desk.open().id), CLOSED),
}


@pytest.mark.parametrize(("by", "in_thread"), [("karim", set()), ("lea", {"team thread"})])
@pytest.mark.parametrize("use", WITHOUT_WHO_HAS_IT)
def test_who_has_a_ticket_is_told_what_a_colleague_does_with_it(
    small_desk: SmallDesk, use: str, by: str, in_thread: set[str]
) -> None:
    do, more = WITHOUT_WHO_HAS_IT[use]
    ticket = do(small_desk, small_desk.ticket_in_state(TAKE), small_desk.actor(by, "assistance"))
    assert notified(small_desk, ticket) == SURFACES | more | in_thread


@pytest.mark.parametrize("use", ["resolve", "link"])
def test_nobody_is_told_what_becomes_of_a_ticket_that_nobody_had(small_desk: SmallDesk, use: str) -> None:
    do, more = WITHOUT_WHO_HAS_IT[use]
    ticket = do(small_desk, small_desk.open(), small_desk.actor("lea", "assistance"))
    assert notified(small_desk, ticket) == SURFACES | more


def test_words_that_take_several_messages_are_as_many_deliveries(small_desk: SmallDesk) -> None:
    ticket = reply(small_desk, small_desk.open(), small_desk.actor("karim", "assistance"), "a" * 20_000)
    parts = [
        (each.recipient, each.details_as(CommentDetails).part)
        for each in small_desk.deliveries(ticket.event_count)
        if each.kind is DeliveryKind.COMMENT
    ]
    assert parts == [
        (to, part) for to in (f"dm:{ticket.requester_id}", "team:assistance") for part in range(3)
    ]


# Another team, an outage


def test_a_ticket_that_is_handed_over_moves_with_its_files(small_desk: SmallDesk) -> None:
    karim = small_desk.actor("karim", "assistance")
    files = [NewFile("F1", "a.png", "image/png", 1), NewFile("F2", "b.png", "image/png", 1)]
    ticket = small_desk.open(small_desk.draft(files=files))
    ticket = requalify(small_desk, ticket, karim, team="reseau", why="C’est le réseau.")
    to_teams = [
        (each.recipient, each.team_id, each.kind, getattr(each.details, "attachment_id", None))
        for each in small_desk.deliveries(ticket.event_count)
        if each.team_id
    ]
    assert to_teams == [
        ("team:reseau", "reseau", DeliveryKind.TRIAGE_CARD, None),
        ("team:assistance", "assistance", DeliveryKind.MOVED, None),
        ("team:reseau", "reseau", DeliveryKind.THREAD, None),
        ("team:reseau", "reseau", DeliveryKind.FILE, 1),
        ("team:reseau", "reseau", DeliveryKind.FILE, 2),
    ]


def test_the_homes_of_both_teams_are_drawn_when_a_ticket_is_handed_over(small_desk: SmallDesk) -> None:
    """Once for who is in both."""
    karim, lea = at_home(small_desk, "karim", MINUTE), at_home(small_desk, "lea", MINUTE, "C0RESEAU")
    oliver = at_home(small_desk, "oliver", MINUTE)
    at_home(small_desk, "oliver", MINUTE, "C0RESEAU")
    camille = f"home:{small_desk.actor('camille').id}"
    ticket = ticket_in_state(small_desk, Action.TRANSFER)
    assert sorted(recipients(small_desk, ticket, DeliveryKind.HOME)) == sorted([camille, karim, lea, oliver])


def test_a_requalification_that_hands_over_draws_each_surface_once(small_desk: SmallDesk) -> None:
    karim, ticket = small_desk.actor("karim", "assistance"), small_desk.open()
    before = len(small_desk.deliveries())
    requalify(small_desk, ticket, karim, impact=Impact.SERVICE, team="reseau", why="C’est le réseau.")
    rendered = [f"{each.recipient} {each.kind}" for each in small_desk.deliveries()[before:]]
    camille = small_desk.actor("camille").id
    assert sorted(rendered) == sorted(
        [
            f"dm:{camille} card",
            f"home:{camille} home",
            "team:assistance triage_card",
            "team:assistance moved",
            "team:reseau triage_card",
            "team:reseau thread",
        ]
    )


def followed(desk: SmallDesk, *, grouped: bool) -> Ticket:
    """A ticket that follows an outage of the network team's."""
    ticket, lea = desk.open(), desk.actor("lea")
    with desk.sessions.begin() as session:
        outage = create_outage(session, declared_by_id=lea.id)
        row = session.get_one(Ticket, ticket.id)
        row.outage_id, row.is_outage_child = outage.id, grouped
    return again(desk, ticket)


def test_a_follower_of_an_outage_is_told_and_the_team_sees_one_card(small_desk: SmallDesk) -> None:
    karim = small_desk.actor("karim", "assistance")
    ticket = small_desk.act(followed(small_desk, grouped=True), RESOLVE, karim, "Borne remplacée.")
    assert notified(small_desk, ticket) == {"dm card", "home home", "dm approval", "mail resolved"}
    ticket = small_desk.act(ticket, APPROVE, small_desk.actor("camille"))
    assert notified(small_desk, ticket) == {"dm card", "home home", "dm settled", "dm prompt"}
    assert recipients(small_desk, ticket, DeliveryKind.OUTAGE) == [f"outage:{ticket.outage_id}"]


def test_a_follower_who_refuses_has_a_card_from_then_on(small_desk: SmallDesk) -> None:
    karim = small_desk.actor("karim", "assistance")
    ticket = small_desk.act(followed(small_desk, grouped=True), RESOLVE, karim, "Borne remplacée.")
    ticket = small_desk.act(ticket, Action.REFUSE, small_desk.actor("camille"), "Toujours rien.")
    assert notified(small_desk, ticket) == SURFACES | {"dm settled", "dm prompt", "team thread"}


@pytest.mark.parametrize("grouped", [True, False])
def test_a_card_drawn_again_for_another_reason_is_the_teams_alone(
    small_desk: SmallDesk, grouped: bool
) -> None:
    ticket = followed(small_desk, grouped=grouped)
    before = len(small_desk.deliveries())
    event = small_desk.history(ticket)[0]
    small_desk.do(
        lambda uow: refresh_card(
            uow, uow.session.get_one(Ticket, ticket.id), uow.session.merge(event), why="file 1"
        )
    )
    rendered = small_desk.deliveries()[before:]
    assert [(each.recipient, each.kind, each.method) for each in rendered] == (
        [] if grouped else [("team:assistance", DeliveryKind.TRIAGE_CARD, "chat.update")]
    )
