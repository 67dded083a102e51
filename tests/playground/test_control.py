"""People of the playground, driven by what they read, and an app made with Bolt that answers them."""

import base64
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from playground.manifest import Command, Manifest
from playground.testing import Playground
from tests.playground.sockets import hang_up
from tests.support.help_desk import TIMEOUT

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def option(text: str, value: str | None = None) -> Json:
    return {"text": plain(text), "value": value or text.lower()}


def button(text: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": "1", **more}


def question(label: str, element: Json, **more: Any) -> Json:
    element = {"action_id": "answer", **element}
    return {"type": "input", "block_id": label, "label": plain(label), "element": element, **more}


def section(text: str, accessory: Json | None = None, **more: Any) -> Json:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}
    return block | ({"accessory": accessory} if accessory else {})


def actions(*elements: Json, block_id: str = "actions") -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def modal(*blocks: Json, title: str = "Formulaire", **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Envoyer"),
        "close": plain("Annuler"),
        "blocks": list(blocks),
        **more,
    }


class Desk:
    """The app under the test's thumb: what it received, and how it answers next."""

    def __init__(self, playground: Playground) -> None:
        self.playground, self.control = playground, playground.control
        self.client = WebClient("xoxb-playground", base_url=playground.api_url)
        self.received: list[Json] = []
        self.form = modal(question("Titre", {"type": "plain_text_input"}))
        self.submission: Json = {}
        self.suggestions: list[Json] = []
        self.app = App(client=self.client, process_before_response=True)
        self._listen()
        self.handler = SocketModeHandler(self.app, "xapp-playground", web_client=self.client)
        self.handler.connect()
        assert playground.control.get("connected")["connected"]

    def close(self) -> None:
        hang_up(self.handler, self.playground)

    def _listen(self) -> None:
        everything: Any = re.compile(".*")
        self.app.command("/form")(self._open_form)
        self.app.command("/echo")(self._echo)
        self.app.shortcut(everything)(self._open_form)
        self.app.action(everything)(self._acknowledge)
        self.app.view(everything)(self._submitted)
        self.app.view_closed(everything)(self._acknowledge)
        self.app.options(everything)(self._suggest)
        self.app.event(everything)(self._happened)

    def _open_form(self, body: Json, ack: Any) -> None:
        self.received.append(body)
        self.client.views_open(trigger_id=body["trigger_id"], view=self.form)
        ack()

    def _echo(self, body: Json, ack: Any) -> None:
        self.received.append(body)
        ack(body["text"]) if not body["text"].startswith("tous") else ack(
            text=body["text"], response_type="in_channel"
        )

    def _acknowledge(self, body: Json, ack: Any) -> None:
        self.received.append(body)
        ack()

    def _submitted(self, body: Json, ack: Any) -> None:
        self.received.append(body)
        ack(**self.submission)

    def _suggest(self, body: Json, ack: Any) -> None:
        self.received.append(body)
        words = body["value"].casefold()
        ack(options=[one for one in self.suggestions if words in one["text"]["text"].casefold()])

    def _happened(self, body: Json, event: Json) -> None:
        self.received.append(event)

    @property
    def last(self) -> Json:
        return self.received[-1]

    def post(self, call: str, **fields: Any) -> Json:
        """A gesture that must work."""
        answer: Json = self.control.post(call, **fields)
        assert answer["ok"], answer
        return answer

    def open(self, *blocks: Json, **more: Any) -> Json:
        """A modal in front of camille, opened by her command."""
        self.form = modal(*blocks, **more)
        self.post("command", user="camille", command="/form")
        return dict(self.modal())

    def modal(self, user: str = "camille") -> Json:
        return dict(self.control.get("screen", user=user)["modal"])

    def say(self, *blocks: Json, channel: str = "#general", **more: Any) -> str:
        """Post a message; its ts."""
        answer = self.client.chat_postMessage(
            channel=self.channel(channel), text="message", blocks=list(blocks), **more
        )
        return str(answer["ts"])

    def channel(self, name: str, user: str = "camille") -> str:
        if name.startswith("@"):
            person = self.client.users_lookupByEmail(email=f"{name[1:]}@univ.example")["user"]["id"]
            return str(self.client.conversations_open(users=person)["channel"]["id"])
        channels = self.client.conversations_list(types="public_channel,private_channel")["channels"]
        return next(str(c["id"]) for c in channels if f"#{c['name']}" == name)

    def values(self) -> Json:
        """What the last submission carried, by block_id."""
        submitted = self.last["view"]["state"]["values"]
        return {block_id: value["answer"] for block_id, value in submitted.items()}


@pytest.fixture(scope="module")
def playground() -> Iterator[Playground]:
    with Playground(rate_limits=False, ack_seconds=TIMEOUT) as running:
        yield running


@pytest.fixture(scope="module")
def running_desk(playground: Playground) -> Iterator[Desk]:
    desk = Desk(playground)
    yield desk
    desk.close()


@pytest.fixture
def desk(playground: Playground, running_desk: Desk) -> Desk:
    playground.reset()
    running_desk.received.clear()
    running_desk.submission = {}
    return running_desk


@pytest.fixture
def lawful(desk: Desk) -> Iterator[Desk]:
    """The desk, which must not break a rule."""
    yield desk
    assert desk.control.get("violations")["violations"] == []


