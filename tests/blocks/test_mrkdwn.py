"""What somebody typed as a Slack message reads as they typed it."""

from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from blocks.kit.block_text import block_text
from blocks.kit.mrkdwn import Names, plain_text
from playground.client.writing import slack_text
from playground.state.conversation.emoji import SHORTCODES
from playground.state.conversation.rich_text import rich_text
from playground.state.workspace import Workspace

NAMES = Names(
    people={"U1": "Karim Benali", "U2": "Anne-Laure & Cie <DSI>"},
    groups={"S2": "dnum"},
    channels={"C2": "assistance & réseau"},
)


def message(text: str, *emoji: tuple[str, str]) -> dict[str, Any]:
    """A message as Slack sends it: escaped text, and the emoji of its blocks (name, code points)."""
    elements = [{"type": "emoji", "name": name, "unicode": codes} for name, codes in emoji]
    section = {"type": "rich_text_section", "elements": elements}
    return {"text": text, "blocks": [{"type": "rich_text", "elements": [section]}]}


def read(text: str, *emoji: tuple[str, str]) -> str:
    return plain_text(message(text, *emoji), NAMES)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("", ""),
        ("  deux\n lignes ", "  deux\n lignes "),
        ("*gras* _penché_ ~barré~ `code`", "*gras* _penché_ ~barré~ `code`"),
        ("2 &lt; 3 &amp;&amp; 4 &gt; 1", "2 < 3 && 4 > 1"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),  # somebody typed an entity
        ("&amp;eacute;&amp;copy", "&eacute;&copy"),
        ("&lt;@U1&gt;", "<@U1>"),  # and somebody a mention's sign
        ("&lt;https://univ.example|ici&gt;", "<https://univ.example|ici>"),
    ],
)
def test_signs_that_slack_escapes_read_as_they_were_typed(text: str, typed: str) -> None:
    assert read(text) == typed


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("<@U1>, merci", "@Karim Benali, merci"),
        ("<@U2>", "@Anne-Laure & Cie <DSI>"),
        ("<@U1|karim>", "@karim"),
        ("<@U9>", "@quelqu’un"),  # whom Slack does not name
        ("<#C1|général>", "#général"),
        ("<#C1|>", "#canal privé"),  # a private channel is not named
        ("<#C1>", "#canal privé"),
        ("<#C2>", "#assistance & réseau"),
        ("<#C1|r&amp;d>", "#r&d"),
        ("<!here> <!channel> <!everyone>", "@here @channel @everyone"),
        ("<!here|@here>", "@here"),
        ("<!subteam^S1|@dnum>", "@dnum"),
        ("<!subteam^S1>", "@groupe"),
        ("<!subteam^S2>", "@dnum"),
        ("<!date^1700000000^{date}|14 novembre>", "14 novembre"),
    ],
)
def test_mentions_read_as_names(text: str, typed: str) -> None:
    assert read(text) == typed


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("<https://univ.example/wifi>", "https://univ.example/wifi"),
        ("<https://univ.example/?a=1&amp;b=2>", "https://univ.example/?a=1&b=2"),
        ("<http://univ.example|univ.example>", "univ.example"),
        ("<https://univ.example|https://univ.example>", "https://univ.example"),
        ("<mailto:dsi@univ.example|dsi@univ.example>", "dsi@univ.example"),
        ("<tel:0102030405|0102030405>", "0102030405"),
        ("<https://univ.example/aide|le guide>", "le guide (https://univ.example/aide)"),
        # Words that happen to stand in the address do not say it.
        ("<https://univ.example/wifi|wifi>", "wifi (https://univ.example/wifi)"),
        ("<https://univ.example/?a&amp;b|a&amp;b>", "a&b (https://univ.example/?a&b)"),
        ("<https://a.example> et <https://b.example|b>", "https://a.example et b (https://b.example)"),
    ],
)
def test_links_read_as_addresses(text: str, typed: str) -> None:
    assert read(text) == typed


