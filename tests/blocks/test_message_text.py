"""All the words of a message are read, wherever they stand, and none that are nobody's."""

import re
import time
from typing import Any

import pytest

from blocks.kit.block_text import TEXT_MAX, full_text
from blocks.kit.message_text import files_of, mentioned_by, message_text
from blocks.kit.mrkdwn import Mentioned, Names, plain_text
from bot.services.message_drafts.small_talk import title_line

Json = dict[str, Any]
NAMES = Names(people={"U1": "Karim Benali"}, groups={"S1": "dnum"}, channels={"C1": "général"})
ADDRESS = "https://univ.slack.example/archives/C0AUTRE000/p1795800000000100"
TONER = "Le toner X12 n'est plus fabriqué, prenez X14."
FORWARDED: Json = {
    "id": 1,
    "is_share": True,
    "is_msg_unfurl": True,
    "author_name": "Fournisseur",
    "author_id": "U0FOURNIS0",
    "channel_id": "C0AUTRE000",
    "ts": "1795800000.000100",
    "from_url": ADDRESS,
    "text": TONER,
    "fallback": f"Fournisseur : {TONER}",
    "footer": "Slack Conversation",
}
PREVIEW: Json = {
    "id": 1,
    "from_url": "https://univ.example/wifi",
    "original_url": "https://univ.example/wifi",
    "title": "Le Wi-Fi",
    "text": "Comment s’y connecter",
    "fallback": "univ.example: Le Wi-Fi",
}
ALERT: Json = {
    "subtype": "bot_message",
    "bot_id": "B0ALERT000",
    "text": "",
    "attachments": [
        {
            "id": 1,
            "color": "danger",
            "title": "srv-moodle-2 : disque plein à 98 %",
            "text": "Seuil 95 %, depuis 14:02",
            "fallback": "[CRITIQUE] srv-moodle-2 : disque plein à 98 %",
        }
    ],
}


MAIL: Json = {
    "id": "F0MAIL0001",
    "mode": "email",
    "filetype": "email",
    "name": "Panne en B204",
    "subject": "Panne en B204",
    "from": [{"address": "anne@univ.example", "name": "Anne", "original": "Anne <anne@univ.example>"}],
    "plain_text": "L’écran & le son <HDMI>\n\nAnne",
}


def section(text: str) -> Json:
    return {"type": "section", "block_id": "b", "text": {"type": "mrkdwn", "text": text}}


def words(**message: Any) -> str:
    return message_text(message, NAMES)


def rich(*leaves: Json) -> list[Json]:
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(leaves)}]}]


# -- forwarded -----------------------------------------------------------------------------------------------


def test_a_forwarded_message_is_set_off_attributed_and_has_its_address() -> None:
    assert words(text="", attachments=[FORWARDED]) == f"> {TONER}\n— Fournisseur, {ADDRESS}"


def test_a_comment_stands_before_what_was_forwarded() -> None:
    said = words(text="regardez ce que répond le fournisseur", attachments=[FORWARDED])
    assert said == f"regardez ce que répond le fournisseur\n\n> {TONER}\n— Fournisseur, {ADDRESS}"


def test_every_line_and_every_forwarded_message_is_set_off() -> None:
    two = [FORWARDED | {"text": "un\n\ndeux"}, FORWARDED | {"author_name": "Anne &amp; Cie"}]
    assert words(text="", attachments=two) == (
        f"> un\n>\n> deux\n— Fournisseur, {ADDRESS}\n\n> {TONER}\n— Anne & Cie, {ADDRESS}"
    )


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ({"text": "voir <@U1> et <!subteam^S1>"}, "> voir @Karim Benali et @dnum"),
        ({"text": "", "message_blocks": [{"message": {"blocks": [section("*98 %*")]}}]}, "> *98 %*"),
        ({"text": "[no preview available]", "blocks": [section("un bloc")]}, "> un bloc"),
        ({"text": ""}, f"> Fournisseur : {TONER}"),
    ],
)
def test_the_words_of_a_forwarded_message_are_found_wherever_they_stand(inside: Json, said: str) -> None:
    assert words(text="", attachments=[FORWARDED | inside]) == f"{said}\n— Fournisseur, {ADDRESS}"


def test_a_forwarded_message_without_words_is_its_author_and_address() -> None:
    empty = FORWARDED | {"text": "", "fallback": "[no preview available]"}
    assert words(text="", attachments=[empty]) == f"— Fournisseur, {ADDRESS}"