class TestCommands:
    def test_the_payload_of_a_command(self, lawful: Desk) -> None:
        lawful.post("command", user="camille", command="/echo", text="  un & deux ")
        body = lawful.last
        assert (body["command"], body["text"]) == ("/echo", "un &amp; deux")
        assert body["channel_name"] == "directmessage"
        assert body["user_name"] == "camille"
        assert body["trigger_id"]

    def test_the_reply_is_ephemeral_by_default(self, lawful: Desk) -> None:
        lawful.post("command", user="camille", channel="#general", command="/echo", text="chut")
        (seen,) = lawful.control.get("screen", user="camille")["ephemeral"]
        assert (seen["text"], seen["channel"], seen["user"]) == ("chut", "#general", "guichet")
        assert lawful.control.get("screen", user="oliver")["ephemeral"] == []

    def test_or_for_everyone(self, lawful: Desk) -> None:
        lawful.post("command", user="camille", channel="#general", command="/echo", text="tous ensemble")
        assert shown(lawful, "oliver", "#general") == ["tous ensemble"]

    def test_a_command_is_not_typed_where_one_is_not(self, desk: Desk) -> None:
        answer = desk.control.post("command", user="camille", channel="#dnum-reseau", command="/echo")
        assert answer["error"] == "not_visible"

    def test_nobody_of_that_name(self, desk: Desk) -> None:
        answer = desk.control.post("command", user="personne", command="/echo")
        assert answer["error"] == "user_not_found"
        assert "camille" in answer["detail"]


class TestShortcuts:
    def test_a_global_shortcut_opens_a_form(self, lawful: Desk) -> None:
        lawful.form = modal(question("Titre", {"type": "plain_text_input"}))
        lawful.post("shortcut", user="oliver", callback_id="nouveau")
        assert lawful.last["type"] == "shortcut"
        assert "channel" not in lawful.last
        assert lawful.modal("oliver")["title"] == "Formulaire"

    def test_a_message_shortcut_carries_the_message(self, lawful: Desk) -> None:
        ts = lawful.post("message", user="oliver", channel="#general", text="écran noir")["message"]["ts"]
        lawful.post("shortcut", user="camille", callback_id="ticket", channel="#general", ts=ts)
        body = lawful.last
        assert body["type"] == "message_action"
        assert (body["message"]["text"], body["message_ts"]) == ("écran noir", ts)
        assert body["channel"]["name"] == "general"
        WebhookClient(body["response_url"]).send(text="pris en compte")
        assert lawful.control.get("screen", user="camille")["ephemeral"][0]["text"] == "pris en compte"


class TestHome:
    def test_opening_it_tells_the_app(self, lawful: Desk) -> None:
        assert lawful.post("home", user="camille")["home"] is None
        event = lawful.last
        assert (event["type"], event["tab"]) == ("app_home_opened", "home")
        assert "view" not in event
        lawful.client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [section("Bonjour")]}
        )
        assert lawful.post("home", user="camille")["home"]["text"] == "Bonjour"
        assert lawful.last["view"]["blocks"][0]["text"]["text"] == "Bonjour"

    def test_what_was_chosen_stays_while_the_ids_do(self, lawful: Desk) -> None:
        def publish(block_id: str, *before: Json) -> Json:
            menu = {"type": "static_select", "action_id": "sort", "options": [option("Date"), option("Site")]}
            blocks = [*before, section("Trier", menu, block_id=block_id)]
            view = lawful.client.views_publish(user_id=user, view={"type": "home", "blocks": blocks})["view"]
            return dict(view["state"]["values"][block_id]["sort"])

        lawful.post("home", user="camille")
        user = lawful.last["user"]
        assert publish("sort-1")["selected_option"] is None
        lawful.post("click", user="camille", text="Trier", option="Site", **{"in": "home"})
        assert publish("sort-1", section("Du nouveau"))["selected_option"] == option("Site")
        assert publish("sort-2")["selected_option"] is None

    def test_its_buttons_carry_the_view(self, lawful: Desk) -> None:
        lawful.post("home", user="camille")
        home = {"type": "home", "private_metadata": "page 2", "blocks": [actions(button("Suivant", "next"))]}
        lawful.client.views_publish(user_id=lawful.last["user"], view=home)
        lawful.post("click", user="camille", text="suivant", **{"in": "home"})
        body = lawful.last
        assert body["container"] == {"type": "view", "view_id": body["view"]["id"]}
        assert body["view"]["private_metadata"] == "page 2"
        assert not {"channel", "message", "response_url"} & body.keys()
        assert body["actions"][0]["value"] == "1"


def shown(desk: Desk, user: str, channel: str) -> list[str]:
    return [m["text"] for m in desk.control.get("screen", user=user)["channels"][channel]]


