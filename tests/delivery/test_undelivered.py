"""What did not reach a requester is told to the technicians, in the thread of the ticket's card."""

import json
from itertools import product

import pytest
from sqlalchemy import select, text

from blocks.i18n import translator
from blocks.tickets.conversation.undelivered import Lost, undelivered_note
from bot.delivery.errors import (
    AddressMalformed,
    AddressRefused,
    ChannelUnreachable,
    CommentNotSent,
    DeliveryError,
    Permanent,
    Retryable,
)
from bot.delivery.failures.follow_up import follow_up
from bot.delivery.failures.undelivered import announce_dead, announce_skipped
from bot.delivery.rendering.render import render
from bot.delivery.rendering.rendered import RenderedMessage
from models.lifecycle import Action
from models.outbox.delivery import Delivery
from models.outbox.details import UndeliveredDetails
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.reasons import Reason, Undelivered
from models.tickets.draft import NewFile
from models.tickets.ticket import Ticket
from tests.support.factories import NOW, create_message_reference
from tests.support.scenarios import reply, ticket_in_state
from tests.support.use_case_desk import SmallDesk

CARD, MAIL, RESOLUTION = DeliveryKind.CARD, DeliveryKind.MAIL, DeliveryKind.RESOLUTION
COMMENT, FILE = DeliveryKind.COMMENT, DeliveryKind.FILE
REFUSED = Permanent(Reason.REFUSED, "chat.postMessage", "invalid_blocks")


def lost(desk: SmallDesk, kind: DeliveryKind, number: int | None = None) -> list[Delivery]:
    """What is queued of a kind for the requester: of one event, or of all."""
    return [
        row
        for row in desk.deliveries(number)
        if row.kind is kind and row.person_id is not None and row.state is DeliveryState.PENDING
    ]


def die(desk: SmallDesk, rows: list[Delivery], error: DeliveryError) -> None:
    assert rows
    for row in rows:
        with desk.sessions.begin() as session:
            assert follow_up(session, row, error, now=NOW) is DeliveryState.DEAD


def notes(desk: SmallDesk) -> list[UndeliveredDetails]:
    """What the team's thread will be told was lost."""
    return [row.details for row in desk.deliveries() if isinstance(row.details, UndeliveredDetails)]


def lines(desk: SmallDesk) -> list[str]:
    """The lines about it, as they are sent."""
    with desk.sessions() as session:
        rows = session.scalars(
            select(Delivery).where(Delivery.kind == DeliveryKind.THREAD).order_by(Delivery.id)
        )
        rendered_messages = [
            render(session, row, locale="fr") for row in rows if isinstance(row.details, UndeliveredDetails)
        ]
    assert all(isinstance(each, RenderedMessage) and each.thread_ts for each in rendered_messages)
    return [
        each.text.replace("\u00a0", " ") for each in rendered_messages if isinstance(each, RenderedMessage)
    ]


@pytest.fixture
def ticket(small_desk: SmallDesk) -> Ticket:
    """Camille's, which Karim has; its cards stand."""
    return ticket_in_state(small_desk, Action.TAKE)


def test_a_card_that_slack_refuses_is_told_once_a_ticket_and_reason(
    small_desk: SmallDesk, ticket: Ticket
) -> None:
    die(small_desk, lost(small_desk, CARD), REFUSED)
    assert notes(small_desk) == [UndeliveredDetails(CARD, Undelivered.REFUSED)]
    small_desk.act(ticket, Action.RESOLVE, small_desk.actor("karim", "assistance"), "Toner changé.")
    die(small_desk, lost(small_desk, CARD), Permanent(Reason.REFUSED, "chat.postMessage", "msg_too_long"))
    assert [note.why for note in notes(small_desk)] == ["refused", "too_long"]
    assert lines(small_desk)[0] == (
        "n° 1 · Camille ne reçoit pas les messages de ce ticket dans Slack : Slack refuse cet envoi. "
        "Écrivez-lui par courriel, ou appelez. · <@U0KARIM>"
    )


def test_each_message_that_somebody_wrote_is_named_even_after_an_earlier_line(
    small_desk: SmallDesk, ticket: Ticket
) -> None:
    karim = small_desk.actor("karim", "assistance")
    die(small_desk, lost(small_desk, CARD), REFUSED)
    for words in ("Est-ce mieux ?", "Et maintenant ?"):
        reply(small_desk, ticket, karim, words)
    die(small_desk, lost(small_desk, COMMENT), REFUSED)
    assert [note.kind for note in notes(small_desk)] == ["card", "comment", "comment"]
    assert "n’a pas reçu dans Slack ce message de Karim : Slack refuse" in lines(small_desk)[1]


