"""`docs/notifications.md` says what the policy says."""

import re

import pytest

from bot.notifications.policy import POLICY, Audience, When
from bot.notifications.policy_document import ACTIONS, DOCUMENT, MESSAGES, SILENT, TEXTS, UNLESS, document
from models.lifecycle import Action
from models.outbox.kinds import DeliveryKind


def row(action: Action) -> list[str]:
    """The cells of an action's line."""
    [line] = [line for line in document().splitlines() if f"(`{action}`)" in line]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_document_is_the_one_that_the_code_prints() -> None:
    """When it is not: `make policy`."""
    assert DOCUMENT.read_text(encoding="utf-8") == document()


def test_every_action_has_one_line() -> None:
    assert set(ACTIONS) == set(Action)
    assert re.findall(r"\(`(\w+)`\) \|", document()) == [action.value for action in Action]


def test_every_text_of_the_document_is_used() -> None:
    notices = [notice for each in POLICY.values() for notice in each]
    assert {(notice.to, notice.kind) for notice in notices} == {*SILENT, *MESSAGES}
    conditions = {(each.to, each.when) for each in notices if each.when not in {When.ALWAYS, *TEXTS}}
    assert conditions == set(UNLESS)
    assert {each.when for each in notices} >= set(TEXTS)


def test_silent_updates_go_to_authors_too() -> None:
    """The document need not mention it."""
    silent = [each for notices in POLICY.values() for each in notices if (each.to, each.kind) in SILENT]
    assert {each.when for each in silent} == {When.ALWAYS}


@pytest.mark.parametrize("action", list(Action))
def test_a_cell_is_empty_only_without_a_notification(action: Action) -> None:
    told = {(notice.to, notice.kind) for notice in POLICY[action]}
    spoken_to = {audience for audience, kind in told if (audience, kind) in MESSAGES}
    _action, updated, requester, team, others = row(action)
    assert (updated != "–") is bool(told & set(SILENT))
    assert (requester != "–") is (Audience.REQUESTER in spoken_to)
    assert (team != "–") is (Audience.TEAM in spoken_to)
    assert (others != "–") is bool(spoken_to - {Audience.REQUESTER, Audience.TEAM})


@pytest.mark.parametrize(
    ("action", "cells"),
    [
        (Action.TAKE, ["cards and Homes", "–", "–", "–"]),
        (
            Action.REPLY,
            [
                "the requester’s Home; the team’s card; technicians’ Homes",
                "the text, as a message, unless they acted",
                "the text, in the thread, unless it was written there",
                "–",
            ],
        ),
        (Action.NOTE, ["–", "–", "the text, in the thread, unless it was written there", "–"]),
        (
            Action.APPROVE,
            [
                "cards and Homes",
                "(the resolution request shows the answer); (what was still asked below their message is "
                "removed)",
                "–",
                "(the card of the outage it follows)",
            ],
        ),
    ],
)
def test_a_line_says_who_is_told(action: Action, cells: list[str]) -> None:
    assert row(action)[1:] == cells


@pytest.mark.parametrize("action", list(Action))
def test_every_mail_is_named(action: Action) -> None:
    mails = [notice.mail for notice in POLICY[action] if notice.kind is DeliveryKind.MAIL]
    assert re.findall(r"email “(\w+)”", row(action)[2]) == mails
