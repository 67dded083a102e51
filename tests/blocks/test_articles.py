"""Articles as blocks: what Slack accepts, and every word of the text."""

import gettext
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import RichTextBlock

from blocks.articles.body import markdown_blocks
from blocks.articles.view import ArticleFrame, article_view
from blocks.catalogue.page import article_in_catalogue, service_view
from blocks.catalogue.state import CatalogueState, dump_catalogue_state, load_catalogue_state
from blocks.i18n import Translator, translator
from models.article import Article
from models.base import LocalizedText
from models.markdown.tree import parser
from models.pages import ArticlePage, ServicePage
from playground.block_kit import check_blocks, check_view
from tests.support.factories import make_article, make_service, make_team

Json = dict[str, Any]
EN = Translator("en", gettext.NullTranslations())
FR = translator("fr")


def elements(text: str) -> list[Json]:
    """The rich text of a text, its blocks one after the other."""
    sent = json.loads(json.dumps([block.to_dict() for block in markdown_blocks(EN, text)]))
    assert check_blocks(sent) == []
    return [element for block in sent for element in block.get("elements", [block])]


def words(element: Json) -> str:
    """The text of an element."""
    inside = "".join(words(each) for each in element.get("elements", []))
    text = element.get("text", "")
    return str(text["text"] if isinstance(text, dict) else text) + inside


def rendered(view: Any) -> Json:
    sent: Json = json.loads(json.dumps(view.to_dict()))
    assert check_view(sent, scopes=[]) == []
    return sent


def article(body: str = "1. Restart.", **more: Any) -> Article:
    return make_article(
        "wifi", title=LocalizedText("Le Wi-Fi", "The Wi-Fi"), body=LocalizedText(body, body), **more
    )


# -- the text ------------------------------------------------------------------------------------------------


def test_bold_italic_struck_and_code_keep_their_style() -> None:
    (section,) = elements("a **b** *c* ~~d~~ `e` ***f***")
    styles = {leaf["text"]: leaf.get("style") for leaf in section["elements"] if leaf["text"].strip()}
    assert styles == {
        "a ": None,
        "b": {"bold": True},
        "c": {"italic": True},
        "d": {"strike": True},
        "e": {"code": True},
        "f": {"bold": True, "italic": True},
    }


def test_entities_and_escapes_are_the_characters_they_stand_for() -> None:
    (section,) = elements("R&amp;D &eacute; \\*not bold\\* a < b")
    assert words(section) == "R&D é *not bold* a < b"


def test_a_line_break_that_is_written_out_stays_and_another_is_a_space() -> None:
    (section,) = elements("one\\\ntwo\nthree")
    assert words(section) == "one\ntwo three"


def test_a_link_opens_its_page() -> None:
    (section,) = elements("See [the **page**](https://a.univ.example/x) or <mailto:help@univ.example>")
    links = [(leaf["url"], leaf["text"]) for leaf in section["elements"] if leaf["type"] == "link"]
    assert links == [
        ("https://a.univ.example/x", "the "),
        ("https://a.univ.example/x", "page"),
        ("mailto:help@univ.example", "mailto:help@univ.example"),
    ]


def test_a_link_that_slack_should_not_open_is_text() -> None:
    (section,) = elements("[press](javascript:alert)")
    assert section["elements"] == [{"type": "text", "text": "press (javascript:alert)"}]


def test_a_picture_is_a_link_with_its_description() -> None:
    body = "![le menu](https://a.univ.example/menu.png)"
    for _, text in ((FR, "Image\u00a0: le menu"), (EN, "Picture: le menu")):
        (block,) = markdown_blocks(_, body)
        assert isinstance(block, RichTextBlock)
        (leaf,) = block.to_dict()["elements"][0]["elements"]
        assert (leaf["type"], leaf["text"]) == ("link", text)


def test_a_list_counts_on_after_what_stands_between_its_items() -> None:
    first, code, second = elements("3. type\n\n   ```\n   ls\n   ```\n4. look")
    assert (first["style"], first["offset"], words(first)) == ("ordered", 2, "type")
    assert (code["type"], words(code)) == ("rich_text_preformatted", "ls")
    assert (second["style"], second["offset"], words(second)) == ("ordered", 3, "look")


