"""How the page writes texts: mrkdwn, rich text, dates, plain text."""

import pytest

from playground.page.controls import PageSurface, control
from playground.page.text.localized_text import LocalizedText
from playground.page.text.mrkdwn import mrkdwn, plain
from playground.page.text.reader import Reader, initials
from playground.page.text.rich_text import rich_text
from playground.page.text.translations import TABLE
from playground.page.text.values import read, shown
from playground.state import fixture
from playground.state.workspace import Json, Workspace

NOON = 1795604400  # 25 November 2026, 12:00 in Paris, 11:00 in London


@pytest.fixture
def workspace() -> Workspace:
    workspace = Workspace()
    fixture.fill(workspace)
    return workspace


def reader(workspace: Workspace, name: str = "camille") -> Reader:
    person = workspace.person(name)
    assert person is not None
    return Reader(workspace, person)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*gras* _italique_ ~barré~", "<strong>gras</strong> <em>italique</em> <s>barré</s>"),
        ("*gras et _les deux_*", "<strong>gras et <em>les deux</em></strong>"),
        ("2 * 3 * 4 et snake_case_ici", "2 * 3 * 4 et snake_case_ici"),
        ("`*tel quel*`", "<code>*tel quel*</code>"),
        ("```\nun\n*deux*\n```", "<pre><code>un\n*deux*</code></pre>"),
        ("&gt; cité\npas cité", "<blockquote>cité</blockquote>pas cité"),
        ("un\ndeux", "un<br>deux"),
        ("&lt;script&gt; &amp;amp; <b>", "&lt;script&gt; &amp;amp; b"),
        ("&lt;a onclick=x&gt;", "&lt;a onclick=x&gt;"),
        ("<javascript:alert(1)|clic>", "clic"),
        (
            "<!here> <!subteam^S1|@dnum>",
            '<span class="mention">@here</span> <span class="mention">@dnum</span>',
        ),
        (":inconnu: 12:30:45", ":inconnu: 12:30:45"),
        ("<!date^abc^{date}|quand>", "quand"),
    ],
)
def test_mrkdwn(workspace: Workspace, text: str, html: str) -> None:
    assert mrkdwn(text, reader(workspace)) == html


def test_links_open_apart(workspace: Workspace) -> None:
    html = mrkdwn("<https://univ.example/?a=1&amp;b=2|l’*aide*>, https://univ.example.", reader(workspace))
    assert 'href="https://univ.example/?a=1&amp;b=2" target="_blank"' in html
    assert ">l’*aide*</a>" in html
    assert 'href="https://univ.example" ' in html


def test_people_and_channels_are_named(workspace: Workspace) -> None:
    people = {person.name: key for key, person in workspace.people.items()}
    channels = {channel.name: key for key, channel in workspace.channels.items()}
    general, secret = channels["general"], channels["dnum-assistance"]
    text = f"<@{people['camille']}> <@{people['lea']}> <#{general}|general> <#{secret}|dnum-assistance>"
    html = mrkdwn(text, reader(workspace))
    assert '<span class="mention mine">@Camille Bernard</span>' in html
    assert '<span class="mention">@Léa Martin</span>' in html
    assert f'href="/?as=camille&amp;channel={general}">#general</a>' in html
    assert "dnum-assistance" not in html
    assert "un canal privé" in html


@pytest.mark.parametrize(
    ("pattern", "french", "english"),
    [
        ("{date} {time}", "25 novembre 2026 12:00", "25 November 2026 11:00"),
        ("{date_num} {time_secs}", "2026-11-25 12:00:00", "2026-11-25 11:00:00"),
        ("{date_short}", "25 nov. 2026", "25 Nov 2026"),
        ("{date_long}", "mercredi 25 novembre 2026", "Wednesday 25 November 2026"),
        ("{date_pretty}", "hier", "yesterday"),
        ("{ago}", "il y a 1 jour", "1 day ago"),
        ("{inconnu}", "{inconnu}", "{inconnu}"),
    ],
)
def test_dates_are_the_readers(workspace: Workspace, pattern: str, french: str, english: str) -> None:
    workspace.clock.advance(NOON + 86_400 - workspace.clock.now())
    assert reader(workspace).calendar.fill(NOON, pattern) == french
    assert reader(workspace, "oliver").calendar.fill(NOON, pattern) == english
    assert f">{french}</time>" in mrkdwn(f"<!date^{NOON}^{pattern}|repli>", reader(workspace))


