"""Words that are not in a message's `text`: forwarded, of alerts, of blocks; and mentions without a name."""

from copy import deepcopy
from typing import Any

import pytest
from pytest_mock import MockerFixture
from slack_sdk import WebClient
from sqlalchemy import select

from blocks import ids
from models.person import Person as PersonRow
from tests.blocks.test_message_text import ADDRESS, ALERT, FORWARDED, MAIL, TONER, section
from tests.support.help_desk import TRIAGE, Desk, Json, Person, file

QUOTED = f"> {TONER}\n— Fournisseur, {ADDRESS}"
COMMENT = "regardez ce que répond le fournisseur"


@pytest.fixture
def camille(desk: Desk) -> Person:
    """Camille, who has filed a ticket."""
    camille = desk.person("camille")
    camille.have_filed()
    return camille


def tell(desk: Desk, person: Person, channel: str = "@guichet", **more: Any) -> None:
    """Slack tells of a message under the newest card of a channel."""
    person.write("avant", channel, thread_ts=person.messages(channel)[-1]["ts"])
    desk.deliver()
    body = deepcopy(desk.received[-1]) | {"event_id": "Ev0ELSEWHERE"}
    body["event"] |= {"text": "", "ts": "9999999999.000100", "blocks": []} | more
    desk.dispatch(body)


def last_text(reader: Person) -> str:
    """The newest message in the thread of the team's card, without its button."""
    return reader.reads_thread(TRIAGE)[-1].removesuffix("\n[Répondre]")


def repeat(desk: Desk) -> None:
    """The same words in another message."""
    body = deepcopy(desk.received[-1]) | {"event_id": "Ev0ANOTHER"}
    body["event"]["ts"] = "9999999999.000200"
    desk.dispatch(body)


def by_shortcut(desk: Desk, person: Person, **message: Any) -> Json:
    """The values of the form that "Créer un ticket" opens on a message."""
    written = person.write("x", "#general")["message"]
    place = {"channel": "#general", "ts": written["ts"]}
    desk.slack.control.post("shortcut", user=person.name, callback_id=ids.SHORTCUT_FROM_MESSAGE, **place)
    body = deepcopy(desk.received[-1])
    body["trigger_id"] = person.submission()["trigger_id"]
    person.close()
    body["message"] = {"type": "message", "ts": written["ts"]} | message
    desk.dispatch(body)
    return dict(person.modal["values"])


# -- in threads ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"), [("", QUOTED), (COMMENT, f"{COMMENT}\n\n{QUOTED}")], ids=["alone", "commented"]
)
def test_what_a_requester_forwards_reaches_the_team(
    desk: Desk, camille: Person, karim: Person, text: str, read: str
) -> None:
    tell(desk, camille, text=text, attachments=[FORWARDED])
    assert last_text(karim) == f"Message de Camille Bernard\n{read}"
    assert camille.ephemeral_messages() == []


def test_what_a_requester_says_of_themselves_reaches_the_team(
    desk: Desk, camille: Person, karim: Person
) -> None:
    camille.write("ne voit plus rien", thread_ts=camille.messages()[-1]["ts"], me=True)
    desk.deliver()
    assert last_text(karim) == "Message de Camille Bernard\nne voit plus rien"


def test_what_a_technician_forwards_in_the_cards_thread_is_a_note(
    desk: Desk, camille: Person, karim: Person
) -> None:
    tell(desk, karim, TRIAGE, attachments=[FORWARDED])
    karim.press("Voir le détail", TRIAGE)
    assert QUOTED in karim.modal_text


def test_the_files_of_what_was_forwarded_come_with_it(desk: Desk, camille: Person, karim: Person) -> None:
    camille.write("la notice", "#general", files=[file("notice.pdf")])
    [shared] = [each for each in desk.slack.slack.workspace.files.values() if each.name == "notice.pdf"]
    forwarded = FORWARDED | {"files": [{"id": shared.id, "name": "notice.pdf", "size": 8}]}
    tell(desk, camille, attachments=[forwarded])
    assert "notice.pdf" in karim.thread_files(TRIAGE)


def test_a_message_forwarded_in_slack_reaches_the_team(desk: Desk, camille: Person, karim: Person) -> None:
    source = karim.write("Le toner X14 convient.", "#general")["message"]
    where = {"channel": "#general", "ts": source["ts"]}
    thread_ts = camille.messages()[-1]["ts"]
    desk.slack.control.post(
        "forward", user="camille", channel="@guichet", thread_ts=thread_ts, **{"from": where}
    )
    desk.deliver()
    words = last_text(karim).splitlines()
    assert words[1] == "> Le toner X14 convient."
    assert words[2].startswith("— Karim Benali, http")


def test_a_preview_of_a_link_changes_no_words(desk: Desk, camille: Person, karim: Person) -> None:
    link = "https://univ.example/wifi"
    written = camille.write(f"voir {link}", thread_ts=camille.messages()[-1]["ts"])["message"]
    desk.deliver()
    place = {"channel": written["channel"], "ts": written["ts"], "user": "camille"}
    desk.slack.control.post("preview", link=link, title="Le Wi-Fi", text="Comment", **place)
    desk.deliver()
    assert len(karim.reads_thread(TRIAGE)) == 1
    assert last_text(karim) == f"Message de Camille Bernard\nvoir {link}"


