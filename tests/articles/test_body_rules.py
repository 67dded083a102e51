"""What the check accepts, Slack shows: the view is one that it takes, with every word of the text."""

import gettext
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from blocks.articles.view import ArticleFrame, article_view
from blocks.i18n import Translator
from bot.articles.body_rules import body_problems
from models.markdown.plain_text import plain_text
from models.markdown.tree import parser
from playground.block_kit import check_view
from playground.block_kit.sizes import MOST_VIEW
from tests.conftest import ROOT
from tests.support.factories import both, make_article

Json = dict[str, Any]
EN = Translator("en", gettext.NullTranslations())
SHOWN = {"text", "code_inline", "fence", "code_block"}

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12)
INLINE = st.one_of(
    WORDS,
    *(WORDS.map(pattern.format) for pattern in ("**{}**", "*{}*", "~~{}~~", "`{}`", "***{}***", "{}\\\n")),
    WORDS.map("[{}](https://a.univ.example)".format),
    WORDS.map("![{}](https://a.univ.example/i.png)".format),
    st.sampled_from(
        ["<https://a.univ.example>", "<mailto:a@univ.example>", "&eacute;", "&amp;", "\\*", "\n"]
    ),
)
PARAGRAPH = st.lists(INLINE, min_size=1, max_size=6).map(" ".join)
MARKS = st.sampled_from(
    ["", "- ", "1. ", "7) ", "> ", "  - ", "   ", "      1. ", "## ", "#### ", "> - ", "    "]
)
BLOCK = st.builds("{}{}".format, MARKS, PARAGRAPH) | WORDS.map("```\n{}\n```".format) | st.just("---")
BODY = st.lists(st.tuples(BLOCK, st.sampled_from(["\n", "\n\n"])).map("".join), min_size=1, max_size=15).map(
    "".join
)


def view_of(body: str) -> Json:
    """The article's modal, as it is sent."""
    article = make_article("wifi", body=both(body))
    sent: Json = json.loads(json.dumps(article_view(EN, article, ArticleFrame("article", "{}")).to_dict()))
    return sent


def words(part: Any) -> str:
    """All texts of a part of a view, in their order."""
    if isinstance(part, list):
        return "".join(map(words, part))
    if not isinstance(part, dict):
        return ""
    text = part.get("text", "")
    return (words(text) if isinstance(text, dict) else text) + words(part.get("elements", []))


def bare(text: str) -> str:
    """Without white space and the signs that lists and quotations have as text."""
    return re.sub(r"[\s>]", "", text)


def contents(body: str) -> list[str]:
    """The texts of the body, in their order."""
    tokens = parser().parse(body)
    leaves = [leaf for token in tokens for leaf in (token.children or [token]) if leaf.type in SHOWN]
    return [bare(leaf.content) for leaf in leaves]


def assert_in_order(parts: list[str], text: str) -> None:
    position = 0
    for part in parts:
        found = text.find(part, position)
        assert found >= 0, (part, text)
        position = found + len(part)


@settings(max_examples=200)
@given(BODY)
@example("1. a\n   > b\n   > - c\n\n   ```\n   d\n   ```\n2. e")
def test_what_is_accepted_is_shown_with_every_word(body: str) -> None:
    assume(not list(body_problems(body)))
    sent = view_of(body)
    assert check_view(sent, scopes=[]) == []
    assert_in_order(contents(body), bare(words(sent["blocks"])))
    assert_in_order(contents(body), bare(plain_text(body)))


@pytest.mark.parametrize(
    "body",
    [
        "*a*b" * 2400,
        ("*a*b" * 700 + "\n\n") * 3,
        "".join(f"[a**b**{n}](https://a.univ.example/{'x' * 400})\n\n" for n in range(20)),
        "🙂" * 2990 + "\n\n" + "🙂" * 2990 + "\n\n" + "🙂" * 2990,
        "[" + "a*b*" * 500 + "](https://a.univ.example/" + "x" * 2000 + ")",
        "> " + "`a`b" * 700,
        "- `a`b\n" * 1400,
        "\n\n".join(["```\n" + "é" * 2900 + "\n```"] * 3),
    ],
)
def test_a_text_of_many_styles_is_refused_or_fits_into_a_view(body: str) -> None:
    if not list(body_problems(body)):
        assert len(json.dumps(view_of(body))) < MOST_VIEW


@pytest.mark.parametrize("path", sorted((ROOT / "articles").glob("*.md")), ids=lambda path: path.name)
def test_a_shipped_article_fits_whole_into_a_reply(path: Path) -> None:
    body = path.read_text("utf-8").split("\n---\n", 1)[1]
    assert len(plain_text(body)) < 2500
