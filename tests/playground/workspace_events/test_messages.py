"""Messages that are more, or less, than a person's text."""

from urllib.request import urlopen

import pytest
from slack_sdk.errors import SlackApiError

from playground.state.workspace import BOT_USER_ID
from tests.playground.workspace_events.conftest import RecordingApp

ALERT = {"title": "srv-moodle-2 : disque plein", "text": "Seuil 95 %", "fallback": "[CRITIQUE] disque plein"}
HEADER = {"type": "header", "text": {"type": "plain_text", "text": "srv-moodle-2 : disque plein"}}


@pytest.mark.parametrize("comment", ["", "regardez ce que répond le fournisseur"])
def test_a_forwarded_message_has_its_words_in_an_attachment(slack: RecordingApp, comment: str) -> None:
    message = slack.write("Le toner X12 n'est plus fabriqué", user="karim", channel="#general")
    root = slack.write("bonjour")
    source = {"channel": "#general", "ts": message["ts"]}
    slack.do(
        "forward", user="camille", **{"from": source}, channel="@guichet", text=comment, thread_ts=root["ts"]
    )
    event = slack.events[-1]
    assert (event["text"], event["thread_ts"]) == (comment, root["ts"])
    assert ("blocks" in event) == bool(comment)
    (attachment,) = event["attachments"]
    assert attachment["text"] == "Le toner X12 n'est plus fabriqué"
    assert attachment["author_id"] == slack.id_of("@karim")
    assert attachment["is_share"]
    assert attachment["is_msg_unfurl"]
    assert f"/archives/{slack.id_of('#general')}/p" in attachment["from_url"]
    assert attachment["message_blocks"][0]["message"]["blocks"][0]["type"] == "rich_text"


def test_a_forwarded_message_brings_its_files(slack: RecordingApp) -> None:
    message = slack.write("", channel="#general", files=[{"name": "a.txt", "content_base64": "YQ=="}])
    source = {"channel": "#general", "ts": message["ts"]}
    slack.do("forward", user="camille", **{"from": source}, channel="@guichet")
    assert slack.events[-1]["attachments"][0]["files"][0]["name"] == "a.txt"
    assert "files" not in slack.events[-1]


def test_only_what_one_sees_can_be_forwarded(slack: RecordingApp) -> None:
    ts = slack.client.chat_postMessage(channel=slack.id_of("#dnum-reseau"), text="secret")["ts"]
    source = {"channel": "#dnum-reseau", "ts": ts}
    assert slack.refused("forward", user="camille", **{"from": source}, channel="@guichet")


def test_a_webhook_speaks_as_a_bot_message_by_attachments_alone(slack: RecordingApp) -> None:
    slack.do("app_message", app="supervision", channel="#general", webhook=True, attachments=[ALERT])
    event = slack.events[-1]
    assert (event["subtype"], event["username"], event["text"]) == ("bot_message", "supervision", "")
    assert event["attachments"] == [{"id": 1, **ALERT}]
    assert event["bot_id"].startswith("B")
    assert "user" not in event


def test_another_app_speaks_by_its_bot_user_by_blocks_alone(slack: RecordingApp) -> None:
    words = "This content can't be displayed."
    told = slack.do("app_message", app="Supervision", channel="#general", text=words, blocks=[HEADER])[
        "message"
    ]
    event = slack.events[-1]
    assert event["text"] == words
    assert "subtype" not in event
    assert event["bot_id"] == told["bot_id"]
    user = slack.client.users_info(user=event["user"])["user"]
    assert (user["is_bot"], user["profile"]["bot_id"]) == (True, event["bot_id"])


def test_a_message_of_another_app_takes_a_shortcut(slack: RecordingApp) -> None:
    ts = slack.do("app_message", app="supervision", channel="#general", attachments=[ALERT])["message"]["ts"]
    slack.do("shortcut", user="camille", callback_id="ticket", channel="#general", ts=ts)
    message = slack.bodies[-1]["message"]
    assert (message["text"], message["attachments"][0]["title"]) == ("", ALERT["title"])


def test_slackbot_speaks_as_a_user(slack: RecordingApp) -> None:
    slack.do("slackbot", channel="#general", text="Le Wi-Fi : voir le wiki")
    event = slack.events[-1]
    assert (event["user"], event["subtype"]) == ("USLACKBOT", "slackbot_response")
    assert "bot_id" not in event


