"""A small app that sends every block and element that the page renders, for the page's tests."""

import time
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from playground.testing import Playground
from tests.support.help_desk import TIMEOUT
from tests.support.processes import wait_until

Json = dict[str, Any]

MANIFEST: Json = {
    "_metadata": {"major_version": 2, "minor_version": 1},
    "display_information": {"name": "Guichet"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "guichet", "always_online": True},
        "slash_commands": [
            {"command": "/ticket", "description": "Ouvrir un ticket", "usage_hint": "[titre]"},
            {"command": "/catalogue", "description": "Parcourir le catalogue des services"},
            {"command": "/slow", "description": "Répond trop tard"},
        ],
        "shortcuts": [
            {
                "name": "Nouveau ticket",
                "type": "global",
                "callback_id": "new",
                "description": "Ouvre le formulaire",
            },
            {
                "name": "En faire un ticket",
                "type": "message",
                "callback_id": "from",
                "description": "À partir d’ici",
            },
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "commands",
                "chat:write",
                "im:write",
                "im:history",
                "users:read",
                "files:read",
                "files:write",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "message.im"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def options(*texts: str) -> list[Json]:
    return [{"text": plain(text), "value": text.lower()} for text in texts]


def button(text: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": "1", **more}


def question(label: str, block_id: str, kind: str, *, hint: str = "", **more: Any) -> Json:
    """An input block; what concerns the block itself is taken out of `more`."""
    block = {key: more.pop(key) for key in ("optional", "dispatch_action") if key in more}
    element = {"type": kind, "action_id": "value", **more}
    block |= {"type": "input", "block_id": block_id, "label": plain(label), "element": element}
    return block | ({"hint": plain(hint)} if hint else {})


def form(priority: str = "à calculer") -> Json:
    """A modal with every kind of input."""
    sites = [{"label": plain("Centre"), "options": options("Sorbonne", "Cujas")}]
    sites += [{"label": plain("Nord"), "options": options("Clignancourt")}]
    blocks = [
        question("Titre", "title", "plain_text_input", hint="En quelques mots", max_length=150),
        question("Description", "body", "plain_text_input", multiline=True, optional=True),
        question(
            "Impact", "impact", "static_select", options=options("Faible", "Fort"), dispatch_action=True
        ),
        {"type": "context", "block_id": "priority", "elements": [mrkdwn(f"Priorité : *{priority}*")]},
        question("Site", "site", "static_select", option_groups=sites, placeholder=plain("Choisir un site")),
        question("Service", "service", "external_select", min_query_length=2, optional=True),
        question(
            "Étiquettes",
            "tags",
            "multi_static_select",
            options=options("Wifi", "VPN", "Écran"),
            optional=True,
        ),
        question("Collègue", "who", "users_select", optional=True),
        question("Collègues", "whos", "multi_users_select", optional=True),
        question("Canal", "channel", "conversations_select", optional=True),
        question("Date", "date", "datepicker", initial_date="2026-11-23", optional=True),
        question("Heure", "time", "timepicker", optional=True),
        question("Rendez-vous", "when", "datetimepicker", initial_date_time=1795600800, optional=True),
        question("Nombre de postes", "count", "number_input", is_decimal_allowed=False, optional=True),
        question("Adresse", "mail", "email_text_input", optional=True),
        question("Lien", "link", "url_text_input", optional=True),
        question("Matériel", "kit", "checkboxes", options=options("Écran", "Clavier"), optional=True),
        question(
            "Urgence",
            "urgency",
            "radio_buttons",
            options=options("Basse", "Haute"),
            initial_option=options("Basse")[0],
        ),
        question(
            "Pièces attachées",
            "files",
            "file_input",
            max_files=3,
            optional=True,
            hint="« Ajouter une pièce jointe »",
        ),
    ]
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Ticket informatique"),
        "submit": plain("Enregistrer et fermer"),
        "close": plain("Annuler"),
        "notify_on_close": True,
        "blocks": blocks,
    }


def home(count: int = 0) -> Json:
    blocks = [
        {"type": "header", "text": plain("Bonjour, que pouvons-nous faire ?")},
        {
            "type": "actions",
            "block_id": "ways",
            "elements": [
                button("Nouveau Ticket Informatique", "open_form", style="primary"),
                button("Catalogue des Services Numériques", "open_catalogue"),
                button("Tout effacer", "erase", style="danger", confirm=CONFIRM),
            ],
        },
        {"type": "divider"},
        {
            "type": "section",
            "block_id": "row",
            "text": mrkdwn(
                f"*n° 1042* Plus de wifi en salle B12\n:large_yellow_circle: En cours, {count} réponses"
            ),
            "accessory": button("Ouvrir", "open_ticket"),
        },
        {
            "type": "context",
            "elements": [mrkdwn("Mis à jour <!date^1795600800^{date_short_pretty} à {time}|le 24 nov.>")],
        },
        {
            "type": "section",
            "block_id": "menu",
            "text": mrkdwn("Trier par"),
            "accessory": {
                "type": "static_select",
                "action_id": "sort",
                "options": options("Date", "Priorité"),
            },
        },
        {
            "type": "section",
            "block_id": "more",
            "text": mrkdwn("*n° 1041* Écran noir"),
            "accessory": {
                "type": "overflow",
                "action_id": "overflow",
                "options": options("Rouvrir", "Annuler"),
            },
        },
    ]
    return {"type": "home", "blocks": blocks}


CONFIRM: Json = {
    "title": plain("Tout effacer ?"),
    "text": mrkdwn("Cela ne peut pas être *défait*."),
    "confirm": plain("Effacer"),
    "deny": plain("Garder"),
    "style": "danger",
}

RICH: Json = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Tel que *saisi*, ", "style": {"bold": True}},
                {"type": "link", "url": "https://univ.example/aide", "text": "l’aide"},
                {"type": "emoji", "name": "tada"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "un"}]}],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "indent": 1,
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "dedans"}]}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "une citation"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "ipconfig /all"}]},
    ],
}