def test_a_list_in_a_list_is_indented() -> None:
    first, nested, second = elements("1. one\n   - a\n   - b\n2. two")
    assert [first["indent"], nested["indent"], second["indent"]] == [0, 1, 0]
    assert [each["style"] for each in (first, nested, second)] == ["ordered", "bullet", "ordered"]
    assert second["offset"] == 1


def test_the_paragraphs_of_an_item_are_its_lines() -> None:
    (found,) = elements("- one\n\n  more")
    assert words(found) == "one\nmore"


def test_a_heading_is_a_header_and_a_lower_one_a_bold_line() -> None:
    top, low = elements("# Before\n\n### After")
    assert (top["type"], words(top)) == ("header", "Before")
    assert low["elements"] == [{"type": "text", "text": "After", "style": {"bold": True}}]


def test_a_quotation_keeps_its_lists() -> None:
    (found,) = elements("> Note\n> 1. one\n> 2. two")
    assert (found["type"], words(found)) == ("rich_text_quote", "Note\n1. one\n2. two")


def test_a_thematic_break_is_a_divider() -> None:
    assert [each["type"] for each in elements("a\n\n---\n\nb")][1] == "divider"


PIECES = st.sampled_from(
    [
        "# T",
        "- a",
        "1. b",
        "   c",
        "> q",
        "```",
        "    code",
        "---",
        "**b**",
        "_i_",
        "`c`",
        "![a](https://x.example/i.png)",
        "[l](https://x.example)",
        "<b>",
        "&amp;",
        "\\",
        "  ",
        "\t",
        "1) z",
        "a¦b",
        ":-:",
        "~~s~~",
        "===",
        "é",
        "<!-- x -->",
    ]
)
LINES = st.lists(st.lists(PIECES, max_size=4).map(" ".join) | st.text(max_size=30), max_size=25)


@given(LINES.map("\n".join))
def test_no_text_is_refused_by_slack_and_no_word_is_lost(text: str) -> None:
    shown = re.sub(r"\s", "", "".join(words(element) for element in elements(text)))
    position = 0
    for token in parser().parse(text):
        for leaf in token.children or [token]:
            if leaf.type in {"text", "code_inline", "fence", "code_block", "html_inline", "html_block"}:
                content = re.sub(r"\s", "", leaf.content)
                position = shown.find(content, position) + len(content)
                assert content in shown
                assert position >= len(content)


# -- the views -----------------------------------------------------------------------------------------------


def test_an_article_is_a_modal_with_what_its_caller_adds() -> None:
    frame = ArticleFrame("article_help", "state", submit="This answers my question", close="Back to the form")
    sent = rendered(article_view(EN, article(), frame))
    assert (sent["callback_id"], sent["private_metadata"]) == ("article_help", "state")
    assert (sent["submit"]["text"], sent["close"]["text"]) == (
        "This answers my question",
        "Back to the form",
    )
    assert [words(block) for block in sent["blocks"]] == ["The Wi-Fi", "Restart."]


def test_the_services_of_an_article_have_a_button_each() -> None:
    services = [make_service(name, name=LocalizedText(name, name)) for name in ("wifi", "vpn")]
    sent = rendered(article_in_catalogue(EN, ArticlePage(article(), services), state=CatalogueState()))
    buttons = sent["blocks"][-1]["elements"]
    assert [(each["text"]["text"], each["value"]) for each in buttons] == [("wifi", "wifi"), ("vpn", "vpn")]


def test_a_service_lists_its_articles() -> None:
    page = ServicePage(make_service(), make_team(), (), [article()])
    row = rendered(service_view(EN, page, state=CatalogueState(service="imprimante")))["blocks"][-2]
    assert row["text"]["text"] == "📖 Article · The Wi-Fi"
    assert row["accessory"]["value"] == "wifi"


@pytest.mark.parametrize("_", [FR, EN])
def test_the_button_that_says_that_it_helped_fits_into_slacks_24_characters(_: Translator) -> None:
    sent = rendered(article_in_catalogue(_, ArticlePage(article(), []), state=CatalogueState()))
    assert sent["submit"]["text"] in {"Ça répond à ma question", "This answers my question"}


def test_the_way_back_from_an_article_is_the_service_it_was_opened_from() -> None:
    state = CatalogueState(service="imprimante").to_article("wifi")
    read = load_catalogue_state({"private_metadata": dump_catalogue_state(state)})
    assert (read.article, read.back().service) == ("wifi", "imprimante")
