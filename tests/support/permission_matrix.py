"""A desk with a ticket in every state, a person of every kind, and the outcome of payloads."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import Enum, auto
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from pydantic import SecretStr
from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.listener import Listener
from sqlalchemy import select
from sqlalchemy.orm import Session

from blocks import ids
from bot.context.actor import Actor
from bot.context.unit_of_work import UnitOfWork
from bot.db.session import transact
from bot.services.message_drafts.receive import WrittenMessage, receive
from bot.services.outages import actions as outages
from bot.services.tickets import satisfaction
from bot.services.tickets.actions import act
from bot.services.tickets.new_ticket import open_ticket
from bot.settings import Settings
from models.catalogue import Service
from models.departures.departure import Departure, DepartureState
from models.lifecycle import Action, Impact, Rating, Urgency
from models.message_draft import MessageDraft
from models.tickets.draft import TicketDraft
from models.tickets.outage import OutageDraft
from models.tickets.ticket import Ticket
from playground.client.payloads import interaction, new_response_url, new_trigger
from playground.state.slack import Slack
from playground.state.workspace import BOT_TOKEN
from playground.testing import Playground
from tests.conftest import CATALOGUE
from tests.support.databases import write_prepared
from tests.support.help_desk import TRIAGE, Desk, Json, Person

T = TypeVar("T")
TABLES = ("ticket", "event", "comment", "attachment", "outage", "outage_event", "message_draft", "delivery")
EVENTS = ("event", "outage_event")


class Who(Enum):
    """A person's relation to the tickets, which are Camille's, with the team Assistance."""

    REQUESTER = "camille"
    OTHER = "oliver"
    TECHNICIAN = "karim"
    ELSEWHERE = "marc"  # a technician, of other teams
    REMOVED = "aurelie"  # a former member of the team, assigned its tickets
    GUEST = "invite"
    STRANGER = "paul"  # of another workspace


class State(Enum):
    NEW = auto()
    IN_PROGRESS = auto()
    PENDING = auto()
    RESOLVED = auto()
    APPROVED = auto()
    RATED = auto()
    CANCELLED = auto()
    OLD = auto()  # approved too long ago to be reopened


STEPS: Mapping[State, tuple[Action, ...]] = {
    State.NEW: (),
    State.IN_PROGRESS: (Action.TAKE,),
    State.PENDING: (Action.TAKE, Action.ASK),
    State.RESOLVED: (Action.TAKE, Action.RESOLVE),
    State.APPROVED: (Action.TAKE, Action.RESOLVE, Action.APPROVE),
    State.RATED: (Action.TAKE, Action.RESOLVE, Action.APPROVE, Action.RATE),
    State.CANCELLED: (Action.CANCEL,),
    State.OLD: (Action.TAKE, Action.RESOLVE, Action.APPROVE),
}
HERS = {Action.APPROVE, Action.CANCEL, Action.RATE}


@dataclass(frozen=True)
class Outcome:
    """The outcome of a payload."""

    status: int
    done: list[str]
    """The actions of new events, of tickets and outages."""
    changed: bool
    texts: list[str]
    shown: list[str]
    """The views that were shown, by their callback id; the Home is `home`."""
    buttons: set[str] = field(default_factory=set)
    """The action ids of their elements."""
    values: set[tuple[str, str]] = field(default_factory=set)
    """The same with the buttons' values."""
    words: str = ""
    """All of the views, as JSON."""


@contextmanager
def desk_on_sqlite(slack: Playground, connection: SocketModeHandler, path: Path) -> Iterator[Desk]:
    """A desk on a new database in this file."""
    slack.reset()
    settings = Settings(
        _env_file=None,
        slack_bot_token=SecretStr(BOT_TOKEN),
        slack_api_url=slack.api_url,
        smtp_url=SecretStr(slack.smtp_url),
        mail_from="Centre d’aide <centre-aide@univ.example>",
        database_url=f"sqlite:///{path}",
        attachments_url=str(path.parent / "attachments"),
        catalogue=CATALOGUE,
    )
    write_prepared(path)
    with Desk(slack, settings, connection) as desk:
        yield desk


