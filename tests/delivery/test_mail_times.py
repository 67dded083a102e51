"""When e-mails are sent: with reminders, or at once, none after the sixth; and what they open."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.context.unit_of_work import UnitOfWork
from bot.delivery import outbox
from bot.delivery.clock_steps import bring_near
from bot.delivery.rendering.mails.slack_message import WAIT_MAX
from bot.notifications.mails import MAILS_MAX
from bot.observability.outbox_metrics import pending_deliveries
from bot.services.tickets.waits import reminders
from models.outbox.details import MailDetails
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.mail_count import MailCount
from models.outbox.reasons import Cause, Reason
from models.tickets.comment import Comment
from tests.support.factories import create_delivery
from tests.support.help_desk import DIRECT, TRIAGE, Desk, Person, file
from tests.support.outbox_rows import SECOND, Outbox, deliveries, wait
from tests.support.use_case_desk import MINUTE, NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WAITS = "Le ticket attend sa réponse"
MAIL: dict[str, Any] = {"kind": DeliveryKind.MAIL, "to": "mail:1", "method": "smtp"}


def ask(karim: Person, question: str = "Quelle salle ?", **more: object) -> None:
    """Ask the requester of the newest card."""
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": question, "Et ensuite ?": [WAITS], **more})


def remind(desk: Desk) -> None:
    """Let the time pass until the ticket's first reminder, and send what is due."""
    at = desk.ticket().remind_requester_at
    if at is not None:
        desk.ahead += at - desk.now
    with desk.sessions.begin() as session:
        reminders.remind(UnitOfWork(session, desk.now))
    desk.deliver()


def subjects(desk: Desk) -> list[str]:
    """The steps that e-mails told of."""
    return [mail["subject"].partition("]")[0].partition(" · ")[2] for mail in desk.mails()]


@pytest.fixture
def ticket(desk: Desk, camille: Person, karim: Person) -> None:
    """Camille's, which Karim has."""
    desk.stop_clock(NOW)
    camille.have_filed()
    karim.take()


# Order


def test_an_email_for_later_holds_up_nothing(box: Outbox) -> None:
    box.put("question", number=2, due=DAY, **MAIL)
    box.put("resolved", number=3, **MAIL)
    assert box.all_claimed() == ["resolved"]


def test_an_email_for_later_keeps_its_place_once_it_is_due(box: Outbox) -> None:
    box.put("question", number=2, due=DAY, **MAIL)
    box.put("resolved", number=3, due=DAY, **MAIL)
    question = box.claim(DAY)
    assert (question.key, box.claimed(DAY)) == ("question", None)
    box.complete(question)
    assert box.claimed(DAY) == "resolved"


def test_an_email_that_failed_is_not_overtaken(box: Outbox) -> None:
    box.put("received", number=1, **MAIL)
    box.put("resolved", number=2, **MAIL)
    box.retry_later(box.claim(), due=10 * MINUTE)
    assert box.claimed() is None


def test_an_email_that_a_fast_clock_wrote_is_not_overtaken(box: Outbox) -> None:
    """It is due when it was created: no wait was meant."""
    box.put("received", number=1, due=HOUR, created_at=NOW + HOUR, **MAIL)
    box.put("resolved", number=2, **MAIL)
    assert box.claimed() is None


def test_a_reminder_that_was_held_back_for_the_day_holds_up_nothing(box: Outbox) -> None:
    box.put("reminder", number=1, **MAIL)
    box.put("resolved", number=2, **MAIL)
    with box.sessions.begin() as session:
        outbox.retry_later(session, box.claim(), due_at=NOW + DAY, cause=Cause(Reason.REMINDED_TODAY))
    assert box.all_claimed() == ["resolved"]


def test_only_emails_may_be_overtaken(box: Outbox) -> None:
    box.put("card", number=1, due=SECOND)
    box.put("request", number=2, kind=DeliveryKind.RESOLUTION)
    assert box.claimed() is None


def test_what_a_fast_clock_wrote_is_brought_near_and_what_waits_for_its_day_is_not(box: Outbox) -> None:
    box.put("question", number=2, due=DAY, **MAIL)
    box.put("received", number=1, due=DAY, created_at=NOW + DAY, **MAIL)
    box.put("too far", number=3, due=3 * DAY, **MAIL)
    with box.sessions.begin() as session:
        bring_near(UnitOfWork(session, NOW))
    due = [box.row(key).due_at for key in ("question", "received", "too far")]
    assert due == [NOW + DAY, NOW, NOW]