class TestClicks:
    def test_a_button_on_a_message(self, lawful: Desk) -> None:
        ts = lawful.say(section("Ticket n° 12"), actions(button("C’est réparé", "approve", style="primary")))
        where = {"channel": "#general", "ts": ts}
        lawful.post("click", user="camille", text="c'est RÉPARÉ", **{"in": where})
        body = lawful.last
        assert body["type"] == "block_actions"
        assert body["container"]["message_ts"] == body["message"]["ts"] == ts
        assert body["container"]["is_ephemeral"] is False
        assert body["message"]["bot_id"].startswith("B")
        (action,) = body["actions"]
        assert (action["type"], action["action_id"], action["block_id"]) == ("button", "approve", "actions")
        assert action["text"]["text"] == "C’est réparé"
        assert body["state"] == {"values": {}}

    def test_without_ts_the_newest_message_that_has_it(self, lawful: Desk) -> None:
        lawful.say(actions(button("Prendre", "take")))
        newest = lawful.say(actions(button("Prendre", "take")))
        lawful.say(section("autre chose"))
        lawful.post("click", user="camille", text="Prendre", **{"in": {"channel": "#general"}})
        assert lawful.last["container"]["message_ts"] == newest

    def test_who_cannot_see_the_message_cannot_click(self, desk: Desk) -> None:
        ts = desk.say(actions(button("Prendre", "take")), channel="#dnum-reseau")
        where = {"channel": "#dnum-reseau", "ts": ts}
        answer = desk.control.post("click", user="camille", text="Prendre", **{"in": where})
        assert answer["error"] == "not_visible"
        assert desk.received == []

    @pytest.mark.parametrize("in_thread", [False, True])
    def test_an_overflow_menu_of_a_message(self, lawful: Desk, in_thread: bool) -> None:
        menu = {"type": "overflow", "action_id": "more", "options": [option("Doublon"), option("Annuler")]}
        root = lawful.say(section("racine"))
        more = {"thread_ts": root} if in_thread else {}
        ts = lawful.say(actions(button("Voir", "look"), menu), section("Autre", menu), **more)
        where = {"channel": "#general", "ts": ts}
        lawful.post("click", user="camille", action_id="more", nth=1, option="doublon", **{"in": where})
        body = lawful.last
        assert body["actions"][0]["selected_option"] == option("Doublon")
        assert body["actions"][0]["block_id"] == "actions"
        assert body["container"].get("thread_ts") == (root if in_thread else None)
        assert body["state"] == {"values": {}}
        lawful.post("click", user="camille", text="Autre", option="Annuler", **{"in": where})
        assert lawful.last["actions"][0]["selected_option"] == option("Annuler")

    @pytest.mark.parametrize("surface", ["message", "home", "modal"])
    def test_a_menu_tells_the_app_at_once_wherever_it_stands(self, lawful: Desk, surface: str) -> None:
        who = {"type": "users_select", "action_id": "who", "placeholder": plain("À qui ?")}
        team = {"type": "static_select", "action_id": "team", "options": [option("Réseau", "net")]}
        blocks = actions(who, block_id="row"), section("Équipe", team, block_id="side")
        where: Any = surface
        if surface == "modal":
            lawful.open(*blocks)
        elif surface == "home":
            lawful.post("home", user="camille")
            lawful.client.views_publish(
                user_id=lawful.last["user"], view={"type": "home", "blocks": [*blocks]}
            )
        else:
            where = {"channel": "#general", "ts": lawful.say(*blocks)}
        lawful.post("click", user="camille", text="À qui ?", option="Karim Benali", **{"in": where})
        (action,) = lawful.last["actions"]
        karim = lawful.client.users_lookupByEmail(email="karim.benali@univ.example")["user"]["id"]
        assert (action["type"], action["selected_user"]) == ("users_select", karim)
        lawful.post("click", user="camille", text="Équipe", option="Réseau", **{"in": where})
        body = lawful.last
        assert body["actions"][0]["selected_option"] == option("Réseau", "net")
        held = (body.get("view") or body)["state"]["values"]
        assert held["row"]["who"]["selected_user"] == karim
        assert held["side"]["team"]["selected_option"] == option("Réseau", "net")

    def test_words_that_are_not_there_are_answered_with_those_that_are(self, desk: Desk) -> None:
        desk.open(actions(button("Ouvrir", "open"), button("Fermer", "shut")))
        answer = desk.control.post("click", user="camille", text="Casser", **{"in": "modal"})
        assert answer["error"] == "not_found"
        assert "'Ouvrir'" in answer["detail"]
        assert "'Fermer'" in answer["detail"]

    def test_the_same_words_twice_need_nth(self, lawful: Desk) -> None:
        rows = [section(name, button("Voir", f"see-{name}")) for name in ("un", "deux")]
        lawful.open(*rows)
        answer = lawful.control.post("click", user="camille", text="Voir", **{"in": "modal"})
        assert answer["error"] == "ambiguous"
        lawful.post("click", user="camille", text="Voir", nth=2, **{"in": "modal"})
        assert lawful.last["actions"][0]["action_id"] == "see-deux"
        lawful.post("click", user="camille", action_id="see-un", **{"in": "modal"})
        assert lawful.last["actions"][0]["action_id"] == "see-un"

    def test_a_button_of_an_earlier_version(self, lawful: Desk) -> None:
        ts = lawful.say(actions(button("Prendre", "take")))
        for words in ("pris", "résolu"):
            lawful.client.chat_update(
                channel=lawful.channel("#general"), ts=ts, text=words, blocks=[section(words)]
            )
        where = {"channel": "#general", "ts": ts}
        answer = lawful.control.post("click", user="camille", text="Prendre", **{"in": where})
        assert answer["error"] == "not_found"
        lawful.post("click", user="camille", text="Prendre", stale=True, **{"in": where})
        assert lawful.last["actions"][0]["action_id"] == "take"
        assert lawful.last["message"]["blocks"][0]["type"] == "actions"

    def test_a_menu_in_a_section(self, lawful: Desk) -> None:
        menu = {"type": "static_select", "action_id": "who", "placeholder": plain("À qui ?")}
        lawful.say(section("Attribuer", menu | {"options": [option("Karim"), option("Léa", "lea")]}))
        lawful.post("click", user="camille", text="à qui ?", option="léa", **{"in": {"channel": "#general"}})
        (action,) = lawful.last["actions"]
        assert action["selected_option"] == option("Léa", "lea")
        assert action["placeholder"] == plain("À qui ?")
        (held,) = (v["who"] for v in lawful.last["state"]["values"].values())
        assert held == {"type": "static_select", "selected_option": option("Léa", "lea")}

    def test_an_overflow_menu_is_found_by_its_options(self, lawful: Desk) -> None:
        more = {"type": "overflow", "action_id": "more", "options": [option("Copier"), option("Annuler")]}
        lawful.say(section("Ticket", more))
        lawful.post("click", user="camille", option="annuler", **{"in": {"channel": "#general"}})
        assert lawful.last["actions"][0]["selected_option"]["value"] == "annuler"
        assert lawful.last["state"] == {"values": {}}

    def test_each_pick_of_several_is_sent(self, lawful: Desk) -> None:
        boxes = {"type": "checkboxes", "action_id": "boxes", "options": [option("Un"), option("Deux")]}
        lawful.open(actions(boxes))
        for wanted in (["Un", "Deux"], "Un"):
            lawful.post("click", user="camille", action_id="boxes", option=wanted, **{"in": "modal"})
        picks = [
            [one["value"] for one in body["actions"][0]["selected_options"]]
            for body in lawful.received
            if body.get("type") == "block_actions"
        ]
        assert picks == [["un"], ["un", "deux"], ["deux"]]

    @pytest.mark.parametrize(
        ("element", "wanted", "key", "expected"),
        [
            ({"type": "datepicker"}, "2026-12-01", "selected_date", "2026-12-01"),
            ({"type": "timepicker"}, "14:30", "selected_time", "14:30"),
            ({"type": "datetimepicker"}, 1764600000, "selected_date_time", 1764600000),
            ({"type": "radio_buttons", "options": [option("Oui")]}, "Oui", "selected_option", option("Oui")),
        ],
    )
    def test_other_elements_take_a_value(
        self, lawful: Desk, element: Json, wanted: Any, key: str, expected: Any
    ) -> None:
        lawful.open(actions(element | {"action_id": "it"}))
        lawful.post("click", user="camille", action_id="it", value=wanted, **{"in": "modal"})
        assert lawful.last["actions"][0][key] == expected
        assert lawful.last["view"]["state"]["values"]["actions"]["it"][key] == expected

    def test_people_and_channels_are_chosen_by_name(self, lawful: Desk) -> None:
        lawful.open(
            actions(
                {"type": "users_select", "action_id": "person"},
                {"type": "conversations_select", "action_id": "room"},
            )
        )
        lawful.post("click", user="camille", action_id="person", option="Léa Martin", **{"in": "modal"})
        assert lawful.last["actions"][0]["selected_user"].startswith("U")
        lawful.post("click", user="camille", action_id="room", option="#general", **{"in": "modal"})
        assert lawful.last["actions"][0]["selected_conversation"] == lawful.channel("#general")