def test_an_author_without_a_name_is_looked_up() -> None:
    unnamed = FORWARDED | {"author_name": "", "author_id": "U1"}
    assert words(text="", attachments=[unnamed]).endswith(f"— @Karim Benali, {ADDRESS}")
    assert mentioned_by({"text": "", "attachments": [unnamed]}) == Mentioned(people=frozenset({"U1"}))


def test_files_of_a_forwarded_message_come_with_its_own() -> None:
    message = {"files": [{"id": "F1"}], "attachments": [FORWARDED | {"files": [{"id": "F2"}]}, PREVIEW]}
    assert [file["id"] for file in files_of(message)] == ["F1", "F2"]


def test_a_preview_is_nobodys_words() -> None:
    text = "voir <https://univ.example/wifi>"
    assert words(text=text, attachments=[PREVIEW]) == "voir https://univ.example/wifi"


def test_a_message_whose_address_was_typed_is_not_said_twice() -> None:
    shown = FORWARDED | {"is_share": False}
    assert words(text=f"voir <{ADDRESS}>", attachments=[shown]) == f"voir {ADDRESS}"
    assert words(text="voir", attachments=[shown]) == f"voir\n\n> {TONER}\n— Fournisseur, {ADDRESS}"


# -- alerts and blocks ---------------------------------------------------------------------------------------


def test_an_alert_says_its_title_first() -> None:
    said = message_text(ALERT, NAMES)
    assert said == "srv-moodle-2 : disque plein à 98 %\nSeuil 95 %, depuis 14:02"
    assert title_line(said) == "srv-moodle-2 : disque plein à 98 %"


def test_the_rest_of_an_alert_is_read_too() -> None:
    alert = {
        "pretext": "Nouvelle alerte",
        "title": "Disque",
        "title_link": "https://sup.example/1",
        "fields": [{"title": "Hôte", "value": "srv-2", "short": True}, {"value": "98 %"}],
        "footer": "supervision",
    }
    assert words(text="", attachments=[alert]).splitlines() == [
        "Disque",
        "Nouvelle alerte",
        "https://sup.example/1",
        "Hôte: srv-2",
        "98 %",
        "supervision",
    ]


def test_an_alert_of_its_fallback_alone_is_read() -> None:
    assert words(text="", attachments=[{"fallback": "disque plein"}]) == "disque plein"


@pytest.mark.parametrize("text", ["", "This content can't be displayed.", "This content can’t be displayed."])
def test_a_message_of_blocks_alone_is_read(text: str) -> None:
    header = {"type": "header", "text": {"type": "plain_text", "text": "srv-moodle-2 : disque plein"}}
    said = words(text=text, bot_id="B1", blocks=[header, section("*98 %* depuis 14:02")])
    assert said == "srv-moodle-2 : disque plein\n*98 %* depuis 14:02"
    assert title_line(said) == "srv-moodle-2 : disque plein"


def test_what_an_app_shows_counts_and_not_what_it_notifies() -> None:
    assert words(text="Alerte", bot_id="B1", blocks=[section("disque plein")]) == "disque plein"
    assert words(text="Alerte", bot_id="B1", blocks=rich({"type": "text", "text": "x"})) == "Alerte"


def test_all_sorts_of_blocks_are_read_but_what_is_pressed() -> None:
    blocks = [
        {
            "type": "section",
            "fields": [{"type": "mrkdwn", "text": "un"}, {"type": "plain_text", "text": "<2>"}],
        },
        {
            "type": "context",
            "elements": [{"type": "image", "alt_text": "feu"}, {"type": "plain_text", "text": "3"}],
        },
        {"type": "markdown", "text": "# quatre & plus"},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "cinq"}]]},
        {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "non"}}]},
        section("six") | {"accessory": {"type": "button", "text": {"type": "plain_text", "text": "non"}}},
        {"type": "divider"},
    ]
    assert words(text="", blocks=blocks).splitlines() == [
        "un",
        "<2>",
        "feu",
        "3",
        "# quatre & plus",
        "cinq",
        "six",
    ]