def test_plain_text_is_literal_but_for_emoji() -> None:
    assert plain("<b> &amp; *x* :tada:", with_emoji=False) == "&lt;b&gt; &amp;amp; *x* :tada:"
    assert 'aria-label="tada">🎉</span>' in plain("oui :tada:")


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def items(text: str, indent: int, style: str = "bullet", **more: int) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text_list", "style": style, "indent": indent, "elements": [section], **more}


def test_lists_stand_inside_one_another(workspace: Workspace) -> None:
    block = rich(items("a", 0), items("b", 1, "ordered", offset=2), items("c", 1), items("d", 0))
    assert rich_text(block, reader(workspace)) == (
        '<ul><li>a<ol start="3"><li>b</li></ol><ul><li>c</li></ul></li><li>d</li></ul>'
    )


def test_every_leaf_of_rich_text_is_drawn(workspace: Workspace) -> None:
    lea = workspace.person("lea")
    assert lea is not None
    leaves = [
        {
            "type": "text",
            "text": "<*a*>",
            "style": {"bold": True, "italic": True, "strike": True, "code": True},
        },
        {"type": "user", "user_id": lea.id},
        {"type": "broadcast", "range": "here"},
        {"type": "link", "url": "https://univ.example"},
        {"type": "emoji", "name": "x"},
        {"type": "date", "timestamp": NOON, "format": "{date_num}", "fallback": "?"},
        {"type": "color", "value": "#ff0000"},
        {"type": "inconnu", "text": "reste"},
    ]
    html = rich_text(rich({"type": "rich_text_section", "elements": leaves}), reader(workspace))
    assert "<strong><em><s><code>&lt;*a*&gt;</code></s></em></strong>" in html
    for piece in (
        "@Léa Martin",
        "@here",
        'href="https://univ.example"',
        "❌",
        "2026-11-25",
        "#ff0000",
        "reste",
    ):
        assert piece in html


MENU: Json = {
    "type": "static_select",
    "action_id": "a",
    "options": [{"text": {"type": "plain_text", "text": "Un"}, "value": "1"}],
}
EXTERNAL: Json = {"type": "external_select", "action_id": "a"}


@pytest.mark.parametrize(
    ("element", "strings", "value"),
    [
        (MENU, ["1"], {"selected_option": MENU["options"][0]}),
        (MENU, [], {"selected_option": None}),
        (EXTERNAL, ['{"text": {"type": "plain_text", "text": "É"}, "value": "e"}'],
         {"selected_option": {"text": {"type": "plain_text", "text": "É"}, "value": "e"}}),
        ({"type": "checkboxes", "action_id": "a", "options": MENU["options"]}, ["1"],
         {"selected_options": MENU["options"]}),
        ({"type": "multi_users_select", "action_id": "a"}, ["U1", "U2"], {"selected_users": ["U1", "U2"]}),
        ({"type": "datetimepicker", "action_id": "a"}, ["2026-11-25T12:00"], {"selected_date_time": NOON}),
        ({"type": "plain_text_input", "action_id": "a"}, ["a\nb"], {"value": "a\nb"}),
        ({"type": "button", "action_id": "a"}, [], {}),
    ],
)  # fmt: skip
def test_values_go_to_the_browser_and_back(
    workspace: Workspace, element: Json, strings: list[str], value: Json
) -> None:
    camille = reader(workspace)
    assert read(element, strings, camille, lambda _: {}) == value
    assert shown(element, value, camille) == strings


def test_what_an_input_sends_and_when(workspace: Workspace) -> None:
    def sends(kind: str, dispatch_action: bool, **more: Json) -> str:
        element = {"type": kind, "action_id": "a", **more}
        block = {"type": "input", "block_id": "b", "element": element, "dispatch_action": dispatch_action}
        return control(element, block, PageSurface("modal", "V1", {}), reader(workspace)).sends

    typing = {"trigger_actions_on": ["on_character_entered"]}
    assert sends("plain_text_input", False) == ""
    assert sends("plain_text_input", True) == "enter"
    assert sends("plain_text_input", True, dispatch_action_config=typing) == "typing"
    assert sends("datepicker", True) == "change"


def test_words_exist_in_both_languages() -> None:
    assert all(french and english for french, english in TABLE.values())
    assert [LocalizedText("fr-FR")("replies", n=n) for n in (0, 1, 2)] == [
        "0 réponse",
        "1 réponse",
        "2 réponses",
    ]
    assert [LocalizedText("en-GB")("replies", n=n) for n in (0, 1, 2)] == [
        "0 replies",
        "1 reply",
        "2 replies",
    ]


def test_initials() -> None:
    assert [initials(name) for name in ("Aurélie D'Hérouville", "Prince", "")] == ["AD", "P", ""]