def card(state: str = "Nouveau") -> list[Json]:
    """A ticket's card, as help desks post them."""
    return [
        {"type": "header", "text": plain("n° 1042 · Plus de wifi en salle B12")},
        {
            "type": "section",
            "block_id": "facts",
            "fields": [
                mrkdwn(f"*Statut*\n{state}"),
                mrkdwn("*Priorité*\nHaute"),
                mrkdwn("*Site*\nSorbonne"),
                mrkdwn("*Demandeuse*\nCamille"),
            ],
        },
        RICH,
        {
            "type": "actions",
            "block_id": "acts",
            "elements": [
                button("Prendre en charge", "take", style="primary"),
                button("Voir", "look"),
                {"type": "overflow", "action_id": "overflow", "options": options("Doublon", "Annuler")},
            ],
        },
        {
            "type": "section",
            "block_id": "assignee",
            "text": mrkdwn("*Attribué à*"),
            "accessory": {"type": "users_select", "action_id": "assign", "placeholder": plain("Personne")},
        },
        {"type": "context", "elements": [mrkdwn("Équipe Assistance · `P2`")]},
    ]


class Counterpart:
    """The app, connected to a playground; `seen` holds the payloads it received, in order."""

    def __init__(self, playground: Playground) -> None:
        self.seen: list[Json] = []
        self.answer: Json = {}  # what submissions are answered
        self.client = WebClient("xoxb-playground", base_url=playground.api_url)
        app = App(client=self.client, process_before_response=True)
        app.use(self._see)
        self._register(app)
        socket = WebClient("xapp-playground", base_url=playground.api_url)
        self._handler = SocketModeHandler(app, "xapp-playground", web_client=socket)

    def __enter__(self) -> "Counterpart":
        self._handler.connect()
        return self

    def __exit__(self, *_: object) -> None:
        self._handler.close()

    def last(self, kind: str) -> Json:
        """The latest payload of this type; waits for the first."""
        return self._latest(lambda body: body.get("type", "command") == kind, kind)

    def heard(self, subtype: str) -> Json:
        """The latest message event of this subtype; waits for the first."""
        body = self._latest(lambda body: body.get("event", {}).get("subtype") == subtype, subtype)
        event: Json = body["event"]
        return event

    def _latest(self, wanted: Callable[[Json], bool], name: str) -> Json:
        """Events and closed views reach the app after the page has changed."""
        wait_until(lambda: any(map(wanted, self.seen)), TIMEOUT, f"the app to receive {name}")
        return next(body for body in reversed(self.seen) if wanted(body))

    def _see(self, body: Json, next: Any) -> None:
        self.seen.append(body)
        next()

    def _register(self, app: App) -> None:
        app.command("/ticket")(self._open)
        app.command("/catalogue")(lambda ack: ack("Le catalogue est *vide*."))
        app.command("/slow")(lambda ack: (time.sleep(0.6), ack()))
        app.shortcut("new")(self._open)
        app.shortcut("from")(self._open)
        app.action("open_form")(self._open)
        app.action("value")(self._refresh)
        app.action("take")(self._take)
        app.action("open_catalogue")(self._slow_press)
        for action in ("erase", "open_ticket", "sort", "overflow", "look", "assign"):
            app.action(action)(lambda ack: ack())
        app.options("value")(self._suggest)
        app.view("form")(self._submit)
        app.view_closed("form")(lambda ack: ack())
        app.event("app_home_opened")(self._home)
        app.event("message")(lambda: None)

    def _open(self, ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=form())

    def _refresh(self, ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        client.views_update(view_id=body["view"]["id"], view=form("Haute"))

    def _slow_press(self, ack: Ack) -> None:
        time.sleep(1)
        ack()

    def _take(self, ack: Ack, body: Json, client: WebClient) -> None:
        ack()
        where = body["container"]
        client.chat_update(
            channel=where["channel_id"], ts=where["message_ts"], text="pris", blocks=card("En cours")
        )

    def _suggest(self, ack: Ack, payload: Json) -> None:
        names = ("Messagerie", "Wifi eduroam", "Wifi invités", "Impression")
        offered = options(*(name for name in names if payload["value"].lower() in name.lower()))
        for each in offered:
            if each["value"] == "messagerie":
                each["description"] = plain("Courriel, agendas")
        ack(options=offered)

    def _submit(self, ack: Ack) -> None:
        ack(**self.answer)

    def _home(self, body: Json, client: WebClient) -> None:
        if body["event"]["tab"] == "home":
            client.views_publish(user_id=body["event"]["user"], view=home())
