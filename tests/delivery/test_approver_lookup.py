"""Approvers whom only Slack knows, through the local Slack: groups, channels, people, managers."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.services.approvals.rows import approvals_of
from bot.slack.people import approvers
from models.approval_rule import ApprovalStep, Approvers, Quorum, Source
from models.approvals.approval import Approval, StepState
from models.base import LocalizedText
from models.catalogue import Service
from models.outbox.kinds import DeliveryKind, DeliveryState
from models.outbox.reasons import Reason
from models.person import Person as PersonRow
from playground.state.workspace import BOT_USER_ID
from tests.support.help_desk import DIRECT, FORM, Desk, Person
from tests.support.outbox_rows import deliveries, delivery, forgive

SERVICE, HEAD = "reprise-materiel", LocalizedText("Responsable", "Head")
GROUP_CALL, PROFILE_CALL = "usergroups.users.list", "users.profile.get"


def group(desk: Desk, *members: str, handle: str = "achats", **more: Any) -> str:
    made = desk.slack.control.post("usergroup", handle=handle, members=list(members), **more)
    return str(made["usergroup"]["id"])


def by_group(*names: str, **more: Any) -> ApprovalStep:
    return ApprovalStep(Approvers(Source.GROUP, names), HEAD, Quorum.ALL, **more)


def request(desk: Desk, who: ApprovalStep | Approvers, *, deliver: bool = True) -> None:
    """Camille asks for a service that needs this agreement."""
    step = who if isinstance(who, ApprovalStep) else ApprovalStep(who, HEAD)
    with desk.sessions.begin() as session:
        session.get_one(Service, SERVICE).approval = [step]
    camille = desk.person("camille")
    camille.command("/catalogue", "reprise recyclage")
    camille.press("Ouvrir le service Reprise et recyclage", deliver=deliver)
    camille.press("Demander un service", deliver=deliver)
    camille.submit(FORM, deliver=deliver)


def step_of(desk: Desk, ticket: int = 1) -> Approval:
    with desk.sessions() as session:
        [found] = approvals_of(session, ticket)
        assert all(each.person.name for each in found.approvers)  # read while the session is open
        return found


def asked(desk: Desk, ticket: int = 1) -> set[str]:
    names = {each.id: each.name for each in desk.slack.slack.workspace.people.values()}
    return {names[each.person.slack_id] for each in step_of(desk, ticket).asked}


def look_ups(desk: Desk) -> list[tuple[DeliveryState, Reason | None]]:
    return [(each.state, each.reason) for each in deliveries(desk, kind=DeliveryKind.APPROVERS)]


def without_scope(desk: Desk, scope: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = desk.slack.slack.manifest
    monkeypatch.setattr(desk.slack.slack, "manifest", replace(given, bot_scopes=given.bot_scopes - {scope}))


def test_each_member_of_a_group_is_asked_in_a_direct_message(desk: Desk) -> None:
    request(desk, by_group(group(desk, "lea", "aurelie", "camille")))
    assert (asked(desk), step_of(desk).state) == ({"lea", "aurelie"}, StepState.ASKED)
    for name in ("lea", "aurelie"):
        [message] = desk.person(name).reads(DIRECT)
        assert "Reprise et recyclage" in message
    rows = deliveries(desk, kind=DeliveryKind.AGREEMENT)
    assert [each.state for each in rows] == [DeliveryState.SENT] * 2
    assert desk.undelivered() == []


def test_a_group_that_was_deleted_has_its_fallback_asked(desk: Desk) -> None:
    gone = group(desk, "lea")
    group(desk, deleted=True)
    request(desk, by_group(gone, fallback=Approvers(Source.GROUP, (group(desk, "marc", handle="dsi"),))))
    [approver] = step_of(desk).asked
    assert (asked(desk), approver.is_fallback) == ({"marc"}, True)
    assert look_ups(desk) == [(DeliveryState.SENT, None)] * 2


@pytest.mark.parametrize("name", ["#habilitations", "id"])
def test_the_members_of_a_private_channel_are_asked_page_by_page(
    desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approvers, "PAGE", 1)
    channel = desk.slack.slack.workspace.channel("habilitations")
    assert channel is not None
    request(desk, Approvers(Source.CHANNEL, (channel.id if name == "id" else name,)))
    assert asked(desk) == {"aurelie", "marc"}
    assert len(desk.calls("conversations.members")) == 3, "the bot is a member, too"


@pytest.mark.parametrize("name", ["#general", "#nulle-part", "C0NOWHERE0"])
def test_of_a_public_channel_and_one_without_the_bot_nobody_is_asked(desk: Desk, name: str) -> None:
    request(desk, Approvers(Source.CHANNEL, (name,)))
    assert (asked(desk), step_of(desk).state) == (set(), StepState.CHOICE)


def test_of_many_members_the_first_are_asked_and_no_more_are_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(approvers, "MOST", 2)
    group_id = group(desk, "oliver", "aurelie", "lea", "marc")
    with caplog.at_level(logging.WARNING):
        request(desk, by_group(group_id))
    assert asked(desk) == {"oliver", "aurelie"}
    assert f"group {group_id} has more than 2 members: only 2 are asked" in caplog.text
    read = [call["arguments"]["user"] for call in desk.calls("users.info")]
    assert len(read) == len(set(read)) == 3, "Camille, and the two"


def test_somebody_named_who_does_not_exist_is_not_asked(desk: Desk) -> None:
    request(desk, Approvers(Source.PEOPLE, ("U0NOBODY000", desk.person("lea").slack_id)))
    forgive(desk, "user_not_found")
    assert asked(desk) == {"lea"}


def test_a_manager_is_asked_and_remembered_for_a_day(desk: Desk) -> None:
    desk.stop_clock()
    for _request in range(2):
        request(desk, Approvers(Source.MANAGER))
    assert (asked(desk, 1), asked(desk, 2)) == ({"aurelie"}, {"aurelie"})
    assert len(desk.calls(PROFILE_CALL)) == 1
    desk.slack.control.post("person", user="camille", manager="oliver")
    desk.ahead += timedelta(hours=25)
    request(desk, Approvers(Source.MANAGER))
    assert (asked(desk, 3), len(desk.calls(PROFILE_CALL))) == ({"oliver"}, 2)
    with desk.sessions() as session:
        camille = session.scalars(select(PersonRow).where(PersonRow.name == "Camille Bernard")).one()
        manager = session.get(PersonRow, camille.manager_id)
    assert manager is not None
    assert (manager.name, camille.manager_read_at) == ("Oliver Smith", desk.now)


def no_manager(desk: Desk, _monkeypatch: pytest.MonkeyPatch) -> None:
    desk.slack.control.post("person", user="camille", manager="")


def no_field(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    profiles = desk.parts.worker_directory.profiles
    monkeypatch.setattr(profiles, "defaults", replace(profiles.defaults, manager_field=None))


def no_scope(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    without_scope(desk, "users.profile:read", monkeypatch)


def deactivated(desk: Desk, _monkeypatch: pytest.MonkeyPatch) -> None:
    desk.slack.control.post("person", user="aurelie", deleted=True)


@pytest.mark.parametrize("change", [no_manager, no_field, no_scope, deactivated])
def test_without_a_manager_the_requester_chooses(
    desk: Desk, change: Callable[[Desk, pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    change(desk, monkeypatch)
    request(desk, Approvers(Source.MANAGER))
    assert (step_of(desk).state, asked(desk)) == (StepState.CHOICE, set())
    wait = delivery(desk, DeliveryKind.AGREEMENT_WAIT)
    assert wait.recipient.startswith("dm:")


def test_without_its_scope_a_group_is_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    without_scope(desk, "usergroups:read", monkeypatch)
    request(desk, by_group(group(desk, "lea"), fallback=Approvers(Source.PEOPLE, (slack_id(desk, "marc"),))))
    assert (asked(desk), look_ups(desk)[0]) == ({"marc"}, (DeliveryState.SENT, None))


def slack_id(desk: Desk, name: str) -> str:
    return desk.person(name).slack_id


@pytest.mark.parametrize("failure", [{"status": 500}, {"status": 429, "retry_after": 5}])
def test_what_slack_does_not_answer_is_asked_again(desk: Desk, failure: dict[str, int]) -> None:
    desk.stop_clock()
    desk.slack.control.post("faults", method=GROUP_CALL, **failure)
    request(desk, by_group(group(desk, "lea")))
    assert (step_of(desk).state, look_ups(desk)[0][0]) == (StepState.LOOKUP, DeliveryState.PENDING)
    desk.ahead += timedelta(seconds=10)
    desk.deliver()
    assert (asked(desk), step_of(desk).state) == ({"lea"}, StepState.ASKED)


def test_a_profile_that_slack_does_not_answer_for_is_asked_again(desk: Desk) -> None:
    desk.stop_clock()
    lea = slack_id(desk, "lea")
    desk.slack.control.post("faults", method="users.info", status=500, where={"user": lea})
    request(desk, by_group(group(desk, "lea")))
    assert step_of(desk).state is StepState.LOOKUP
    desk.ahead += timedelta(seconds=10)
    desk.deliver()
    assert asked(desk) == {"lea"}


def test_a_group_is_read_when_it_is_asked_and_not_before(desk: Desk) -> None:
    group_id = group(desk, "lea")
    request(desk, by_group(group_id), deliver=False)
    group(desk, "marc")
    desk.deliver()
    assert asked(desk) == {"marc"}


def test_a_request_that_was_cancelled_meanwhile_asks_nothing_of_slack(desk: Desk) -> None:
    request(desk, by_group(group(desk, "lea")), deliver=False)
    with desk.sessions.begin() as session:
        [approval] = approvals_of(session, 1)
        approval.state = StepState.WITHDRAWN
    desk.deliver()
    assert look_ups(desk) == [(DeliveryState.SKIPPED, Reason.TICKET_MOVED_ON)]
    assert desk.calls(GROUP_CALL) == []


def test_the_bot_in_a_group_is_not_asked(desk: Desk) -> None:
    bot: Person = desk.person("guichet")
    assert bot.slack_id == BOT_USER_ID
    request(desk, by_group(group(desk, "guichet", "lea")))
    assert asked(desk) == {"lea"}


def test_a_look_up_that_is_given_up_leaves_the_choice_to_the_requester(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.stop_clock()

    def broken(*_arguments: object, **_more: object) -> list[str]:
        raise ValueError

    monkeypatch.setattr(desk.parts.worker_directory.approvers, "find", broken)
    request(desk, by_group(group(desk, "lea")))
    assert step_of(desk).state is StepState.LOOKUP
    desk.ahead += timedelta(hours=25)
    desk.deliver()
    assert (step_of(desk).state, look_ups(desk)[0][0]) == (StepState.CHOICE, DeliveryState.DEAD)