def test_what_repeats_itself_is_not_told_after_a_line_about_words(
    small_desk: SmallDesk, ticket: Ticket
) -> None:
    reply(small_desk, ticket, small_desk.actor("karim", "assistance"), "Est-ce mieux ?")
    die(small_desk, lost(small_desk, COMMENT) + lost(small_desk, CARD), REFUSED)
    assert [note.kind for note in notes(small_desk)] == ["comment"]


def test_a_long_message_in_several_parts_is_one_line(small_desk: SmallDesk, ticket: Ticket) -> None:
    reply(small_desk, ticket, small_desk.actor("karim", "assistance"), "mot " * 4_000)
    parts = lost(small_desk, COMMENT)
    assert len(parts) == 2
    die(small_desk, parts, REFUSED)
    assert len(notes(small_desk)) == 1


def test_an_edit_that_is_lost_says_that_the_first_words_stand(small_desk: SmallDesk, ticket: Ticket) -> None:
    reply(small_desk, ticket, small_desk.actor("karim", "assistance"), "Est-ce mieux ?")
    [row] = lost(small_desk, COMMENT)
    with small_desk.sessions.begin() as session:
        more = {"recipient": row.recipient, "kind": COMMENT, "event_number": row.event_number, "ts": "9.1"}
        create_message_reference(session, ticket.id, **more)
    die(small_desk, [row], REFUSED)
    assert "ne voit pas dans Slack la modification de ce message par Karim" in lines(small_desk)[0]


def test_the_files_of_lost_words_are_told_with_them(small_desk: SmallDesk, ticket: Ticket) -> None:
    file = NewFile("F0PLAN", "plan.pdf", "application/pdf", 12)
    reply(small_desk, ticket, small_desk.actor("karim", "assistance"), "Voici.", files=[file])
    die(small_desk, lost(small_desk, COMMENT), REFUSED)
    die(small_desk, lost(small_desk, FILE), CommentNotSent(Reason.COMMENT_NOT_SENT))
    [line] = lines(small_desk)
    assert "n’a pas reçu dans Slack ce message de Karim, ni ses pièces attachées" in line


def test_a_file_that_is_lost_alone_is_named(small_desk: SmallDesk, ticket: Ticket) -> None:
    files = [NewFile(f"F0{name}", f"{name}.pdf", "application/pdf", 12) for name in ("plan", "devis")]
    reply(small_desk, ticket, small_desk.actor("karim", "assistance"), "Voici.", files=files)
    full = Permanent(Reason.REFUSED, "files.completeUploadExternal", "storage_limit_reached")
    die(small_desk, lost(small_desk, FILE), full)
    [line] = lines(small_desk)
    assert "n’a pas reçu dans Slack le fichier plan.pdf de Karim : l’espace de stockage" in line


def test_a_request_to_approve_that_is_lost_says_how_to_go_on(small_desk: SmallDesk, ticket: Ticket) -> None:
    small_desk.act(ticket, Action.RESOLVE, small_desk.actor("karim", "assistance"), "Toner changé.")
    die(
        small_desk,
        lost(small_desk, RESOLUTION),
        Permanent(Reason.REFUSED, "conversations.open", "user_not_found"),
    )
    [line] = lines(small_desk)
    assert "La demande d’approbation n’est pas parvenue à Camille dans Slack : Slack ne conn" in line
    assert "« Approuvé de vive voix… »" in line


def test_slack_and_e_mail_are_told_apart(small_desk: SmallDesk, ticket: Ticket) -> None:
    die(small_desk, lost(small_desk, CARD), REFUSED)
    die(small_desk, lost(small_desk, MAIL), AddressRefused(Reason.MAIL_REFUSED, code="550"))
    assert [note.kind for note in notes(small_desk)] == [CARD, MAIL]


def test_of_a_closed_account_one_line_stands_for_messages_and_e_mails(
    small_desk: SmallDesk, ticket: Ticket
) -> None:
    for row in lost(small_desk, MAIL) + lost(small_desk, CARD):
        with small_desk.sessions.begin() as session:
            announce_skipped(session, row, Reason.ACCOUNT_DEACTIVATED, now=NOW)
    assert notes(small_desk) == [UndeliveredDetails(CARD, Undelivered.ACCOUNT_CLOSED)]