class TestExternalMenus:
    def test_options_come_from_the_app(self, lawful: Desk) -> None:
        lawful.suggestions = [option("Imprimante"), option("Impression 3D"), option("Wifi")]
        lawful.open(question("Service", {"type": "external_select", "min_query_length": 2}))
        offered = lawful.post("options", user="camille", label="service", query="imp")["options"]
        assert [one["text"]["text"] for one in offered] == ["Imprimante", "Impression 3D"]
        body = lawful.last
        assert (body["type"], body["value"], body["action_id"]) == ("block_suggestion", "imp", "answer")
        assert "trigger_id" not in body
        assert body["view"]["callback_id"] == "form"
        assert lawful.post("options", user="camille", label="service", query="i")["options"] == []
        lawful.post("submit", user="camille", values={"Service": "wifi"})
        assert lawful.values()["Service"]["selected_option"]["value"] == "wifi"

    def test_too_long_an_option_is_a_bad_acknowledgement(self, desk: Desk) -> None:
        desk.suggestions = [option("i" * 76)]
        desk.open(question("Service", {"type": "external_select"}))
        answer = desk.control.post("options", user="camille", label="Service", query="iii")
        assert answer["error"] == "bad_ack"
        (violation,) = desk.control.get("violations")["violations"]
        assert "less than 76 characters" in violation["detail"]