# -- in "Créer un ticket" ------------------------------------------------------------------------------------


def test_an_alert_fills_the_form(desk: Desk, karim: Person) -> None:
    values = by_shortcut(desk, karim, **ALERT)
    assert values["Titre"] == "srv-moodle-2 : disque plein à 98 %"
    assert "Seuil 95 %, depuis 14:02" in values["Description"]


def test_a_message_of_blocks_fills_the_form(desk: Desk, karim: Person) -> None:
    header = {"type": "header", "block_id": "a", "text": {"type": "plain_text", "text": "disque plein"}}
    blocks = [header, section("*98 %* depuis 14:02")]
    values = by_shortcut(desk, karim, bot_id="B1", text="This content can't be displayed.", blocks=blocks)
    assert values["Titre"] == "disque plein"
    assert values["Description"] == "disque plein\n*98 %* depuis 14:02"


def test_a_forwarded_message_fills_the_form(desk: Desk, karim: Person) -> None:
    values = by_shortcut(desk, karim, text="", user=karim.slack_id, attachments=[FORWARDED])
    assert values["Titre"] == TONER
    assert values["Description"] == QUOTED


def test_an_e_mail_fills_the_form(desk: Desk, karim: Person) -> None:
    values = by_shortcut(desk, karim, text="", user="USLACKBOT", subtype="file_share", files=[MAIL])
    assert values["Titre"] == "Panne en B204"
    assert "> L’écran & le son <HDMI>" in values["Description"]


@pytest.mark.parametrize("author", [{"user": "USLACKBOT"}, {"user": "U0BOT00000", "bot_id": "B1"}])
def test_nobody_is_offered_an_author_who_reads_nothing(desk: Desk, karim: Person, author: Json) -> None:
    assert by_shortcut(desk, karim, text="disque plein", **author)["Demandeur"] == "Karim Benali"


# -- mentions ------------------------------------------------------------------------------------------------


def test_a_person_nobody_knows_yet_is_asked_of_slack_once(desk: Desk, camille: Person, karim: Person) -> None:
    lea = desk.person("lea").slack_id
    tell(desk, camille, text=f"<@{lea}> l’a vu, <@{lea}> aussi")
    assert last_text(karim).endswith("@Léa Martin l’a vu, @Léa Martin aussi")
    asked = [call for call in desk.calls("users.info") if call["arguments"]["user"] == lea]
    with desk.sessions() as session:
        assert session.scalar(select(PersonRow.name).where(PersonRow.slack_id == lea)) == "Léa Martin"
    repeat(desk)
    assert len(asked) == 1
    assert len([call for call in desk.calls("users.info") if call["arguments"]["user"] == lea]) == 1


def test_many_people_whom_nobody_knows_yet_are_read_by_their_names(
    desk: Desk, camille: Person, karim: Person
) -> None:
    for number in range(8):
        desk.slack.control.post("new_person", name=f"p{number}", real_name=f"Personne {number}")
    people = [desk.person(f"p{number}").slack_id for number in range(8)]
    tell(desk, camille, text=" ".join(f"<@{each}>" for each in people))
    assert last_text(karim).endswith(" ".join(f"@Personne {number}" for number in range(8)))


def test_whom_slack_does_not_name_is_passed_on_without_an_id(
    desk: Desk, camille: Person, karim: Person
) -> None:
    desk.fault("users.info", "", error="user_not_found")
    tell(desk, camille, text=f"<@{desk.person('lea').slack_id}> l’a vu")
    assert last_text(karim).endswith("@quelqu’un l’a vu")


def test_a_group_is_read_by_its_handle(
    desk: Desk, camille: Person, karim: Person, mocker: MockerFixture
) -> None:
    """Slack's answer stands in: the local Slack does not know the method."""
    answer = {"usergroups": [{"id": "S0DNUM", "handle": "dnum", "name": "Direction du numérique"}]}
    asked = mocker.patch.object(WebClient, "usergroups_list", return_value=answer)
    tell(desk, camille, text="<!subteam^S0DNUM> et <!subteam^S0DNUM|@dnum>")
    assert last_text(karim).endswith("@dnum et @dnum")
    repeat(desk)
    assert asked.call_count == 1


def test_without_the_optional_scope_a_group_is_a_group(desk: Desk, camille: Person, karim: Person) -> None:
    desk.fault("usergroups.list", "", error="missing_scope", times=0)
    tell(desk, camille, text="<!subteam^S0DNUM> le dit")
    repeat(desk)
    assert last_text(karim).endswith("@groupe le dit")
    assert len(desk.calls("usergroups.list")) == 1


def test_a_channel_is_read_by_its_name_and_one_that_cannot_be_seen_by_none(
    desk: Desk, camille: Person, karim: Person
) -> None:
    there = desk.slack.slack.workspace
    general, triage = there.channel("general"), there.channel(TRIAGE.removeprefix("#"))
    assert general is not None
    assert triage is not None
    desk.fault("conversations.info", "", error="channel_not_found", where={"channel": "C0HIDDEN00"})
    tell(desk, camille, text=f"<#{general.id}> <#{triage.id}|> <#C0HIDDEN00>")
    assert last_text(karim).endswith("#general #dnum-assistance #canal privé")