# Questions


@pytest.mark.usefixtures("ticket")
def test_a_question_is_mailed_once_with_its_first_reminder(desk: Desk, karim: Person) -> None:
    ask(karim)
    wait(desk, 2 * DAY - MINUTE)
    assert subjects(desk) == ["Reçu"]
    remind(desk)
    assert subjects(desk) == ["Reçu", "Une question vous attend"]
    question = desk.mails()[-1]["text"]
    assert "Question de Karim Benali :" in question
    assert "Quelle salle ?" in question
    remind(desk)
    remind(desk)
    assert len(desk.mails()) == 2


@pytest.mark.usefixtures("ticket")
def test_a_question_that_was_answered_is_not_mailed(desk: Desk, camille: Person, karim: Person) -> None:
    ask(karim)
    camille.write("B204.", DIRECT, thread_ts=camille.messages()[-1]["ts"])
    desk.deliver()
    assert desk.ticket().remind_requester_at is None
    remind(desk)
    assert subjects(desk) == ["Reçu"]


@pytest.mark.usefixtures("ticket")
def test_another_holder_does_not_answer_the_question(desk: Desk, karim: Person) -> None:
    ask(karim)
    karim.menu("Affecter à…")
    karim.submit({"Technicien": "Léa Martin"})
    remind(desk)
    assert subjects(desk) == ["Reçu", "Une question vous attend"]


@pytest.mark.usefixtures("ticket")
def test_a_solution_of_today_does_not_wait_for_the_question_of_tomorrow(desk: Desk, karim: Person) -> None:
    ask(karim)
    karim.resolve()
    assert subjects(desk) == ["Reçu", "Solution à vérifier"]
    wait(desk, DAY)
    assert len(desk.mails()) == 2


def test_the_files_of_a_step_are_named(desk: Desk, camille: Person, karim: Person) -> None:
    desk.stop_clock(NOW)
    camille.file_ticket(**{"Pièces attachées": [file("écran.pdf")]})
    assert "- écran.pdf" in desk.mails()[0]["text"]
    karim.take()
    ask(karim, **{"Pièces attachées": [file("plan.pdf")]})
    remind(desk)
    question = desk.mails()[-1]["text"]
    assert "- plan.pdf" in question
    assert "écran.pdf" not in question


# Links


@pytest.mark.usefixtures("ticket")
def test_each_email_opens_the_message_that_has_its_buttons(
    desk: Desk, camille: Person, karim: Person
) -> None:
    ask(karim)
    remind(desk)
    karim.resolve()
    karim.menu("Approuvé de vive voix…")
    karim.submit({"Quand et comment a-t-il été approuvé ?": "Au téléphone."})
    opened = [mail["text"].partition("/archives/")[2].split()[0] for mail in desk.mails()]
    messages = [each for each in camille.messages() if "Un ticket attend" not in each["text"]]
    stamps = [message["ts"].replace(".", "") for message in messages]
    assert [link.partition("/p")[2] for link in opened] == stamps
    assert len(set(stamps)) == 4, "the card, the question, the request, the decision"


def test_an_email_waits_a_little_for_the_message_that_it_opens(
    desk: Desk, camille: Person, caplog: pytest.LogCaptureFixture
) -> None:
    desk.stop_clock(NOW)
    desk.fault("conversations.open", 500)
    camille.file_ticket()
    assert (desk.mails(), camille.messages()) == ([], [])
    [row] = deliveries(desk, kind=DeliveryKind.MAIL)
    assert (row.state, row.reason) == (DeliveryState.PENDING, Reason.MESSAGE_NOT_POSTED)
    assert "mail of ticket" not in caplog.text
    wait(desk)
    [mail] = desk.mails()
    assert f"/p{camille.messages()[0]['ts'].replace('.', '')}" in mail["text"]