class TestForms:
    def test_every_input_is_there_even_untouched(self, lawful: Desk) -> None:
        choice = [option("Bas"), option("Haut")]
        lawful.open(
            question("Texte", {"type": "plain_text_input"}, optional=True),
            question("Choix", {"type": "static_select", "options": choice, "initial_option": choice[1]}),
            question("Plusieurs", {"type": "multi_static_select", "options": choice}, optional=True),
            question("Fichiers", {"type": "file_input"}, optional=True),
            question("Jour", {"type": "datepicker"}, optional=True),
            question("Qui", {"type": "users_select"}, optional=True),
        )
        lawful.post("submit", user="camille", values={})
        assert lawful.values() == {
            "Texte": {"type": "plain_text_input", "value": None},
            "Choix": {"type": "static_select", "selected_option": choice[1]},
            "Plusieurs": {"type": "multi_static_select", "selected_options": []},
            "Fichiers": {"type": "file_input", "files": []},
            "Jour": {"type": "datepicker", "selected_date": None},
            "Qui": {"type": "users_select", "selected_user": None},
        }

    def test_inputs_are_filled_by_label(self, lawful: Desk) -> None:
        choice = [option("Bas"), option("Haut")]
        lawful.open(
            question("Titre de l’incident", {"type": "plain_text_input"}),
            question("Urgence", {"type": "static_select", "options": choice}),
            question("Plusieurs", {"type": "checkboxes", "options": choice}),
            question("Nombre", {"type": "number_input", "is_decimal_allowed": False}),
            question("Qui", {"type": "multi_users_select"}),
            question("Récit", {"type": "rich_text_input"}),
        )
        answer = lawful.post(
            "submit",
            user="camille",
            values={
                "titre de l'incident": "Écran <noir> & blanc",
                "Urgence": "haut",
                "Plusieurs": ["Bas", "Haut"],
                "Nombre": 3,
                "Qui": ["karim", "lea"],
                "Récit": "il est tombé",
            },
        )
        assert answer["response_action"] is None
        values = lawful.values()
        assert values["Titre de l’incident"]["value"] == "Écran <noir> & blanc"
        assert values["Urgence"]["selected_option"] == choice[1]
        assert values["Plusieurs"]["selected_options"] == choice
        assert values["Nombre"]["value"] == "3"
        assert len(values["Qui"]["selected_users"]) == 2
        assert values["Récit"]["rich_text_value"]["type"] == "rich_text"
        assert lawful.control.get("screen", user="camille")["modal"] is None

    def test_a_required_input_left_empty_stops_in_the_client(self, lawful: Desk) -> None:
        lawful.open(
            question("Titre", {"type": "plain_text_input"}),
            question("Note", {"type": "plain_text_input"}, optional=True),
        )
        answer = lawful.control.post("submit", user="camille", values={"Titre": "  "})
        assert answer["ok"] is False
        assert answer["errors"] == {"Titre": "Please complete this required field."}
        assert lawful.last["type"] != "view_submission" if "type" in lawful.last else True
        assert lawful.modal()["errors"] == answer["errors"]
        assert lawful.modal()["values"] == {"Titre": "  ", "Note": None}
        lawful.post("submit", user="camille", values={"Titre": "là"})
        assert lawful.last["type"] == "view_submission"

    @pytest.mark.parametrize(
        ("element", "wrong", "right"),
        [
            ({"type": "plain_text_input", "min_length": 3}, "ab", "abc"),
            ({"type": "plain_text_input", "max_length": 3}, "abcd", "abc"),
            ({"type": "plain_text_input", "multiline": True}, "x" * 3001, "x" * 3000),
            ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "15"),
            ({"type": "number_input", "is_decimal_allowed": True, "min_value": "1"}, "0.5", "1.5"),
            ({"type": "number_input", "is_decimal_allowed": True, "max_value": "9"}, "trois", "9"),
            ({"type": "email_text_input"}, "camille", "camille@univ.example"),
            ({"type": "url_text_input"}, "univ.example", "https://univ.example"),
            ({"type": "datepicker"}, "demain", "2026-12-01"),
        ],
    )
    def test_the_client_checks_lengths_and_formats(
        self, lawful: Desk, element: Json, wrong: str, right: str
    ) -> None:
        lawful.open(question("Réponse", element))
        before = len(lawful.received)
        assert "Réponse" in lawful.control.post("submit", user="camille", values={"Réponse": wrong})["errors"]
        assert len(lawful.received) == before
        lawful.post("submit", user="camille", values={"Réponse": right})

    def test_files_are_uploaded_and_described(self, lawful: Desk) -> None:
        lawful.open(question("Pièces", {"type": "file_input", "filetypes": ["txt"], "max_files": 2}))
        note = {"name": "note.txt", "content_base64": base64.b64encode(b"bonjour").decode()}
        answer = lawful.control.post(
            "submit", user="camille", values={"Pièces": [note, note | {"name": "a.exe"}]}
        )
        assert "a.exe" in answer["errors"]["Pièces"]
        assert lawful.control.post("submit", user="camille", values={"Pièces": [note] * 3})["errors"]
        lawful.post("submit", user="camille", values={"Pièces": [note]})
        (file,) = lawful.values()["Pièces"]["files"]
        assert (file["name"], file["size"], file["mimetype"]) == ("note.txt", 7, "text/plain")
        request = Request(file["url_private_download"], headers={"Authorization": "Bearer xoxb-playground"})
        with urlopen(request) as response:
            assert response.read() == b"bonjour"

    def test_the_app_writes_under_an_input(self, lawful: Desk) -> None:
        lawful.open(question("Titre", {"type": "plain_text_input"}))
        lawful.submission = {"response_action": "errors", "errors": {"Titre": "déjà pris"}}
        answer = lawful.control.post("submit", user="camille", values={"Titre": "x"})
        assert answer == {"ok": False, "response_action": "errors", "errors": {"Titre": "déjà pris"}}
        assert lawful.modal()["errors"] == {"Titre": "déjà pris"}

    def test_errors_on_what_is_no_input_break_a_rule(self, desk: Desk) -> None:
        desk.open(question("Titre", {"type": "plain_text_input"}), section("là", block_id="texte"))
        desk.submission = {"response_action": "errors", "errors": {"texte": "non"}}
        answer = desk.control.post("submit", user="camille", values={"Titre": "x"})
        assert answer["error"] == "bad_ack"
        assert desk.modal()["title"] == "Formulaire"
        assert "trouble connecting" in desk.control.get("screen", user="camille")["toasts"][0]

    def test_update_shows_another_page(self, lawful: Desk) -> None:
        lawful.open(question("Titre", {"type": "plain_text_input"}))
        lawful.submission = {"response_action": "update", "view": modal(section("Merci"), title="Fin")}
        assert lawful.post("submit", user="camille", values={"Titre": "x"})["response_action"] == "update"
        assert (lawful.modal()["title"], lawful.modal()["text"]) == ("Fin", "Merci")

    def test_push_then_close_shows_the_one_below(self, lawful: Desk) -> None:
        lawful.open(question("Titre", {"type": "plain_text_input"}))
        lawful.submission = {"response_action": "push", "view": modal(section("Plus"), title="Dessus")}
        lawful.post("submit", user="camille", values={"Titre": "x"})
        assert lawful.control.get("screen", user="camille")["modals"] == 2
        lawful.submission = {}
        lawful.post("close", user="camille")
        assert lawful.modal()["values"] == {"Titre": "x"}

    def test_a_fourth_view_is_one_too_many(self, desk: Desk) -> None:
        desk.open(question("Titre", {"type": "plain_text_input"}, optional=True))
        desk.submission = {"response_action": "push", "view": desk.form}
        for _ in range(2):
            desk.post("submit", user="camille", values={})
        assert desk.control.post("submit", user="camille", values={})["error"] == "bad_ack"
        (violation,) = desk.control.get("violations")["violations"]
        assert violation["detail"] == "push_limit_reached"

    def test_clear_closes_everything(self, lawful: Desk) -> None:
        lawful.open(question("Titre", {"type": "plain_text_input"}, optional=True))
        lawful.submission = {"response_action": "push", "view": lawful.form}
        lawful.post("submit", user="camille", values={})
        lawful.submission = {"response_action": "clear"}
        lawful.post("submit", user="camille", values={})
        assert lawful.control.get("screen", user="camille")["modal"] is None

    def test_a_bad_view_in_the_answer_leaves_the_form_and_breaks_a_rule(self, desk: Desk) -> None:
        desk.open(question("Titre", {"type": "plain_text_input"}))
        desk.submission = {"response_action": "update", "view": modal(title="T" * 25)}
        assert desk.control.post("submit", user="camille", values={"Titre": "x"})["error"] == "bad_ack"
        assert desk.modal()["values"] == {"Titre": "x"}
        (violation,) = desk.control.get("violations")["violations"]
        assert "less than 25 characters" in violation["detail"]

    def test_no_modal_no_submission(self, desk: Desk) -> None:
        assert desk.control.post("submit", user="camille", values={})["error"] == "not_visible"