def test_a_line_of_version_0_1_says_the_same_and_is_not_said_again(
    small_desk: SmallDesk, ticket: Ticket
) -> None:
    [row, *_more] = lost(small_desk, CARD)
    with small_desk.sessions.begin() as session:
        announce_skipped(session, row, Reason.ACCOUNT_DEACTIVATED, now=NOW)
    with small_desk.sessions.begin() as session:
        old = session.scalars(select(Delivery).where(Delivery.key.contains("deactivated"))).one()
        assert old.key == f"{ticket.id}:deactivated:{ticket.requester_id}"
        new = render(session, old, locale="fr")
        details = json.dumps({"deactivated": ticket.requester_id})
        session.execute(
            text("UPDATE delivery SET details = :details WHERE id = :id"), {"details": details, "id": old.id}
        )
        session.expire(old)
        assert render(session, old, locale="fr") == new


MEANINGS: list[tuple[DeliveryKind, DeliveryError, str]] = [
    (CARD, Permanent(Reason.REFUSED, "conversations.open", "user_disabled"), "account_closed"),
    (CARD, Permanent(Reason.REFUSED, "conversations.open", "user_not_visible"), "not_visible"),
    (CARD, Permanent(Reason.REFUSED, "chat.postMessage", "cannot_dm_bot"), "an_app"),
    (CARD, Permanent(Reason.REFUSED, "chat.postMessage", "messages_tab_disabled"), "messages_off"),
    (
        CARD,
        ChannelUnreachable(Reason.CHANNEL_REFUSED, "chat.postMessage", "channel_not_found"),
        "not_allowed",
    ),
    (CARD, Permanent(Reason.REFUSED, "chat.update", "msg_too_long"), "too_long"),
    (CARD, Permanent(Reason.REFUSED, "chat.postMessage", "no_text"), "refused"),
    (MAIL, AddressMalformed(Reason.ADDRESS_MALFORMED), "address_malformed"),
    (MAIL, AddressRefused(Reason.MAIL_REFUSED, code="550"), "address_refused"),
    (MAIL, Permanent(Reason.MAIL_REFUSED, code="554"), "mail_refused"),
    (MAIL, Retryable(Reason.MAIL_DEFERRED, code="451"), "too_late"),
    (CARD, Retryable(Reason.REMOTE_ERROR, "chat.postMessage", "503", maybe_sent=True), "too_late"),
]


def test_the_reason_is_kept_as_a_code(small_desk: SmallDesk, ticket: Ticket) -> None:
    card, mail = lost(small_desk, CARD)[0], lost(small_desk, MAIL)[0]
    for kind, error, _why in MEANINGS:
        with small_desk.sessions.begin() as session:
            announce_dead(session, mail if kind is MAIL else card, error, now=NOW)
    assert [note.why for note in notes(small_desk)] == [why for _kind, _error, why in MEANINGS]


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_reason_has_words(locale: str) -> None:
    for kind, why in product((CARD, MAIL, COMMENT, RESOLUTION, FILE), Undelivered):
        about = Lost(kind, why, "Camille Bernard", "Karim Benali", "Est-ce mieux ?", file="plan.pdf")
        line, *_quote = (block.to_dict() for block in undelivered_note(translator(locale), about, "U0KARIM"))
        words = "".join(part.get("text", "") for part in line["elements"][0]["elements"])
        assert words.startswith("La demande" if locale == "fr" and kind is RESOLUTION else "Camille Bernard")
        assert "{" not in words


def test_an_app_home_and_the_teams_own_messages_are_not_told(small_desk: SmallDesk, ticket: Ticket) -> None:
    reply(small_desk, ticket, small_desk.actor("karim", "assistance"), "Est-ce mieux ?")
    others = [
        row for row in small_desk.deliveries() if row.person_id is None or row.kind is DeliveryKind.HOME
    ]
    die(small_desk, others, REFUSED)
    assert notes(small_desk) == []


def test_a_late_attempts_death_tells_nothing(small_desk: SmallDesk, ticket: Ticket) -> None:
    [row, *_more] = lost(small_desk, CARD)
    row.attempt = 7
    die(small_desk, [row], REFUSED)
    assert notes(small_desk) == []


def test_a_line_follows_the_ticket_to_the_team_that_has_it(small_desk: SmallDesk, ticket: Ticket) -> None:
    die(small_desk, lost(small_desk, CARD), REFUSED)
    with small_desk.sessions.begin() as session:
        session.get_one(Ticket, ticket.id).team_id = "reseau"
        more = {"recipient": "team:reseau", "kind": DeliveryKind.TRIAGE_CARD, "channel": "C0RESEAU"}
        create_message_reference(session, ticket.id, ts="7.000", **more)
    with small_desk.sessions() as session:
        row = session.scalars(
            select(Delivery).where(Delivery.kind == DeliveryKind.THREAD).order_by(Delivery.id)
        ).one()
        rendered = render(session, row, locale="fr")
    assert isinstance(rendered, RenderedMessage)
    assert (rendered.channel, rendered.thread_ts) == ("C0RESEAU", "7.000")
