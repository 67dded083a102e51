"""How Slack is asked to judge screens, and what is said when it does not."""

from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from bot.ops.screens import judging
from bot.ops.screens.check import LISTED
from bot.ops.screens.judging import WAIT_MAX
from bot.ops.screens.payloads import BLOCKS_MAX, payloads
from bot.ops.screens.screen import Screen
from playground.testing import Playground
from tests.ops.screens.conftest import Judged


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "plain_text", "text": text}}


def button(text: str, action_id: str = "do") -> dict[str, Any]:
    pressed = {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": text}}
    return {"type": "actions", "elements": [pressed]}


def message(title: str, *blocks: dict[str, Any], locale: str = "fr") -> Screen:
    return Screen(title, locale, "message", {"blocks": list(blocks)})


def view(title: str, *blocks: dict[str, Any]) -> Screen:
    head = {"type": "plain_text", "text": "Titre"}
    return Screen(title, "fr", "view", {"type": "modal", "title": head, "blocks": list(blocks)})


GOOD, LONG = "Bonjour", "x" * 76  # a button's text has 75 characters


def test_a_refused_screen_is_named_with_slacks_reason_and_pointer(judged: Judged) -> None:
    refused, summary = judged(message("a card", section(GOOD), button(LONG)))
    assert not refused.ok
    assert refused.text.startswith("screens: a card, in French is refused by Slack: ")
    assert refused.text.endswith("[/blocks/1/elements/0/text/text]")
    assert (summary.ok, summary.text) == (True, "screens: 1 judged by Slack, with the faults above")


def test_of_screens_that_are_judged_together_only_the_refused_one_is_named(judged: Judged) -> None:
    good = [message(f"good {number}", button(GOOD)) for number in range(3)]
    found = judged(*good, message("bad", button(LONG)), message("another", section(GOOD)))
    assert [each.text.partition(" is refused")[0] for each in found[:-1]] == ["screens: bad, in French"]


def test_a_refused_view_is_named(judged: Judged) -> None:
    refused, _summary = judged(view("a form", button(LONG)), view("another form", section(GOOD)))
    assert refused.text.startswith("screens: a form, in French is refused by Slack: ")


def test_screens_that_differ_in_words_are_one_call(judged: Judged, playground: Playground) -> None:
    french = message("a card", section("Bonjour à toutes et à tous"))
    judged(french, message("a card", section("Hello"), locale="en"), french)
    assert len(_calls(playground)) == 1


def test_no_message_stands_for_more_blocks_than_one_may_have() -> None:
    many = [message("many", *[section(GOOD)] * size) for size in (30, 21, 29)]
    assert [len(each.content["blocks"]) for each in payloads(many)] == [30, 50]
    assert BLOCKS_MAX == 50


def test_different_choices_are_never_taken_for_different_words() -> None:
    first, second = ({"type": "datepicker", "initial_date": f"2026-11-0{day}"} for day in (1, 2))
    fields = [
        {"type": "input", "label": {"type": "plain_text", "text": "Jour"}, "element": each}
        for each in (first, second)
    ]
    assert len(list(payloads(view("a form", each) for each in fields))) == 2


def test_an_empty_text_is_not_hidden_by_a_longer_one(judged: Judged) -> None:
    refused, _summary = judged(message("full", section(GOOD)), message("empty", section("")))
    assert refused.text.startswith("screens: empty, in French is refused")


def test_many_refused_screens_are_counted(judged: Judged) -> None:
    found = judged(*(message(f"bad {number}", button(LONG)) for number in range(LISTED + 3)))
    assert [finding.text for finding in found[LISTED:-1]] == ["screens: 3 others, too"]


def test_a_rate_limit_is_waited_for(judged: Judged, playground: Playground) -> None:
    _fault(playground, status=429, retry_after=7)
    slept = list[float]()
    [finding] = judged(message("a card", section(GOOD)), sleep=slept.append)
    assert (finding.sign, finding.text) == ("ok", "screens: 1 judged by Slack, no fault")
    assert slept == [7]


def test_a_part_that_was_judged_is_a_warning(judged: Judged, playground: Playground) -> None:
    _fault(playground, status=429, retry_after=40, times=0)
    slept = list[float]()
    [finding] = judged(message("a card", section(GOOD)), sleep=slept.append)
    assert finding.sign == "warn"
    assert finding.text == (
        "screens: 0 of 1 judged by Slack, no fault; Slack takes longer than a minute for all; "
        "each run takes others"
    )
    assert sum(slept) == 40 <= WAIT_MAX


def test_a_slow_slack_is_not_waited_for_longer(
    judged: Judged, playground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    passing = count(0, 25)  # seconds: twice for each call
    monkeypatch.setattr(judging, "ticks", lambda: float(next(passing)))
    finding = judged(*(message(f"card {number}", *[section(GOOD)] * (41 + number)) for number in range(5)))[
        -1
    ]
    assert finding.sign == "warn"
    assert finding.text.startswith("screens: 3 of 5 judged by Slack, no fault; ")
    assert len(_calls(playground)) == 3


def test_a_slack_without_the_method_is_a_warning(judged: Judged, playground: Playground) -> None:
    _fault(playground, error="unknown_method")
    [finding] = judged(message("a card", section(GOOD)))
    assert (finding.sign, finding.text) == (
        "warn",
        "screens: not judged, this Slack has no blocks.validate",
    )


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"error": "invalid_auth"}, "Slack answers invalid_auth; check SLACK_BOT_TOKEN"),
        ({"error": "internal_error"}, "Slack answers internal_error"),
        ({"status": 503}, "Slack answers 503"),
        ({"status": "reset"}, "Slack does not answer"),
    ],
)
def test_a_slack_that_does_not_judge_is_one_line(
    judged: Judged, playground: Playground, fault: dict[str, Any], why: str
) -> None:
    _fault(playground, times=0, **fault)
    [finding] = judged(message("a card", section(GOOD)), view("a form", section(GOOD)))
    assert (finding.ok, finding.text) == (False, f"screens: 0 of 2 judged: {why}")


def test_nothing_but_blocks_is_judged_of_a_message(judged: Judged, playground: Playground) -> None:
    judged(replace(message("a card", section(GOOD))))
    [call] = _calls(playground)
    assert "message" in str(call)


def _fault(playground: Playground, **fault: Any) -> None:
    assert playground.control.post("faults", method="blocks.validate", **fault)["ok"]


def _calls(playground: Playground) -> list[Any]:
    calls = playground.control.get("calls")["calls"]
    return [call for call in calls if call["method"] == "blocks.validate"]