class Environment:
    """A desk in a fixed state. `restore` undoes all changes of the database since it was made."""

    relations: type[Enum] = Who
    tables: Sequence[str] = TABLES
    """What payloads may change."""

    def __init__(self, desk: Desk, database: Path) -> None:
        self.desk = desk
        desk.stop_clock()
        self.people: dict[Any, Person] = {who: desk.person(who.value) for who in self.relations}
        self.numbers: dict[Any, int] = {}
        self.article = "wifi"
        self._tickets: dict[int, Ticket] = {}
        self._fill()
        self._deliver()
        self._fill_undelivered()
        self.desk.ahead += timedelta(seconds=1)  # payloads are later than what is there
        self._database = sqlite3.connect(database, isolation_level=None)
        self._copy = sqlite3.connect(":memory:")
        self._database.backup(self._copy)
        self._before = self.dump()

    def close(self) -> None:
        self._database.close()
        self._copy.close()

    @property
    def a_block(self) -> Json:
        """A block for views."""
        return {"type": "divider", "block_id": "d"}

    @property
    def an_article(self) -> str:
        """An article."""
        return "wifi"

    @property
    def an_incident(self) -> str:
        """A service for which a problem can be reported."""
        with self.desk.sessions() as session:
            found = session.scalars(select(Service.id).where(Service.offers_incident, ~Service.archived))
            return str(found.first())

    # -- rows ----------------------------------------------------------------------------------------------

    def ticket(self, state: Enum) -> Ticket:
        return self._tickets[self.numbers[state]]

    def actor(self, who: Enum, *teams: str) -> Actor:
        return replace(self.desk.parts.directory.actor(self.people[who].slack_id), teams=frozenset(teams))

    def _fill(self) -> None:
        removed = self.people[Who.REMOVED]
        removed.join(TRIAGE)
        for person in self.people.values():
            if person.name != Who.STRANGER.value:
                person.home()
                person.command(ids.COMMAND_MY_TICKETS)
        for state, steps in STEPS.items():
            self.numbers[state] = self._create_ticket(steps, days=30 if state is State.OLD else 0)
        self.original = self._create_ticket((), days=0)
        technician = self.actor(Who.TECHNICIAN, "assistance")
        self.outage, self.over = self._declare(technician), self._declare(technician)
        self._do(lambda uow: outages.resolve(uow, self.over, "Fini."), technician)
        removed.leave(TRIAGE)
        self.departure = self._release()
        self.draft = self._write_draft()

    def _release(self) -> int:
        """Somebody else has left the team, and what they had was released."""
        gone = Departure(
            person_id=self.actor(Who.OTHER).id,
            team_id="assistance",
            channel="C0",
            left_at=self.desk.now,
            released_at=self.desk.now,
            state=DepartureState.RELEASED,
        )
        with self.desk.sessions.begin() as session:
            session.add(gone)
            session.flush()
            return gone.id

    def _deliver(self) -> None:
        self.desk.deliver()

    def _fill_undelivered(self) -> None:
        """What is there before the worker has worked; here nothing."""

    def _write_draft(self) -> int:
        """Words of the requester that wait to be used."""
        hers = self.actor(Who.REQUESTER)
        message = WrittenMessage("D0REQUESTER", "1.1", "Toujours en panne")
        self._do(lambda uow: receive(uow, message), hers)
        with self.desk.sessions() as session:
            return session.scalars(select(MessageDraft.id)).one()

    def _create_ticket(self, steps: tuple[Action, ...], *, days: int) -> int:
        """A ticket of the requester, created `days` ago, with these actions."""
        hers, theirs = self.actor(Who.REQUESTER), self.actor(Who.REMOVED, "assistance")
        now = self.desk.now - timedelta(days=days)
        draft = TicketDraft(
            str(uuid4()), title="Panne", impact=Impact.PERSON, urgency=Urgency.HIGH, site_id="iut"
        )

        def work(session: Session) -> Ticket:
            ticket = open_ticket(UnitOfWork(session, now, hers, surface="form"), draft)
            for action in steps:
                uow = UnitOfWork(session, now, hers if action in HERS else theirs, surface="t")
                if action is Action.RATE:
                    satisfaction.rate(uow, ticket.id, Rating.GOOD)
                else:
                    act(uow, ticket.id, action, text="Dit.")
            return ticket

        ticket = transact(self.desk.sessions, work)
        self._tickets[ticket.id] = ticket
        return ticket.id

    def _declare(self, technician: Actor) -> int:
        draft = OutageDraft(str(uuid4()), "Messagerie", team_id="assistance")
        return self._do(lambda uow: outages.declare(uow, draft).id, technician)

    def _do(self, use_case: Callable[[UnitOfWork], T], by: Actor) -> T:
        now = self.desk.now
        return transact(self.desk.sessions, lambda session: use_case(UnitOfWork(session, now, by)))

    # -- sending -------------------------------------------------------------------------------------------

    def click(
        self, person: Person, action: Json, view: Json | None = None, *, in_open_modal: bool = False
    ) -> Json:
        """A click on a message, or in a view; `in_open_modal`: a view can be pushed on it."""

        def payload(slack: Slack) -> Json:
            somebody = slack.workspace.people[person.slack_id]
            body = interaction("block_actions", somebody) | {"actions": [{"block_id": "b", **action}]}
            body["trigger_id"] = new_trigger(slack, somebody)
            if view is not None:
                opened = slack.workspace.modals.get(somebody.id)
                if in_open_modal and opened:
                    body["trigger_id"] = new_trigger(slack, somebody, opened[-1])
                shown = {"id": opened[-1] if opened else "V0", **view}
                return body | {"view": self.view(shown), "container": {"type": "view"}}
            channel = slack.workspace.channel("#general")
            if person.name != Who.STRANGER.value:
                channel = slack.workspace.direct_message(somebody.id)
            assert channel is not None
            return body | {
                "container": {"type": "message", "message_ts": "1.0", "channel_id": channel.id},
                "channel": {"id": channel.id, "name": "x"},
                "response_url": new_response_url(slack, "actions", somebody, channel),
            }

        return self._in_slack(payload)

    def submission(
        self, person: Person, callback_id: str, view_state: Json, values: Mapping[str, Json]
    ) -> Json:
        """A submitted form with these values."""

        def payload(slack: Slack) -> Json:
            somebody = slack.workspace.people[person.slack_id]
            view = self.view({"callback_id": callback_id, "private_metadata": json.dumps(view_state)})
            view["blocks"] = [
                {"type": "input", "block_id": each, "label": {"type": "plain_text", "text": each}}
                for each in values or ["x"]
            ]
            view["state"] = {
                "values": {each: {each.split(":")[0]: dict(state)} for each, state in values.items()}
            }
            return interaction("view_submission", somebody) | {
                "view": view,
                "trigger_id": new_trigger(slack, somebody),
            }

        return self._in_slack(payload)

    def command(self, person: Person, command: str, text: str = "") -> Json:
        def payload(slack: Slack) -> Json:
            somebody = slack.workspace.people[person.slack_id]
            return {
                "command": command,
                "text": text,
                "user_id": somebody.id,
                "team_id": somebody.team_id,
                "channel_id": "C0",
                "trigger_id": new_trigger(slack, somebody),
            }

        return self._in_slack(payload)

    def shortcut(self, person: Person, kind: str, callback_id: str, **more: Any) -> Json:
        def payload(slack: Slack) -> Json:
            somebody = slack.workspace.people[person.slack_id]
            channel = slack.workspace.channel("#general")
            assert channel is not None
            head = {"callback_id": callback_id, "trigger_id": new_trigger(slack, somebody), **more}
            if kind == "message_action":
                head["response_url"] = new_response_url(slack, "app", somebody, channel)
            return interaction(kind, somebody) | head

        return self._in_slack(payload)

    def event(self, **event: Any) -> Json:
        if event.get("channel") == "{direct}":
            workspace = self.desk.slack.slack.workspace
            event["channel"] = next(
                (c.id for c in workspace.channels.values() if c.person == event["user"]), "C1"
            )
        return {"type": "event_callback", "event_id": str(uuid4()), "team_id": "T", "event": event}

    def view(self, more: Json) -> Json:
        """A view as it is in Slack's payloads."""
        text = {"type": "plain_text", "text": "x"}
        given: Json = {"id": "V0", "type": "modal", "title": text, "callback_id": "x", "private_metadata": ""}
        if more.get("type") == "home":
            del given["title"]
        return {**given, "blocks": [self.a_block], "state": {"values": {}}, **more}

    def _in_slack(self, payload: Callable[[Slack], Json]) -> Json:
        return self.desk.slack.run(lambda: json.loads(json.dumps(payload(self.desk.slack.slack))))

    # -- outcomes ------------------------------------------------------------------------------------------

    def listeners(self, body: Json) -> list[Listener]:
        """The app's listeners that match this payload; the first one is called."""
        request = BoltRequest(body=body, mode="socket_mode")
        response = BoltResponse(status=404)
        return [each for each in self.desk.parts.app._listeners if each.matches(req=request, resp=response)]

    def send(self, body: Json) -> Outcome:
        """Give the app a payload, as Slack would if a client sent it."""
        workspace = self.desk.slack.slack.workspace
        calls = len(workspace.calls)
        known = {who: len(messages) for who, messages in workspace.ephemerals.items()}
        response = self.desk.parts.app.dispatch(BoltRequest(body=body, mode="socket_mode"))
        self.desk.parts.readings.wait()  # `restore` writes too
        texts = [
            message.text
            for who, messages in workspace.ephemerals.items()
            for message in messages[known.get(who, 0) :]
        ]
        answer = json.loads(response.body) if response.body else {}
        texts += answer.get("errors", {}).values()
        texts += [answer["text"]] if answer.get("text") else []
        views = [
            _view(call.arguments) for call in workspace.calls[calls:] if call.method.startswith("views.")
        ]
        views += [answer["view"]] if "view" in answer else []
        for view in views:
            texts += _notices(view)
        after = self.dump()
        done = [row for table in EVENTS for row in self._new(after, table)]
        return Outcome(
            response.status,
            done,
            after != self._before,
            texts,
            [
                view.get("callback_id", "modal") if view["type"] == "modal" else "home"
                for view in views
                if not _notices(view)
            ],
            {element["action_id"] for view in views for element in _elements(view)},
            {
                (element["action_id"], element.get("value", ""))
                for view in views
                for element in _elements(view)
            },
            json.dumps(views, ensure_ascii=False),
        )

    def dump(self) -> dict[str, list[Any]]:
        """The tables that payloads may change, as tuples: dictionaries took a fifth of a test's time."""
        return {
            table: self._database.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()
            for table in self.tables
        }

    def _new(self, after: Mapping[str, list[Any]], table: str) -> list[str]:
        """The actions of the events that were not there before."""
        if after[table] == self._before[table]:
            return []
        names = [column[0] for column in self._database.execute(f"SELECT * FROM {table} LIMIT 0").description]
        number, action = names.index("id"), names.index("action")
        known = {row[number] for row in self._before[table]}
        return [row[action] for row in after[table] if row[number] not in known]

    @contextmanager
    def after(self, use_case: Callable[[UnitOfWork], object], by: Actor) -> Iterator[None]:
        """Payloads are sent after this was done, and `restore` goes back to then; at the end it is undone."""
        copy, before = self._copy, self._before
        self._do(use_case, by)
        self._copy, self._before = sqlite3.connect(":memory:"), self.dump()
        self._database.backup(self._copy)
        try:
            yield
        finally:
            self._copy.close()
            self._copy, self._before = copy, before
            self.restore()

    def restore(self) -> None:
        self._copy.backup(self._database)


def _view(arguments: Json) -> Json:
    view = arguments["view"]
    return dict(json.loads(view) if isinstance(view, str) else view)


def _notices(view: Json) -> list[str]:
    """The texts of a notice, and of alerts in a view."""
    if view.get("callback_id") == ids.NOTICE:
        return [block["text"]["text"] for block in view["blocks"]]
    return [block["text"]["text"] for block in view["blocks"] if block.get("block_id") == ids.ALERT]


def _elements(view: Json) -> list[Json]:
    found: list[Json] = []
    for block in view["blocks"]:
        found += block.get("elements", []) if block["type"] == "actions" else []
        found += [block["accessory"]] if "accessory" in block else []
    return [element for element in found if "action_id" in element]
