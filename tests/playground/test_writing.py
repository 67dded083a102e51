"""What people type in the playground, as the app hears of it: text, and the client's rich text."""

from typing import Any

import pytest

from playground.testing import Playground
from tests.playground.web_api_calls import events, find

Json = dict[str, Any]


@pytest.fixture
def heard(playground: Playground, monkeypatch: pytest.MonkeyPatch) -> list[Json]:
    return events(playground, monkeypatch)


def write(playground: Playground, text: str, channel: str = "#dnum-assistance", **more: Any) -> Json:
    answer: Json = playground.control.post("message", **{"user": "karim"} | more, channel=channel, text=text)
    return answer


def leaves(event: Json) -> list[Json]:
    """The elements in the only section of a message's rich text."""
    ((block,), ((section,),)) = event["blocks"], [block["elements"] for block in event["blocks"]]
    assert (block["type"], section["type"]) == ("rich_text", "rich_text_section")
    return list(section["elements"])


@pytest.mark.parametrize(
    ("entered", "text", "expected"),
    [
        (
            "@camille, voilà",
            "<@{@camille}>, voilà",
            [{"type": "user", "user_id": "{@camille}"}, {"type": "text", "text": ", voilà"}],
        ),
        ("2 < 3 & 4 > 1", "2 &lt; 3 &amp; 4 &gt; 1", [{"type": "text", "text": "2 < 3 & 4 > 1"}]),
        (
            "voir https://univ.example/a?b=1&c=2.",
            "voir <https://univ.example/a?b=1&amp;c=2>.",
            [
                {"type": "text", "text": "voir "},
                {"type": "link", "url": "https://univ.example/a?b=1&c=2"},
                {"type": "text", "text": "."},
            ],
        ),
        (
            "a.b@univ.example",
            "<mailto:a.b@univ.example|a.b@univ.example>",
            [{"type": "link", "url": "mailto:a.b@univ.example", "text": "a.b@univ.example"}],
        ),
        (
            "bravo :tada:",
            "bravo :tada:",
            [{"type": "text", "text": "bravo "}, {"type": "emoji", "name": "tada", "unicode": "1f389"}],
        ),
        (
            "👍 à 10:30:45",
            ":+1: à 10:30:45",
            [
                {"type": "emoji", "name": "+1", "unicode": "1f44d"},
                {"type": "text", "text": " à 10:30:45"},
            ],
        ),
        ("⚠️", ":warning:", [{"type": "emoji", "name": "warning", "unicode": "26a0-fe0f"}]),
        (
            "@here #general",
            "<!here> <#{#general}|general>",
            [
                {"type": "broadcast", "range": "here"},
                {"type": "text", "text": " "},
                {"type": "channel", "channel_id": "{#general}"},
            ],
        ),
        ("@personne *gras*", "@personne *gras*", [{"type": "text", "text": "@personne *gras*"}]),
    ],
)
def test_names_become_references(
    playground: Playground, heard: list[Json], entered: str, text: str, expected: list[Json]
) -> None:
    def filled(words: str) -> str:
        for name in ("@camille", "#general"):
            words = words.replace(f"{{{name}}}", find(playground, name))
        return words

    assert write(playground, entered)["ok"]
    (event,) = heard
    assert (event["channel_type"], event["text"]) == ("group", filled(text))
    assert leaves(event) == [{key: filled(value) for key, value in leaf.items()} for leaf in expected]


@pytest.mark.parametrize("channel", ["#dnum-assistance", "@guichet"])
def test_a_long_message_reaches_the_app_whole(
    playground: Playground, heard: list[Json], channel: str
) -> None:
    long = "mot " * 2_999 + "fin."
    assert len(long) == 12_000
    assert write(playground, long, channel)["ok"]
    (event,) = heard
    assert event["text"] == long
    assert leaves(event) == [{"type": "text", "text": long}]


def test_what_the_client_would_make_a_file_of_is_refused(playground: Playground, heard: list[Json]) -> None:
    assert write(playground, "x" * 12_001)["error"] == "msg_too_long"
    ts = write(playground, "x")["message"]["ts"]
    where: Json = {"user": "karim", "channel": "#dnum-assistance", "ts": ts}
    assert playground.control.post("edit", **where, text="x" * 12_001)["error"] == "msg_too_long"
    assert playground.control.post("edit", **where, text=" ")["error"] == "no_text"
    assert [event.get("subtype") for event in heard] == [None]


def test_an_edit_is_told_once_and_only_when_it_changes_something(
    playground: Playground, heard: list[Json]
) -> None:
    ts = write(playground, "voir https://univ.example")["message"]["ts"]
    where: Json = {"user": "karim", "channel": "#dnum-assistance", "ts": ts}
    assert playground.control.post("edit", **where, text="voir https://univ.example")["ok"]
    assert playground.control.post("edit", **where, text="lu :eyes:")["ok"]
    _, change = heard
    assert change["message"]["text"] == "lu :eyes:"
    assert change["message"]["edited"]["user"] == find(playground, "@karim")
    assert leaves(change["message"])[1] == {"type": "emoji", "name": "eyes", "unicode": "1f440"}
    assert change["previous_message"]["text"] == "voir <https://univ.example>"