def test_me_is_a_subtype(slack: RecordingApp) -> None:
    slack.write("redémarre le poste", me=True)
    event = slack.events[-1]
    assert (event["subtype"], event["text"]) == ("me_message", "redémarre le poste")
    assert "client_msg_id" not in event


def test_a_mention_of_the_app_comes_as_two_events(slack: RecordingApp) -> None:
    slack.write("@guichet un ticket, s'il te plaît", channel="#general")
    mention, message = sorted(slack.events, key=lambda event: str(event["type"]))  # they overtake each other
    assert (mention["type"], message["type"]) == ("app_mention", "message")
    assert message["ts"] == mention["ts"]
    assert f"<@{BOT_USER_ID}>" in mention["text"]


def test_a_link_preview_changes_a_message_without_an_edit(slack: RecordingApp) -> None:
    ts = slack.write("voir https://wiki.univ.example/wifi")["ts"]
    link = {"link": "https://wiki.univ.example/wifi", "title": "Le Wi-Fi", "text": "Comment s'y connecter"}
    slack.do("preview", channel="@camille", ts=ts, **{**link})
    event = slack.events[-1]
    assert (event["subtype"], event["hidden"]) == ("message_changed", True)
    assert event["message"]["text"] == event["previous_message"]["text"]
    assert "edited" not in event["message"]
    assert event["message"]["attachments"][0]["title"] == "Le Wi-Fi"
    assert "attachments" not in event["previous_message"]


def test_a_user_group_is_mentioned_without_its_name(slack: RecordingApp) -> None:
    slack.write("@dnum, le réseau est en panne")
    event = slack.events[-1]
    assert event["text"].startswith("<!subteam^S")
    assert "|" not in event["text"]
    (mention, _) = event["blocks"][0]["elements"][0]["elements"]
    assert mention["type"] == "usergroup"
    made = slack.do("usergroup", handle="cellule-crise", members=["karim"])["usergroup"]["id"]
    slack.write("@cellule-crise")
    assert slack.events[-1]["text"] == f"<!subteam^{made}>"


def test_somebody_is_mentioned_whom_the_app_never_met_or_may_not_see(slack: RecordingApp) -> None:
    slack.do("new_person", name="helene", real_name="Hélène Roux")
    hidden = slack.do("new_person", name="cache", hidden=True)["user"]["id"]
    slack.write("@helene et @cache sont concernés", channel="#general")
    assert slack.events[-1]["text"] == f"<@{slack.id_of('@helene')}> et <@{hidden}> sont concernés"
    assert slack.client.users_info(user=slack.id_of("@helene"))["user"]["real_name"] == "Hélène Roux"
    with pytest.raises(SlackApiError, match="user_not_visible"):
        slack.client.users_info(user=hidden)


def test_a_reply_under_a_deleted_root_stands_in_the_channel(slack: RecordingApp) -> None:
    root = slack.write("bonjour")
    slack.do("delete", user="camille", channel="@guichet", ts=root["ts"])
    direct = slack.id_of("dm:camille")
    posted = slack.client.chat_postMessage(channel=direct, text="réponse", thread_ts=root["ts"])
    assert "thread_ts" not in posted["message"]
    assert [m["text"] for m in slack.client.conversations_history(channel=direct)["messages"]] == ["réponse"]


@pytest.mark.parametrize("text", ["avant\0après", "avant \ud83d après"])
def test_a_text_may_hold_what_no_keyboard_types(slack: RecordingApp, text: str) -> None:
    assert slack.write(text)["text"] == text
    assert slack.events[-1]["text"] == text
    shown = slack.playground.control.get("screen", user="camille")["channels"]["@guichet"][-1]
    assert shown["notification"] == text
    with urlopen(f"{slack.playground.base_url}/?as=camille&channel={slack.id_of('dm:camille')}") as page:
        assert "avant" in page.read().decode()


def test_metadata_may_be_entities(slack: RecordingApp) -> None:
    entity = {
        "entity_type": "slack#/entities/incident",
        "entity_payload": {"attributes": {}},
        "url": "https://x",
    }
    posted = slack.client.chat_postMessage(
        channel=slack.id_of("#general"), text="Incident", metadata={"entities": [entity]}
    )
    assert posted["ok"]