def test_rich_text_is_read_with_names_and_characters() -> None:
    leaves = [
        {"type": "text", "text": "a < b & "},
        {"type": "user", "user_id": "U1"},
        {"type": "text", "text": " "},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "channel", "channel_id": "C1"},
        {"type": "broadcast", "range": "here"},
        {"type": "emoji", "name": "tada", "unicode": "1f389"},
        {"type": "emoji", "name": "dnum"},
        {"type": "link", "url": "https://a.example/?x&y", "text": "ici"},
        {"type": "date", "timestamp": 1, "fallback": "hier"},
    ]
    item = {"type": "rich_text_section", "elements": [{"type": "text", "text": "un point"}]}
    blocks = [
        *rich(*leaves),
        {"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": [item]}]},
    ]
    assert words(text="", blocks=blocks) == (
        "a < b & @Karim Benali @dnum#général@here🎉:dnum:ici (https://a.example/?x&y)hier\n• un point"
    )


def test_an_e_mail_that_was_sent_to_slack_is_set_off_and_attributed() -> None:
    mail = "> Panne en B204\n> L’écran & le son <HDMI>\n>\n> Anne\n— Anne <anne@univ.example>"
    assert words(text="", files=[MAIL]) == mail
    assert words(text="à traiter", files=[MAIL]) == f"à traiter\n\n{mail}"
    assert words(text="", files=[MAIL | {"mode": "hosted"}]) == ""


def test_an_e_mail_of_which_little_is_told_says_its_title() -> None:
    assert words(text="", files=[{"id": "F1", "mode": "email", "title": "Panne"}]) == "Panne"


# -- mentions ------------------------------------------------------------------------------------------------


def test_who_is_named_by_an_id_alone_is_known_from_all_the_words() -> None:
    message = {
        "text": "<@U1> <@U2|karim> <#C1|> <#C2> <#C3|x> <!subteam^S1> <!subteam^S2|@y> <!here>",
        "attachments": [FORWARDED | {"text": "<@U3>"}],
    }
    wanted = Mentioned(frozenset({"U1", "U3"}), frozenset({"S1"}), frozenset({"C1", "C2"}))
    assert mentioned_by(message) == wanted


def test_no_id_is_read_even_of_whom_nobody_knows() -> None:
    said = words(text="<@U9> <!subteam^S9> <#C9> <#C8|>")
    assert said == "@quelqu’un @groupe #canal privé #canal privé"


@pytest.mark.parametrize(
    "message", [{}, {"text": None}, {"attachments": "x"}, {"attachments": [None, 3, {}]}]
)
def test_what_is_no_message_of_slacks_says_nothing(message: Json) -> None:
    assert message_text(message, NAMES) == ""


@pytest.mark.parametrize("unit", ["<@", "<@U|", "<!a|b", "<a|", "<", ":", "&amp;", "<@U1>", "> "])
def test_reading_takes_time_in_proportion_to_the_length(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        begun = time.thread_time()  # a machine that has much else to do is no slower by it
        plain_text({"text": text}, NAMES)
        mentioned_by({"text": text})
        return time.thread_time() - begun

    short = min(seconds(20_000) for _ in range(5))
    assert min(seconds(80_000) for _ in range(5)) < 10 * max(short, 0.01)


def test_blocks_in_one_another_without_end_are_read_as_far_as_slacks_own_go() -> None:
    deep: Json = section("dedans")
    for _ in range(900):
        deep = {"type": "container", "child_blocks": [deep]}
    assert words(text="", blocks=[section("dehors"), deep]) == "dehors"


# -- what screen readers read -------------------------------------------------------------------------------


def test_the_text_of_a_message_says_what_its_blocks_say() -> None:
    blocks = [section("*98 %*"), {"type": "divider"}, section("depuis 14:02")]
    assert full_text("n° 1 · Alerte", blocks) == "n° 1 · Alerte\n*98 %*\ndepuis 14:02"


def test_it_says_nothing_twice() -> None:
    blocks = [section("n° 1"), section("Pris par Karim · depuis hier")]
    assert full_text("n° 1 · Pris par Karim", blocks) == "n° 1 · Pris par Karim · depuis hier"


@pytest.mark.parametrize("end", ["&amp;" * 3_000, "<@U0KARIM00> " * 1_000, "<!date^1^{ago}|le 3 mai>" * 900])
def test_a_long_one_is_cut_between_entities(end: str) -> None:
    text = full_text("n° 1", [section(end)])
    assert len(text) <= TEXT_MAX
    left = re.sub(r"&amp;|<@\w+>|<!date\^1\^\{ago\}\|le 3 mai>", "", text)
    assert not re.search("[&<>]", left)


def test_no_long_link_is_cut_within() -> None:
    link = f"<https://wiki.example.org/{'p' * 1_000}|le guide>"
    text = full_text("n° 1", [section("x" * 3_500 + link)])
    assert text == "n° 1\n" + "x" * 3_500 + "…"
