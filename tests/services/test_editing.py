"""A requester edits a ticket that nobody has taken yet."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.context.actor import Actor
from bot.context.settings import UseCaseSettings
from bot.services.tickets import editing
from bot.services.tickets.resubmission import submit
from models.errors import RoleRefused, TransitionRefused
from models.fields import INPUT_MAX, Field, FieldReason, FieldRefused
from models.lifecycle import Action, Impact, Priority, Urgency
from models.tickets.comment import Comment
from models.tickets.ticket import Ticket
from models.words.search_words import search_words
from tests.support.scenarios import again, edit_ticket, requalify
from tests.support.use_case_desk import MINUTE, NOW, SmallDesk, at_once


def test_what_was_changed_is_in_the_ticket_its_history_and_its_search(
    small_desk: SmallDesk, camille: Actor
) -> None:
    ticket = small_desk.open(small_desk.draft(description="Elle fume."))
    edited = edit_ticket(
        small_desk, ticket, camille, title="Écran noir", description="Rien.", now=NOW + MINUTE
    )
    assert (edited.title, edited.description) == ("Écran noir", "Rien.")
    event = small_desk.history(ticket)[-1]
    assert (event.action, event.text) == (Action.EDIT, None)
    assert event.details.title == ("Imprimante en panne", "Écran noir")
    assert event.details.description is True
    assert set(search_words("Écran noir Rien")) <= set(edited.search_text.split())
    assert "imprimante" not in edited.search_text


def test_impact_and_urgency_change_what_was_declared_and_when_it_is_due(
    small_desk: SmallDesk, camille: Actor
) -> None:
    ticket = small_desk.open()
    edited = edit_ticket(small_desk, ticket, camille, impact="organisation", urgency="critical")
    assert (edited.declared_impact, edited.declared_urgency) == (Impact.ORGANISATION, Urgency.CRITICAL)
    assert edited.priority is Priority.P1
    assert edited.due_at == NOW + timedelta(hours=4)
    assert small_desk.history(ticket)[-1].details.priority == (Priority.P3, Priority.P1)


def test_what_a_technician_declared_otherwise_stays_when_only_the_title_changes(
    small_desk: SmallDesk, camille: Actor, karim: Actor
) -> None:
    ticket = requalify(small_desk, small_desk.open(), karim, impact=Impact.SERVICE)
    edited = edit_ticket(small_desk, ticket, camille, title="Écran noir")
    assert (edited.impact, edited.declared_impact) == (Impact.SERVICE, Impact.PERSON)


def test_nothing_changed_records_nothing(small_desk: SmallDesk, camille: Actor) -> None:
    ticket = small_desk.open()
    edit_ticket(small_desk, ticket, camille, title=ticket.title)
    edit_ticket(small_desk, ticket, camille)
    assert [event.action for event in small_desk.history(ticket)] == [Action.OPEN]


def test_the_same_form_twice_is_one_change_even_once_taken(
    small_desk: SmallDesk, camille: Actor, karim: Actor
) -> None:
    ticket = small_desk.open()
    edit_ticket(small_desk, ticket, camille, title="Écran noir")
    small_desk.act(ticket, Action.TAKE, karim)
    edit_ticket(small_desk, ticket, camille, title="Écran noir")
    assert [event.action for event in small_desk.history(ticket)] == [Action.OPEN, Action.EDIT, Action.TAKE]


def test_once_taken_it_is_refused_and_says_by_whom(
    small_desk: SmallDesk, camille: Actor, karim: Actor
) -> None:
    ticket = small_desk.open()
    small_desk.act(ticket, Action.TAKE, karim)
    with pytest.raises(TransitionRefused) as refused:
        edit_ticket(small_desk, ticket, camille, title="Écran noir")
    assert (refused.value.last_action, refused.value.last_actor) == (Action.TAKE, "Karim")
    assert "add details" in refused.value.message


@pytest.mark.parametrize("who", [("karim", "assistance"), ("lea",)])
def test_only_its_requester_edits_it(small_desk: SmallDesk, who: tuple[str, ...]) -> None:
    ticket = small_desk.open()
    with pytest.raises(RoleRefused):
        edit_ticket(small_desk, ticket, small_desk.actor(*who), title="Écran noir")


def test_two_forms_at_once_change_each_its_field(small_desk: SmallDesk, camille: Actor) -> None:
    ticket = small_desk.open()
    edit_ticket(small_desk, ticket, camille, title="Écran noir")
    edit_ticket(small_desk, ticket, camille, description="Rien.")
    found = again(small_desk, ticket)
    assert (found.title, found.description) == ("Écran noir", "Rien.")


@pytest.mark.parametrize(("field", "first", "second"), [("title", "A", "B"), ("description", "A", "B")])
def test_the_second_of_two_forms_does_not_undo_the_first(
    small_desk: SmallDesk, camille: Actor, field: str, first: str, second: str
) -> None:
    ticket = small_desk.open()
    edit_ticket(small_desk, ticket, camille, **{field: first})
    with pytest.raises(FieldRefused) as refused:
        edit_ticket(small_desk, ticket, camille, **{field: second})
    assert (refused.value.field, refused.value.reason) == (field, FieldReason.CHANGED_MEANWHILE)
    assert getattr(again(small_desk, ticket), field) == first


def test_two_forms_sent_at_the_same_moment_lose_nothing(shared_desk: SmallDesk) -> None:
    ticket, camille = shared_desk.open(), shared_desk.actor("camille")

    def send(title: str) -> Ticket | FieldRefused:
        try:
            return edit_ticket(shared_desk, ticket, camille, title=title)
        except FieldRefused as refused:
            return refused

    results = at_once([partial(send, "A"), partial(send, "B")])
    assert sorted(type(each).__name__ for each in results) == ["FieldRefused", "Ticket"]
    assert sorted(event.action for event in shared_desk.history(ticket)) == [Action.EDIT, Action.OPEN]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        (Field.TITLE, " ", FieldReason.BLANK),
        (Field.TITLE, "x" * 151, FieldReason.TOO_LONG),
        (Field.IMPACT, "galaxy", FieldReason.MISSING),
        (Field.SITE, "nowhere", FieldReason.UNKNOWN),
        (Field.DESCRIPTION, "", FieldReason.BLANK),
    ],
)
def test_what_a_ticket_cannot_say_is_refused_at_its_field(
    small_desk: SmallDesk, camille: Actor, field: Field, value: str, reason: FieldReason
) -> None:
    desk = replace(small_desk, settings=UseCaseSettings(description_required=True))
    ticket = desk.open(desk.draft(description="Elle fume."))
    with pytest.raises(FieldRefused) as refused:
        edit_ticket(desk, ticket, camille, **{field.value: value})
    assert (refused.value.field, refused.value.reason) == (field, reason)


@pytest.mark.parametrize(
    ("description", "edited"),
    [("a" * INPUT_MAX + "la fin", "bla fin"), ("mot " * (INPUT_MAX // 4) + "la fin", "b la fin")],
)
def test_what_the_form_cannot_hold_of_a_description_stays(
    small_desk: SmallDesk, camille: Actor, description: str, edited: str
) -> None:
    ticket = small_desk.open(small_desk.draft(description=description))
    shown = editing._values(ticket)[Field.DESCRIPTION]
    was = {Field.DESCRIPTION.value: editing.fingerprint(shown)}
    changed = {Field.DESCRIPTION.value: "b"}
    done = small_desk.do(lambda uow: editing.edit(uow, ticket.id, changed, was), camille)
    assert done.description == edited


def test_the_first_form_sent_again_does_not_bring_the_old_words_back(
    small_desk: SmallDesk, camille: Actor
) -> None:
    draft = small_desk.draft()
    ticket = small_desk.open(draft)
    edit_ticket(small_desk, ticket, camille, title="Écran noir")
    sent = small_desk.do(lambda uow: submit(uow, draft), camille)
    assert (sent.ticket.id, sent.is_added) == (ticket.id, False)
    assert small_desk.count(Comment) == 0
    assert small_desk.count(Ticket) == 1