class TestDispatchedInputs:
    def test_typing_sends_the_action_of_an_input_that_dispatches(self, lawful: Desk) -> None:
        lawful.open(
            question("Chercher", {"type": "plain_text_input"}, dispatch_action=True),
            question("Titre", {"type": "plain_text_input"}),
        )
        lawful.post("type", user="camille", label="chercher", text="imprimante")
        (action,) = lawful.last["actions"]
        assert (action["type"], action["value"]) == ("plain_text_input", "imprimante")
        before = len(lawful.received)
        lawful.post("type", user="camille", label="Titre", text="muet")
        assert len(lawful.received) == before
        assert lawful.modal()["values"] == {"Chercher": "imprimante", "Titre": "muet"}

    def test_filling_a_form_presses_no_enter(self, lawful: Desk) -> None:
        eager = {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}
        lawful.open(
            question("Patient", {"type": "plain_text_input"}, dispatch_action=True),
            question("Vif", {"type": "plain_text_input", **eager}, dispatch_action=True),
        )
        lawful.post("submit", user="camille", values={"Patient": "un", "Vif": "deux"})
        sent = [body["actions"][0]["value"] for body in lawful.received if "actions" in body]
        assert sent == ["deux"]
        assert lawful.values()["Patient"]["value"] == "un"

    def test_each_pick_of_a_form_is_sent(self, lawful: Desk) -> None:
        boxes = {"type": "multi_static_select", "options": [option("Un"), option("Deux"), option("Trois")]}
        lawful.open(question("Choix", boxes, dispatch_action=True))
        lawful.post("submit", user="camille", values={"Choix": ["Un", "Trois"]})
        sent = [len(b["actions"][0]["selected_options"]) for b in lawful.received if "actions" in b]
        assert sent == [1, 2]

    def test_a_form_being_filled_sends_them_too(self, lawful: Desk) -> None:
        levels = [option("Bas"), option("Haut")]
        lawful.open(question("Urgence", {"type": "static_select", "options": levels}, dispatch_action=True))
        lawful.post("submit", user="camille", values={"Urgence": "Haut"})
        assert [body.get("type") for body in lawful.received[-2:]] == ["block_actions", "view_submission"]


