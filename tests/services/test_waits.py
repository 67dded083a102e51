"""Reminders to requesters, and closing by silence: on working days, after warnings that arrived."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from pytest_mock import MockerFixture
from sqlalchemy import event

from bot.catalogue.calendar.build import shipped_calendar
from bot.context.settings import UseCaseSettings
from bot.context.unit_of_work import UnitOfWork
from bot.delivery.errors import Permanent, Retryable
from bot.services.clocks.chasing import chase, chaseable, postpone
from bot.services.tickets.comments import edits
from bot.services.tickets.comments.early_changes import EditedMessage
from bot.services.tickets.waits import reminders, silence
from bot.services.tickets.waits.recompute import recompute_waits
from bot.services.tickets.waits.reminders import remind
from models.catalogue import CatalogueState
from models.errors import ChasedToday, ChasedTooEarly, PostponedEnough, TransitionRefused
from models.lifecycle import Action, Ending, HoldReason, Status
from models.outbox.details import UnheardDetails
from models.outbox.kinds import DeliveryState
from models.outbox.reasons import Reason, Undelivered
from models.person import Person
from models.tickets.ticket import Ticket
from tests.support.passing_days import DAY, HOUR, PassingDays, reminder_text
from tests.support.scenarios import CHANNEL, DIRECT, again, hear, hold, note, reply
from tests.support.use_case_desk import MINUTE, NOW, SmallDesk
from tests.support.waits import asked, at, resolved, taken


@pytest.fixture
def days(small_desk: SmallDesk) -> PassingDays:
    return PassingDays(small_desk)


def reminded_on(days: PassingDays) -> list[date]:
    return [when.date() for when, _text in days.reminders]


def unheard(days: PassingDays) -> list[UnheardDetails]:
    """The lines for teams about reminders that did not arrive."""
    return [each.details for each in days.desk.deliveries() if isinstance(each.details, UnheardDetails)]


# What is due when


def test_a_question_is_repeated_three_times_then_closed(days: PassingDays) -> None:
    ticket = asked(days)
    days.until(at(14, 8))
    assert again(days.desk, ticket).status is Status.PENDING
    days.until(at(14, 9))
    made = again(days.desk, ticket)
    assert reminded_on(days) == [date(2026, 11, 25), date(2026, 11, 30), date(2026, 12, 9)]
    assert (made.status, made.ending, made.closed_at) == (Status.CLOSED, Ending.SILENCE, at(14))
    assert days.standing == [], "nothing waits any more"
    assert not made.may_be_rated


def test_a_solution_is_repeated_twice_then_closed(days: PassingDays) -> None:
    ticket = resolved(days)
    days.until(at(7))
    made = again(days.desk, ticket)
    assert reminded_on(days) == [date(2026, 11, 26), date(2026, 12, 2)]
    assert (made.status, made.ending, made.closed_at) == (Status.CLOSED, Ending.SILENCE, at(7))
    event = days.desk.history(made)[-1]
    assert (event.action, event.surface, event.actor.name) == (Action.CLOSE, "calendar", "Karim")
    steps = [subject.partition("]")[0].partition(" · ")[2] for subject in days.subjects]
    assert steps == ["Reçu", "Solution à vérifier", "Dernier rappel", "Clos"]


def test_the_message_says_when_it_closes_and_replaces_the_former(days: PassingDays) -> None:
    asked(days)
    days.until(at(1))
    assert len(days.reminders) == 2
    [text] = days.standing
    assert "Un ticket attend votre réponse" in text
    assert "Quelle salle ?" in text
    assert "Sans réponse de votre part, ce ticket sera clos le 14 décembre 2026." in text


def test_one_message_a_day_lists_all_that_waits(days: PassingDays) -> None:
    asked(days, "Quelle salle ?")
    days.until(NOW + 3 * DAY)
    resolved(days)
    days.until(at(2, 16))
    assert len(reminded_on(days)) == len(set(reminded_on(days)))
    assert "2 tickets attendent votre réponse" in days.reminders[-1][1]
    assert "Quelle salle ?" in days.reminders[-1][1]
    assert "Câble changé." in days.reminders[-1][1]


def test_all_that_is_due_is_reminded_of_in_one_run(days: PassingDays, mocker: MockerFixture) -> None:
    mocker.patch.object(reminders, "PORTION", 1)
    tickets = [asked(days), asked(days)]
    days.desk.work_off(remind, NOW + 2 * DAY)
    later = [again(days.desk, each).remind_requester_at for each in tickets]
    assert later == [NOW + 7 * DAY, at(26, 7, month=11)], "one message a day: the other's comes tomorrow"


def test_what_is_answered_leaves_the_message(days: PassingDays) -> None:
    ticket = asked(days)
    days.until(NOW + 2 * DAY)
    assert len(days.standing) == 1
    hear(days.desk, ticket, days.desk.actor("camille"), "B204.", now=days.now)
    days.work()
    assert days.standing == []


@pytest.mark.parametrize(
    ("settings", "close"),
    [
        (UseCaseSettings(close_question_after=0), None),
        (UseCaseSettings(close_question_after=3), date(2026, 11, 26)),
    ],
)
def test_the_settings_say_after_how_many_days(
    days: PassingDays, settings: UseCaseSettings, close: date | None
) -> None:
    days.desk = replace(days.desk, settings=settings)
    ticket = asked(days)
    days.until(at(31))
    made = again(days.desk, ticket)
    assert (made.closed_at.date() if made.closed_at else None) == close
    assert len(days.reminders) == (3 if close is None else 1)


def test_nothing_happens_on_closed_days_or_at_night(days: PassingDays) -> None:
    days.now = at(24, 16, 30)  # Thursday at 17:30; Friday is Christmas
    resolved(days)
    days.until(at(29, 16, 30))
    assert days.reminders == []
    days.until(at(30, 6, 59))
    days.until(at(30, 16, 30))
    assert reminded_on(days) == [date(2026, 12, 30)]


def test_what_is_due_just_before_the_desk_closes_is_closed_that_evening(days: PassingDays) -> None:
    days.now = at(23, 16, 59, month=11)  # on Monday at 17:59
    ticket = resolved(days)
    days.until(at(7, 16, 30), step=HOUR)
    assert again(days.desk, ticket).status is Status.RESOLVED
    days.until(at(7, 17, 2), step=32 * MINUTE)
    assert again(days.desk, ticket).closed_at == at(7, 17, 2)


def test_one_that_fails_keeps_no_other_from_being_closed(
    days: PassingDays, mocker: MockerFixture, caplog: pytest.LogCaptureFixture
) -> None:
    broken, other = resolved(days), resolved(days)
    days.until(at(7, 8))
    close = silence.close

    def fail_once(uow: UnitOfWork, ticket: Ticket) -> None:
        close(uow, ticket)
        if ticket.id == broken.id:
            raise RuntimeError("broken")

    mocker.patch.object(silence, "close", fail_once)
    days.until(at(7, 9))
    states = [again(days.desk, each).status for each in (broken, other)]
    assert states == [Status.RESOLVED, Status.CLOSED]
    assert again(days.desk, broken).close_at == at(7, 10)
    assert "what waits was put off" in caplog.text
    mocker.stopall()
    days.until(at(7, 10), step=HOUR)
    assert again(days.desk, broken).status is Status.CLOSED


# Whose word is the last


def test_nothing_closes_while_the_last_word_is_the_requesters(days: PassingDays) -> None:
    ticket = resolved(days)
    hear(days.desk, ticket, days.desk.actor("camille"), "Je regarde demain.", now=days.now)
    days.until(at(31))
    assert again(days.desk, ticket).status is Status.RESOLVED
    assert days.reminders == []


def test_an_edit_after_the_teams_word_is_a_word_of_the_requesters(days: PassingDays) -> None:
    ticket, camille = resolved(days), days.desk.actor("camille")
    hear(days.desk, ticket, camille, "Oui.", now=days.now)
    reply(days.desk, ticket, days.desk.actor("karim", "assistance"), "Donc tout va bien ?", now=days.now)
    assert again(days.desk, ticket).close_at is not None
    edited = EditedMessage(DIRECT, "9.001", "Non, toujours pas.")
    days.desk.do(lambda uow: edits.edit(uow, edited), now=days.now + DAY)
    days.until(at(31))
    made = again(days.desk, ticket)
    assert (made.status, made.requester_wrote_at) == (Status.RESOLVED, NOW + DAY)
    assert days.reminders == []


def test_an_edit_of_the_technicians_is_none_of_the_requesters(days: PassingDays) -> None:
    ticket, karim = asked(days), days.desk.actor("karim", "assistance")
    hear(days.desk, ticket, karim, "Je précise : quel bâtiment ?", channel=CHANNEL, now=days.now)
    close_at = again(days.desk, ticket).close_at
    edited = EditedMessage(CHANNEL, "9.001", "Je précise : quelle aile ?")
    days.desk.do(lambda uow: edits.edit(uow, edited), now=days.now + DAY)
    assert again(days.desk, ticket).close_at == close_at is not None


def test_a_note_is_no_word_to_the_requester(days: PassingDays) -> None:
    ticket, karim = resolved(days), days.desk.actor("karim", "assistance")
    hear(days.desk, ticket, days.desk.actor("camille"), "Je regarde demain.", now=days.now)
    note(days.desk, ticket, karim, "À suivre.", now=days.now)
    assert again(days.desk, ticket).close_at is None


@pytest.mark.parametrize("by", ["answer", "ask again"])
def test_the_teams_word_begins_a_new_count(days: PassingDays, by: str) -> None:
    ticket, karim = resolved(days), days.desk.actor("karim", "assistance")
    hear(days.desk, ticket, days.desk.actor("camille"), "Je regarde demain.", now=days.now)
    days.until(at(1))
    if by == "answer":
        reply(days.desk, ticket, karim, "Très bien.", now=days.now)
    else:
        days.desk.act(ticket, Action.ASK_AGAIN, karim, now=days.now)
        days.work()
        assert any("Karim vous repose la question" in shown.text for shown in days.slack.standing.values())
    made = again(days.desk, ticket)
    assert (made.requester_wrote_at, made.waits_since, made.close_at) == (None, at(1), at(15))
    days.until(at(15))
    assert again(days.desk, ticket).ending is Ending.SILENCE


def test_nobody_asks_again_who_was_not_answered(days: PassingDays) -> None:
    with pytest.raises(TransitionRefused):
        days.desk.act(resolved(days), Action.ASK_AGAIN, days.desk.actor("karim", "assistance"))


def test_a_hold_for_the_requester_with_a_date_is_not_closed(days: PassingDays) -> None:
    karim = days.desk.actor("karim", "assistance")
    ticket = reply(days.desk, taken(days), karim, "Quelle salle ?", now=days.now)
    ticket = hold(days.desk, ticket, karim, HoldReason.REQUESTER, date(2027, 2, 1))
    assert (ticket.close_at, ticket.remind_requester_at) == (None, NOW + 2 * DAY)


def test_a_hold_for_a_requester_who_was_asked_nothing_comes_back_to_the_team(days: PassingDays) -> None:
    karim = days.desk.actor("karim", "assistance")
    ticket = hold(days.desk, taken(days), karim, HoldReason.REQUESTER)
    assert (ticket.close_at, ticket.remind_requester_at, ticket.wakes_at) == (None, None, at(7))
    replied = reply(days.desk, ticket, karim, "Quelle salle ?", now=NOW + DAY)
    assert (replied.wakes_at, replied.remind_requester_at) == (None, NOW + 3 * DAY)
    other = hold(days.desk, taken(days), karim, HoldReason.REQUESTER)
    days.until(at(8))
    assert again(days.desk, other).status is Status.IN_PROGRESS


# More time


def test_a_week_more_may_be_had_twice(days: PassingDays) -> None:
    ticket, camille = resolved(days), days.desk.actor("camille")
    days.until(at(2))
    assert len(days.reminders) == 2
    postponed = days.desk.do(lambda uow: postpone(uow, ticket.id), camille, days.now)
    assert (postponed.close_at, postponed.remind_requester_at) == (at(14), at(9))
    days.work()
    assert "14 décembre 2026" in days.standing[0]
    days.desk.do(lambda uow: postpone(uow, ticket.id), camille, days.now)
    with pytest.raises(PostponedEnough):
        days.desk.do(lambda uow: postpone(uow, ticket.id), camille, days.now)
    days.until(at(21))
    assert reminded_on(days)[2:] == [date(2026, 12, 11)] or len(days.reminders) >= 3
    assert again(days.desk, ticket).ending is Ending.SILENCE
    assert again(days.desk, ticket).closed_at == at(21)


# Warnings that do not arrive


def refuse_reminders(days: PassingDays) -> None:
    days.slack.refusal = lambda shown: (
        Permanent(Reason.REFUSED, "chat.postMessage", "messages_tab_disabled")
        if reminder_text(shown.blocks)
        else None
    )


def test_nothing_closes_whose_warning_was_lost_and_the_team_is_told_once(days: PassingDays) -> None:
    ticket = resolved(days)
    refuse_reminders(days)
    days.until(at(31))
    made = again(days.desk, ticket)
    assert (made.status, made.is_kept_open) == (Status.RESOLVED, True)
    assert unheard(days) == [UnheardDetails(Undelivered.MESSAGES_OFF)]


def test_nothing_closes_of_somebody_who_is_gone(days: PassingDays) -> None:
    ticket = resolved(days)
    with days.desk.sessions.begin() as session:
        session.get_one(Person, ticket.requester_id).is_deactivated = True
    days.until(at(31))
    assert again(days.desk, ticket).status is Status.RESOLVED
    assert unheard(days) == [UnheardDetails(Undelivered.ACCOUNT_CLOSED)]


def test_a_child_of_an_outage_gets_a_card_that_says_it_stays_open(days: PassingDays) -> None:
    ticket = days.desk.open()
    with days.desk.sessions.begin() as session:
        session.get_one(Ticket, ticket.id).is_outage_child = True
    days.desk.act(ticket, Action.RESOLVE, days.desk.actor("karim", "assistance"), "Réparé.", days.now)
    with days.desk.sessions.begin() as session:
        session.get_one(Person, ticket.requester_id).is_deactivated = True
    days.until(at(31))
    assert not again(days.desk, ticket).is_outage_child
    lines = [each for each in days.desk.deliveries() if isinstance(each.details, UnheardDetails)]
    cards = [each for each in days.desk.deliveries() if each.key.endswith(":unheard")]
    assert {each.state for each in [*lines, *cards]} == {DeliveryState.SENT}
    assert len(lines) == 1


def test_a_new_word_of_the_teams_begins_a_count_after_a_lost_warning(days: PassingDays) -> None:
    ticket = resolved(days)
    refuse_reminders(days)
    days.until(at(2))
    days.slack.refusal = lambda _shown: None
    reply(days.desk, ticket, days.desk.actor("karim", "assistance"), "Et maintenant ?", now=days.now)
    assert again(days.desk, ticket).close_at == at(16)


def test_a_reminder_that_is_late_is_sent_when_the_desk_opens(days: PassingDays) -> None:
    """The worker was down from 17:30 to 20:00."""
    days.now = NOW + 7 * 60 * MINUTE + 30 * MINUTE
    ticket = asked(days)
    days.worker.drain()
    days.now += 2 * DAY
    days.desk.do(remind, now=days.now)
    days.now += 150 * MINUTE
    days.work()
    assert days.reminders == []
    days.until(NOW + 3 * DAY, step=60 * MINUTE)
    assert days.reminders[0][0].date() == date(2026, 11, 26)
    assert again(days.desk, ticket).warned == 1


def test_while_slack_is_down_nothing_closes_and_one_email_warns(days: PassingDays) -> None:
    ticket = resolved(days)
    days.until(at(1, 8))
    days.slack.refusal = lambda _shown: Retryable(Reason.REMOTE_ERROR, "chat.postMessage", "500")
    days.until(at(9, 16), step=60 * MINUTE)
    assert again(days.desk, ticket).status is Status.RESOLVED
    assert sum("Dernier rappel" in subject for subject in days.subjects) == 1
    days.slack.refusal = lambda _shown: None
    days.until(at(11, 16), step=60 * MINUTE)
    assert [text.rpartition("clos le ")[2] for _when, text in days.reminders] == [
        "7 décembre 2026.",
        "11 décembre 2026.",
    ]
    assert again(days.desk, ticket).closed_at == at(11, 7)


# A changed calendar


def test_another_setting_computes_the_dates_anew(days: PassingDays) -> None:
    ticket = asked(days)
    days.desk.do(recompute_waits)
    assert again(days.desk, ticket).close_at == at(14)
    days.desk = replace(days.desk, settings=UseCaseSettings(close_question_after=20))
    assert days.desk.do(recompute_waits) is False
    assert again(days.desk, ticket).close_at == at(21)


def test_what_waited_before_the_upgrade_begins_its_count_then(days: PassingDays) -> None:
    ticket = asked(days)
    with days.desk.sessions.begin() as session:
        old = session.get_one(Ticket, ticket.id)
        old.wait_event = old.waits_since = old.remind_requester_at = old.close_at = None
    now = NOW + 400 * DAY
    days.desk.do(recompute_waits, now=now)
    made = again(days.desk, ticket)
    assert made.remind_requester_at is not None
    assert made.remind_requester_at > now


# Chasing


def chased(days: PassingDays, ticket: Ticket, now: datetime) -> Ticket:
    return days.desk.do(lambda uow: chase(uow, ticket.id), days.desk.actor("camille"), now)


def test_a_ticket_is_chased_after_two_silent_days_once_a_day(days: PassingDays) -> None:
    ticket = taken(days)
    with days.desk.sessions.begin() as session:
        session.get_one(Ticket, ticket.id).due_at = NOW + 30 * DAY
    with pytest.raises(ChasedTooEarly) as refused:
        chased(days, ticket, NOW + DAY)
    assert refused.value.when == NOW + 2 * DAY
    assert chased(days, ticket, NOW + 2 * DAY).chased_at == NOW + 2 * DAY
    with pytest.raises(ChasedToday) as again_today:
        chased(days, ticket, NOW + 2 * DAY + MINUTE)
    assert again_today.value.when == at(26, 7, month=11)
    assert chased(days, ticket, at(26, 7, month=11)).chased_at == at(26, 7, month=11)
    reply(
        days.desk, ticket, days.desk.actor("karim", "assistance"), "Nous y travaillons.", now=at(26, month=11)
    )
    assert again(days.desk, ticket).chased_at is None
    with pytest.raises(ChasedTooEarly):
        chased(days, ticket, at(27, 7, month=11))


def test_few_tickets_take_as_many_statements_as_many(
    days: PassingDays,
) -> None:
    engine, statements = days.desk.sessions.kw["bind"], list[str]()
    with days.desk.sessions.begin() as session:
        session.add(CatalogueState(fingerprint="", calendar=shipped_calendar()))
    tickets = [days.desk.open() for _each in range(5)]

    def note(*call: Any) -> None:
        statements.append(str(call[2]))

    def found(some: Sequence[Ticket]) -> Collection[int]:
        statements.clear()
        return days.desk.do(
            lambda uow: chaseable(uow, [uow.session.merge(each) for each in some]), now=NOW + 9 * DAY
        )

    event.listen(engine, "before_cursor_execute", note)
    assert len(found(tickets[:2])) == 2
    few = [each for each in statements if "catalogue_state" in each]
    assert len(found(tickets)) == 5
    assert [each for each in statements if "catalogue_state" in each] == few
    event.remove(engine, "before_cursor_execute", note)


def test_a_late_ticket_is_chased_at_once(days: PassingDays) -> None:
    ticket = taken(days)
    with days.desk.sessions.begin() as session:
        session.get_one(Ticket, ticket.id).due_at = NOW + MINUTE
    assert chased(days, ticket, NOW + MINUTE).chased_at == NOW + MINUTE


def test_nobody_chases_what_waits_for_them(days: PassingDays) -> None:
    with pytest.raises(TransitionRefused):
        chased(days, asked(days), NOW + 30 * DAY)


# Reopening


def test_what_was_closed_by_silence_may_be_reopened_for_sixty_days(days: PassingDays) -> None:
    ticket, camille = resolved(days), days.desk.actor("camille")
    days.until(at(7))
    later = at(7) + 60 * DAY
    reopened = days.desk.act(ticket, Action.REOPEN, camille, "Toujours en panne.", later)
    assert (reopened.status, reopened.ending) == (Status.IN_PROGRESS, None)