def test_an_email_goes_on_without_a_message_that_slack_does_not_take(desk: Desk, camille: Person) -> None:
    desk.stop_clock(NOW)
    desk.fault("conversations.open", 429, retry_after=600)
    camille.file_ticket()
    for _turn in range(9):
        wait(desk, WAIT_MAX / 9 - SECOND)
    assert desk.mails() == []
    assert deliveries(desk, kind=DeliveryKind.MAIL)[0].attempt < 8
    wait(desk, 10 * SECOND)
    [mail] = desk.mails()
    assert "/app_redirect?app=" in mail["text"]
    assert camille.messages() == []


# How many


def counted(desk: Desk) -> tuple[int, bool]:
    """How many e-mails Camille got about the ticket, and whether she was reminded."""
    with desk.sessions() as session:
        [count] = session.query(MailCount).all()
        return count.sent, count.reminded_at is not None


@pytest.mark.usefixtures("ticket")
def test_the_seventh_email_is_not_sent_and_the_team_is_told_once(
    desk: Desk, camille: Person, karim: Person
) -> None:
    for turn in range(MAILS_MAX + 1):
        karim.resolve(f"Essai {turn}.")
        camille.press("Ça ne marche toujours pas", DIRECT)
        camille.submit({"Qu’est-ce qui ne marche toujours pas ?": "Rien."})
    assert len(desk.mails()) == MAILS_MAX
    assert counted(desk) == (MAILS_MAX, False)
    said = [line for line in karim.reads_thread() if "n’a pas reçu le courriel" in line]
    assert len(said) == 1
    assert "six" in said[0]
    assert f"Essai {MAILS_MAX}." in "".join(camille.reads()), "Slack goes on"


@pytest.mark.usefixtures("ticket")
def test_an_email_that_was_sent_twice_counts_once(desk: Desk, karim: Person) -> None:
    desk.slack.control.post("faults", smtp="reset", when="after")
    karim.resolve()
    wait(desk)
    assert len(desk.mails()) == 3
    assert counted(desk) == (2, False)


@pytest.mark.usefixtures("ticket")
def test_a_reminder_within_a_day_of_another_waits_for_the_day_to_end(desk: Desk, karim: Person) -> None:
    ask(karim)
    remind(desk)
    assert counted(desk) == (2, True)
    with desk.sessions.begin() as session:
        [asked] = [each for each in deliveries(desk, kind=DeliveryKind.MAIL) if each.event_number > 1]
        create_delivery(
            session,
            key="another reminder",
            kind=DeliveryKind.MAIL,
            method="smtp",
            details=MailDetails("question", "ab12"),
            created_at=desk.now,
            due_at=desk.now + HOUR,
            **{name: getattr(asked, name) for name in ("recipient", "person_id", "ticket_id", "event_id")},
            event_number=asked.event_number,
        )
    wait(desk, HOUR)
    [row] = deliveries(desk, key="another reminder")
    assert (row.state, row.reason, row.due_at) == (
        DeliveryState.PENDING,
        Reason.REMINDED_TODAY,
        desk.now + 23 * HOUR,
    )
    karim.resolve()
    assert subjects(desk)[-1] == "Solution à vérifier", "no other waits for it"
    wait(desk, DAY)
    assert deliveries(desk, key="another reminder")[0].reason is Reason.TICKET_MOVED_ON


@pytest.mark.usefixtures("ticket")
def test_a_deleted_question_is_not_mailed(desk: Desk, karim: Person) -> None:
    ask(karim)
    with desk.sessions.begin() as session:
        session.execute(update(Comment).values(deleted_at=desk.now))
    remind(desk)
    assert subjects(desk) == ["Reçu"]


def test_in_english(desk: Desk, oliver: Person, karim: Person) -> None:
    desk.stop_clock(NOW)
    oliver.file_ticket("Printer down")
    karim.take()
    ask(karim, "Which room?")
    remind(desk)
    mail = desk.mails()[-1]
    assert mail["subject"] == "[No. 1 · A question for you] Printer down"
    assert "Which room?" in mail["text"]
    assert "Reply in Slack:" in mail["text"]


def test_metrics_leave_out_emails_for_later(box: Outbox) -> None:
    box.put("reminder", number=2, due=DAY, **MAIL)
    with box.sessions() as session:
        assert session.execute(pending_deliveries(NOW)).one()[0] == 0
        assert session.execute(pending_deliveries(NOW + DAY)).one()[0] == 1