class TestClosing:
    def test_the_app_is_told_when_it_asked(self, lawful: Desk) -> None:
        lawful.open(section("là"), notify_on_close=True)
        lawful.post("close", user="camille")
        assert (lawful.last["type"], lawful.last["is_cleared"]) == ("view_closed", False)
        assert "trigger_id" not in lawful.last

    def test_and_not_otherwise(self, lawful: Desk) -> None:
        lawful.open(section("là"))
        lawful.post("close", user="camille")
        assert lawful.last.get("type") != "view_closed"

    def test_the_cross_clears_the_stack(self, lawful: Desk) -> None:
        lawful.open(
            section("là"),
            question("Titre", {"type": "plain_text_input"}, optional=True),
            notify_on_close=True,
        )
        root = lawful.modal()["id"]
        lawful.submission = {"response_action": "push", "view": modal(section("dessus"))}
        lawful.post("submit", user="camille", values={})
        lawful.post("close", user="camille", all=True)
        assert (lawful.last["is_cleared"], lawful.last["view"]["id"]) == (True, root)
        assert lawful.control.get("screen", user="camille")["modal"] is None


class TestResponseUrls:
    @pytest.fixture
    def url(self, lawful: Desk) -> str:
        lawful.say(section("avant"), actions(button("Aller", "go")))
        lawful.post("click", user="camille", text="Aller", **{"in": {"channel": "#general"}})
        return str(lawful.last["response_url"])

    def test_an_answer_is_ephemeral_by_default(self, lawful: Desk, url: str) -> None:
        response = WebhookClient(url).send(text="pour toi", blocks=[actions(button("Encore", "again"))])
        assert (response.status_code, response.body) == (200, "ok")
        (seen,) = lawful.control.get("screen", user="camille")["ephemeral"]
        lawful.post(
            "click", user="camille", text="Encore", **{"in": {"channel": "#general", "ts": seen["ts"]}}
        )
        assert lawful.last["container"]["is_ephemeral"] is True
        assert "message" not in lawful.last
        WebhookClient(lawful.last["response_url"]).send(text="remplacé", replace_original=True)
        (seen,) = lawful.control.get("screen", user="camille")["ephemeral"]
        assert seen["text"] == "remplacé"
        lawful.post("command", user="camille", channel="#general", command="/echo", text="rien")

    def test_it_can_replace_or_delete_the_message(self, lawful: Desk, url: str) -> None:
        WebhookClient(url).send(text="après", replace_original=True)
        assert shown(lawful, "oliver", "#general") == ["après"]
        WebhookClient(url).send(delete_original=True)
        assert shown(lawful, "oliver", "#general") == []

    def test_five_times_and_no_more(self, desk: Desk) -> None:
        desk.post("command", user="camille", command="/echo", text="x")
        hook = WebhookClient(desk.last["response_url"])
        answers = [hook.send(text=str(n)) for n in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [404]
        assert answers[-1].body == "used_url"

    def test_thirty_minutes_and_no_more(self, desk: Desk) -> None:
        desk.post("command", user="camille", command="/echo", text="x")
        desk.post("clock", advance=1801)
        answer = WebhookClient(desk.last["response_url"]).send(text="trop tard")
        assert (answer.status_code, answer.body) == (404, "expired_url")
        assert [v["rule"] for v in desk.control.get("violations")["violations"]] == ["expired_url"]

    def test_bad_blocks_are_refused_without_a_word(self, desk: Desk) -> None:
        desk.post("command", user="camille", command="/echo", text="x")
        answer = WebhookClient(desk.last["response_url"]).send(text="x", blocks=[{"type": "section"}])
        assert (answer.status_code, answer.body) == (400, "invalid_blocks")


class TestStrangers:
    def test_a_person_of_another_workspace_has_no_commands(self, desk: Desk) -> None:
        where = {"user": "paul", "channel": "#general"}
        answer = desk.control.post("command", **where, command="/echo")
        assert answer["error"] == "app_not_installed"
        assert (
            desk.control.post("shortcut", user="paul", callback_id="nouveau")["error"] == "app_not_installed"
        )

    def test_but_uses_the_buttons_of_shared_channels(self, lawful: Desk) -> None:
        lawful.say(actions(button("Aller", "go")))
        lawful.post("click", user="paul", text="Aller", **{"in": {"channel": "#general"}})
        assert lawful.last["user"]["team_id"] != lawful.last["team"]["id"]


class TestManifest:
    def test_what_it_does_not_declare_is_not_there(self) -> None:
        manifest = Manifest(
            commands={"/ticket": Command("/ticket")},
            bot_events=frozenset(),
            home_tab=False,
            messages_tab=False,
            interactivity=False,
            permissive=False,
        )
        with Playground(manifest) as playground:
            control = playground.control
            assert control.post("command", user="camille", command="/echo")["error"] == "unknown_command"
            assert control.post("shortcut", user="camille", callback_id="x")["error"] == "unknown_shortcut"
            said = control.post("message", user="camille", channel="@guichet", text="x")
            assert said["error"] == "messages_tab_disabled"
            assert control.post("home", user="camille") == {"ok": True, "home": None}
            client = WebClient("xoxb-playground", base_url=playground.api_url)
            channel = client.conversations_list()["channels"][0]["id"]
            client.chat_postMessage(channel=channel, text="x", blocks=[actions(button("Aller", "go"))])
            clicked = control.post("click", user="camille", text="Aller", **{"in": {"channel": channel}})
            assert clicked["error"] == "interactivity_disabled"


class TestConversations:
    def test_a_message_and_a_mention(self, lawful: Desk) -> None:
        lawful.post("message", user="camille", channel="#general", text="@guichet écran noir")
        kinds = {event["type"] for event in lawful.received}
        assert kinds == {"message", "app_mention"}
        mention = next(event for event in lawful.received if event["type"] == "app_mention")
        assert mention["text"].startswith("<@U")
        assert "channel_type" not in mention

    def test_a_reply_and_its_edition_and_deletion(self, lawful: Desk) -> None:
        root = lawful.say(section("ticket"))
        where = {"user": "camille", "channel": "#general"}
        ts = lawful.post("message", **where, text="oui", thread_ts=root)["message"]["ts"]
        assert lawful.last["thread_ts"] == root
        (seen,) = lawful.control.get("screen", user="oliver")["channels"]["#general"]
        assert [reply["text"] for reply in seen["replies"]] == ["oui"]
        lawful.post("edit", **where, ts=ts, text="non")
        assert (lawful.last["subtype"], lawful.last["message"]["text"]) == ("message_changed", "non")
        assert lawful.last["previous_message"]["text"] == "oui"
        lawful.post("delete", **where, ts=ts)
        assert (lawful.last["subtype"], lawful.last["deleted_ts"]) == ("message_deleted", ts)
        assert lawful.control.post("edit", **where, ts=root, text="x")["error"] == "not_yours"

    def test_a_file_shared_in_a_channel(self, lawful: Desk) -> None:
        note = {"name": "note.txt", "content_base64": "Ym9uam91cg=="}
        lawful.post("message", user="camille", channel="#general", text="voilà", files=[note])
        shared = next(event for event in lawful.received if event["type"] == "file_shared")
        said = next(event for event in lawful.received if event["type"] == "message")
        assert said["subtype"] == "file_share"
        assert said["files"][0]["id"] == shared["file_id"]

    def test_coming_and_going_also_for_the_app(self, lawful: Desk) -> None:
        lawful.post("invite", user="camille", channel="#dnum-reseau")
        joined = lawful.last
        assert (joined["type"], joined["channel_type"]) == ("member_joined_channel", "G")
        assert "#dnum-reseau" in lawful.control.get("screen", user="camille")["channels"]
        lawful.post("kick", user="camille", channel="#dnum-reseau")
        assert lawful.last["type"] == "member_left_channel"
        assert "#dnum-reseau" not in lawful.control.get("screen", user="camille")["channels"]
        lawful.post("kick", user="guichet", channel="#dnum-reseau")
        lawful.received.clear()
        lawful.post("message", user="marc", channel="#dnum-reseau", text="seuls")
        assert lawful.received == []
        lawful.post("invite", user="guichet", channel="#dnum-reseau", by="marc")
        assert lawful.last["type"] == "member_joined_channel"
        assert lawful.last["inviter"].startswith("U")

    def test_unread_marks(self, lawful: Desk) -> None:
        lawful.post("message", user="camille", channel="#general", text="un")
        lawful.post("message", user="camille", channel="#general", text="deux")
        assert lawful.control.get("screen", user="oliver")["unread"] == {"#general": 2}
        assert lawful.control.get("screen", user="camille")["unread"] == {}
        lawful.post("read", user="oliver", channel="#general")
        assert lawful.control.get("screen", user="oliver")["unread"] == {}


class TestScreens:
    def test_what_blocks_say(self, lawful: Desk) -> None:
        rich = {"type": "text", "text": "brut"}
        lawful.say(
            {"type": "header", "text": plain("Ticket")},
            section("*Écran* noir", button("Voir", "see")),
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "hier"}]},
            {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [rich]}]},
            actions(button("Oui", "yes"), button("Non", "no")),
        )
        assert shown(lawful, "camille", "#general") == [
            "Ticket\n*Écran* noir\n[Voir]\nhier\nbrut\n[Oui]\n[Non]"
        ]

    def test_only_ones_own_channels(self, desk: Desk) -> None:
        desk.say(section("secret"), channel="#dnum-reseau")
        seen = desk.control.get("screen", user="camille")
        assert "#dnum-reseau" not in seen["channels"]
        assert {"#general", "@guichet"} <= seen["channels"].keys()

    def test_waiting_for_words(self, lawful: Desk) -> None:
        seen = lawful.control.get("screen", user="camille", wait_for="jamais", timeout=0.05)
        assert (seen["ok"], seen["error"]) == (False, "timeout")
        lawful.say(section("C’est fait"))
        began = time.monotonic()
        seen = lawful.control.get("screen", user="camille", wait_for="c'est FAIT", timeout=TIMEOUT)
        assert seen["ok"]
        assert time.monotonic() - began < TIMEOUT

    def test_waiting_for_words_to_go(self, lawful: Desk) -> None:
        ts = lawful.say(section("en cours"))
        seen = lawful.control.get("screen", user="camille", wait_gone="en cours", timeout=0.05)
        assert seen["error"] == "timeout"
        lawful.client.chat_delete(channel=lawful.channel("#general"), ts=ts)
        assert lawful.control.get("screen", user="camille", wait_gone="en cours")["ok"]

    def test_calls_are_listed(self, lawful: Desk) -> None:
        since = lawful.control.get("calls")["next"]
        lawful.say(section("là"))
        calls = lawful.control.get("calls", since=since)["calls"]
        assert calls[-1]["method"] == "chat.postMessage"
        assert calls[-1]["answer"]["ok"] is True