@pytest.mark.parametrize(
    ("text", "emoji", "typed"),
    [
        ("bravo :tada:", [("tada", "1f389")], "bravo 🎉"),
        (":warning: :warning:", [("warning", "26a0-fe0f")], "⚠️ ⚠️"),
        (":+1::-1:", [("+1", "1f44d"), ("-1", "1f44e")], "👍👎"),
        ("à 10:30:tada:", [("tada", "1f389")], "à 10:30🎉"),
        (":dnum:", [], ":dnum:"),  # the workspace's own
        ("10:30:45", [("tada", "1f389")], "10:30:45"),
        (":flag-fr:", [("flag-fr", "1f1eb-1f1f7")], "🇫🇷"),
        (":technologist:", [("technologist", "1f9d1-200d-1f4bb")], "🧑‍💻"),
    ],
)
def test_emoji_read_as_their_characters(text: str, emoji: list[tuple[str, str]], typed: str) -> None:
    assert read(text, *emoji) == typed


@pytest.mark.parametrize("name", ["wave", "wave::skin-tone-3"])
def test_an_emojis_skin_keeps_its_tone(name: str) -> None:
    """Slack's name of it comes with the tone or without; its characters always say it."""
    dark = (name, "1f44b-1f3fc")
    assert read("salut :wave::skin-tone-3: !", dark) == "salut 👋🏼 !"
    assert read(":wave: :wave::skin-tone-3:", ("wave", "1f44b"), dark) == "👋 👋🏼"


def test_nothing_inside_a_name_or_an_address_reads_as_an_emoji() -> None:
    found = read("<@U1|:x:> <https://univ.example/:x:> :x:", ("x", "274c"))
    assert found == "@:x: https://univ.example/:x: ❌"


def test_emoji_in_lists_and_quotes_are_found() -> None:
    item = {"type": "rich_text_section", "elements": [{"type": "emoji", "name": "tada", "unicode": "1f389"}]}
    block = {"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": [item]}]}
    assert plain_text({"text": "• :tada:", "blocks": [block]}, NAMES) == "• 🎉"


@pytest.mark.parametrize("empty", [{}, {"text": None}, {"text": "", "blocks": []}])
def test_a_message_of_files_alone_has_no_words(empty: dict[str, Any]) -> None:
    assert plain_text(empty, NAMES) == ""


PIECES = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
    st.text(alphabet="&<>|:;@#!*_~`^ ab1./\n", max_size=12),
    st.sampled_from(sorted(SHORTCODES.values())).map(" {} ".format),
    st.sampled_from(["https://univ.example/a?b=1&c=2 ", "dsi@univ.example ", "@here ", "&amp;", "<@U1>"]),
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join))
@example("<@U1> & <!here> &lt; <https://univ.example|ici>")
def test_what_is_typed_in_slacks_client_is_what_is_read(typed: str) -> None:
    """Through the playground's own client, where nobody is known by these names."""
    assume(not any(f":{name}:" in typed for name in SHORTCODES))  # Slack would draw these as emoji
    text = slack_text(Workspace(), typed)
    assert plain_text({"text": text, "blocks": [rich_text(text)]}, NAMES) == typed


@pytest.mark.parametrize("codes", ["zz", "d83d", "0", "ffffffffff", "-"])
def test_an_emoji_of_no_character_stays_as_it_is_called(codes: str) -> None:
    assert read("vu :wave: ici", ("wave", codes)) == "vu :wave: ici"
    drawn = {"type": "rich_text_section", "elements": [{"type": "emoji", "name": "wave", "unicode": codes}]}
    assert block_text([{"type": "rich_text", "elements": [drawn]}]) == ":wave:"


def test_an_emoji_without_a_name_is_none() -> None:
    drawn = {"type": "rich_text_section", "elements": [{"type": "emoji", "unicode": "1f44b"}]}
    assert plain_text({"text": "vu", "blocks": [{"type": "rich_text", "elements": [drawn]}]}, NAMES) == "vu"
