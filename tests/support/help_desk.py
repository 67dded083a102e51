"""The help desk for tests: driven through the local Slack."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from slack_bolt import BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, joinedload

from blocks import ids
from bot.bootstrap import create_desk
from bot.context.settings import use_case_settings
from bot.context.unit_of_work import UnitOfWork
from bot.db.engine import create_db
from bot.db.session import transact
from bot.observability.reasons import describe
from bot.running.worker import create_worker
from bot.services.message_drafts.use import submit
from bot.settings import Settings
from bot.slack.client import worker_client
from bot.slack.directory import Directory
from bot.timeouts import Timeouts
from models.base import utc_now
from models.catalogue import Service
from models.lifecycle import Action, Ending, Impact, Status, Urgency
from models.outbox.delivery import Delivery, is_scheduled
from models.outbox.kinds import DeliveryState
from models.person import Person as PersonRow
from models.tickets.draft import TicketDraft
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from playground.client.payloads import interaction, new_response_url, new_trigger
from playground.client.surfaces import ViewRef, find_surface
from playground.state.slack import Slack
from playground.testing import Playground
from tests.support import database_faults as failing_database
from tests.support.factories import create_ticket
from tests.support.threads import join_search_index

TRIAGE = "#dnum-assistance"
DIRECT = "@guichet"
TAKE, RESOLVE, DETAIL = "Je prends", "Résoudre", "Voir le détail"
TIMEOUT = 60.0  # seconds, enough for a busy machine
# The required fields of a new ticket's form.
FORM = {"Impact utilisateur": "Moi seul·e", "Urgence utilisateur": "Haute", "Site": "IUT"}
ENGLISH_FORM = {
    "User impact": "Just me",
    "User urgency": "High",
    "Site": "IUT (University Institute of Technology)",
}
APPROVE, REFUSE = "C'est réparé, clore", "Ça ne marche toujours pas"
DELIVERED, INCOMPLETE = "C'est livré, clore", "Il manque quelque chose"  # the same of a service request

Json = dict[str, Any]


class Desk:
    """A running help desk. `deliver` lets the worker send all that is due."""

    def __init__(self, slack: Playground, settings: Settings, connection: SocketModeHandler) -> None:
        self.slack = slack
        self.settings = settings
        self.ahead = timedelta()
        self._stopped_at: datetime | None = None
        self.parts = create_desk(
            settings, lambda: self.now, timeouts=Timeouts(TIMEOUT, answer=1.0, database=TIMEOUT)
        )
        self.worker = create_worker(self.parts)
        self.sessions = self.parts.sessions
        self._received: list[str] = []
        self.parts.app.middleware(self._record)
        connection.app = self.parts.app

    @property
    def now(self) -> datetime:
        """The desk's time; tests advance it by `ahead`, or with Slack's by the playground's clock."""
        return (self._stopped_at or utc_now()) + self.ahead + timedelta(seconds=self.slack.clock.offset)

    def stop_clock(self, at: datetime | None = None) -> None:
        """From now on, or from `at`, time passes by `ahead` only."""
        self._stopped_at = at - timedelta(seconds=self.slack.clock.offset) if at else utc_now()

    def __enter__(self) -> "Desk":
        """Resolve the channels, with the worker's time-outs."""
        assert self.settings.slack_bot_token is not None
        client = worker_client(self.settings.slack_bot_token.get_secret_value(), self.settings.slack_api_url)
        Directory(self.sessions, client, lambda: self.now).resolve_channels()
        return self

    def __exit__(self, *_error: object) -> None:
        join_search_index()
        self.parts.disconnect()

    def deliver(self) -> None:
        """Let everything that is due be sent."""
        self.worker.drain()

    def person(self, name: str) -> "Person":
        """A person of the workspace."""
        return Person(self, name)

    def mails(self) -> list[Json]:
        """Every e-mail that arrived, oldest first."""
        mails = _plainly_spaced(self.slack.control.get("mail"))["mail"]
        for part in ("text", "html"):
            for mail in mails:
                mail[part] = mail[part].replace("\r\n", "\n")  # the line ends of SMTP
        return list(mails)

    def ticket(self, number: int = 1) -> Ticket:
        """A ticket, read from the database."""
        with self.sessions() as session:
            people = joinedload(Ticket.requester), joinedload(Ticket.assignee)
            return session.scalars(select(Ticket).where(Ticket.id == number).options(*people)).one()

    def count_tickets(self) -> int:
        """How many tickets there are."""
        with self.sessions() as session:
            return len(session.scalars(select(Ticket.id)).all())

    def history(self, number: int = 1) -> list[tuple[Action, str | None]]:
        """Actions and texts of a ticket's events, oldest first."""
        with self.sessions() as session:
            events = session.scalars(select(Event).where(Event.ticket_id == number).order_by(Event.number))
            return [(event.action, event.text) for event in events]

    def undelivered(self) -> list[str]:
        """Deliveries that are neither sent nor skipped, with the reason; without e-mails for later."""
        done = (DeliveryState.SENT, DeliveryState.SKIPPED)
        later = is_scheduled(Delivery) & (Delivery.due_at > self.now)
        with self.sessions() as session:
            rows = session.scalars(
                select(Delivery).where(Delivery.state.not_in(done), ~later).order_by(Delivery.id)
            )
            return [f"{row.key} {row.state}: {describe(row.cause)}" for row in rows]

    def calls(self, method: str) -> list[Json]:
        """The bot's calls of one Web API method, oldest first."""
        return [call for call in self.slack.control.get("calls")["calls"] if call["method"] == method]

    @property
    def received(self) -> list[Json]:
        """Every payload that the bot received, oldest first."""
        return [json.loads(body) for body in self._received]

    def dispatch(self, body: Json) -> Json:
        """Give the bot a payload directly. Returns its acknowledgement."""
        response = self.parts.app.dispatch(BoltRequest(body=body, mode="socket_mode"))
        assert response.status == 200, response.body
        self.deliver()
        return dict(_plainly_spaced(json.loads(response.body or "{}")))

    def repeat_last(self) -> Json:
        """Give the bot the last payload once more, as a network may."""
        return self.dispatch(self.received[-1])

    def fault(self, method: str, status: int | str, **more: Any) -> None:
        """Make Slack fail the next call of a method (`playground.faults`). If it never answers, listeners
        use their production time-outs."""
        if status == "timeout":
            production = Timeouts()
            self.parts.app.timeouts = production  # type: ignore[attr-defined]
            self.parts.directory.members._client._timeout = production.payload
        assert self.slack.control.post("faults", method=method, status=status, **more)["ok"]

    def archive_service(self, service_id: str) -> None:
        """Archive a service, as loading a catalogue without it does."""
        with self.sessions.begin() as session:
            session.get_one(Service, service_id).archived = True

    def add_tickets(self, name: str, count: int, *, closed: bool = False) -> None:
        """Add tickets of a person, an hour apart, without deliveries."""
        actor = self.parts.directory.actor(self.person(name).slack_id)
        with self.sessions.begin() as session:
            requester = session.get_one(PersonRow, actor.id)
            for number in range(1, count + 1):
                opened_at = self.now - timedelta(hours=count - number)
                closed_then = {"status": Status.CLOSED, "ending": Ending.APPROVED, "closed_at": opened_at}
                create_ticket(
                    session,
                    title=f"{'Vieux' if closed else 'Nouveau'} souci {number}",
                    requester=requester,
                    opened_at=opened_at,
                    **(closed_then if closed else {}),
                )

    @contextmanager
    def locked_database(self) -> Iterator[None]:
        """Another connection is writing, and does not finish."""
        with self._production() as listeners, failing_database.locked(listeners):
            yield

    @contextmanager
    def busy_database(self) -> Iterator[None]:
        """The listeners have no connection left."""
        with self._production() as listeners, failing_database.exhausted(listeners):
            yield

    @contextmanager
    def lost_database(self) -> Iterator[None]:
        """The database is unreachable."""
        engine = self.sessions.kw["bind"]
        with (
            self._production() as listeners,
            failing_database.lost(self.parts.worker_engine, listeners, engine),
        ):
            yield

    @contextmanager
    def _production(self) -> Iterator[Engine]:
        """Let the listeners use their production time-outs for the database."""
        engine, listeners = self.sessions.kw["bind"], create_db(self.settings.database_url.get_secret_value())
        self.sessions.configure(bind=listeners)
        try:
            yield listeners
        finally:
            self.sessions.configure(bind=engine)
            listeners.dispose()

    def _record(self, body: Json, next: Callable[[], None]) -> None:
        self._received.append(json.dumps(body))  # a quarter of the time that deepcopy takes
        next()


class Person:
    """A person's actions and screen. What Slack's client does not allow fails the test."""

    def __init__(self, desk: Desk, name: str) -> None:
        self.desk, self.name = desk, name
        self._control = desk.slack.control

    @property
    def slack_id(self) -> str:
        found = self.desk.slack.slack.workspace.person(self.name)
        assert found is not None, self.name
        return found.id

    # -- doing ---------------------------------------------------------------------------------------------

    def command(self, command: str, text: str = "", channel: str | None = None) -> Json:
        where = {"channel": channel} if channel else {}
        return self._do("command", command=command, text=text, **where)

    def shortcut(self, callback_id: str) -> Json:
        return self._do("shortcut", callback_id=callback_id)

    def submit(self, values: Mapping[str, Any] | None = None, *, deliver: bool = True) -> Json:
        """Fill in the open form and submit it; then run the worker."""
        answer = self._control.post("submit", user=self.name, values=dict(values or {}))
        assert "error" not in answer, answer
        if deliver:
            self.desk.deliver()
        return dict(_plainly_spaced(answer))

    def choose(self, label: str, option: str) -> Json:
        """Choose in a menu of the open modal."""
        return self._do("click", text=label, option=option, **{"in": "modal"})

    def type_in(self, label: str, text: str) -> Json:
        """Type in an input of the open modal, and Enter."""
        return self._do("type", label=label, text=text)

    def press(self, label: str, where: str = "modal", *, deliver: bool = True, **more: Any) -> Json:
        """Press a button in the modal, the home, or the newest message of a channel that has it."""
        surface = where if where in {"modal", "home"} else {"channel": where}
        answer = self._do("click", text=label, **{"in": surface}, **more)
        if deliver:
            self.desk.deliver()
        return answer

    def menu(self, choice: str, channel: str = TRIAGE) -> Json:
        """Choose in the menu of the newest card of a channel."""
        return self._do("click", action_id=ids.MORE, option=choice, **{"in": {"channel": channel}})

    def close(self) -> None:
        """Close the modal."""
        self._do("close")

    def home(self) -> str:
        """Open the App Home. Returns its text."""
        self.visit_home()
        return self.home_text

    def visit_home(self) -> None:
        """Open the App Home."""
        self._do("home")

    def write(self, text: str, channel: str = DIRECT, **more: Any) -> Json:
        return self._do("message", channel=channel, text=text, **more)

    def join(self, channel: str) -> None:
        """Be added to a channel."""
        self._do("invite", channel=channel)

    def leave(self, channel: str) -> None:
        """Be removed from a channel."""
        self._do("kick", channel=channel)

    def file_ticket(self, title: str = "Imprimante en panne", **values: Any) -> Json:
        """File a ticket with the command, in the person's language."""
        self.command("/ticket", title)
        form = FORM if "Titre" in self.modal["labels"] else ENGLISH_FORM
        return self.submit({**form, **values})

    def have_filed(self, title: str = "Imprimante en panne", description: str = "") -> None:
        """File the same ticket without the form, when a test only starts from it: a quarter of the time."""
        draft = TicketDraft(
            str(uuid4()),
            title=title,
            impact=Impact.PERSON,
            urgency=Urgency.HIGH,
            site_id="iut",
            description=description,
        )
        parts = self.desk.parts
        actor, settings = parts.directory.actor(self.slack_id), use_case_settings(self.desk.settings)

        def work(session: Session) -> None:
            submit(UnitOfWork(session, self.desk.now, actor, settings, "form"), draft)

        transact(self.desk.sessions, work)
        self.desk.deliver()

    def take(self, channel: str = TRIAGE) -> None:
        self.press(TAKE, channel)

    def resolve(self, solution: str = "Toner changé.", channel: str = TRIAGE) -> Json:
        self.press(RESOLVE, channel)
        return self.submit({"Solution": solution})

    # -- seeing --------------------------------------------------------------------------------------------

    def screen(self) -> Json:
        return dict(_plainly_spaced(self._control.get("screen", user=self.name)))

    @property
    def modal(self) -> Json:
        """The open modal."""
        modal = self.screen()["modal"]
        assert modal is not None, f"{self.name} has no modal open"
        return dict(modal)

    @property
    def modal_text(self) -> str:
        """The text of the open modal."""
        return str(self.modal["text"])

    @property
    def has_modal(self) -> bool:
        return self.screen()["modal"] is not None

    @property
    def home_text(self) -> str:
        """The text of the App Home, as last published."""
        return str(self.screen()["home"]["text"])

    def messages(self, channel: str = DIRECT) -> list[Json]:
        """The messages of a channel, oldest first."""
        return list(self.screen()["channels"][channel])

    def reads(self, channel: str = DIRECT) -> list[str]:
        """The texts of a channel's messages, as shown on the screen."""
        return [message["text"] for message in self.messages(channel)]

    def reads_thread(self, channel: str = TRIAGE) -> list[str]:
        """The texts of the replies under the newest message of a channel, oldest first."""
        return [reply["text"] for reply in self.messages(channel)[-1]["replies"]]

    def thread_files(self, channel: str = TRIAGE) -> list[str]:
        """The files under the newest message of a channel, oldest first."""
        return [name for reply in self.messages(channel)[-1]["replies"] for name in reply["files"]]

    def ephemeral_messages(self) -> list[str]:
        """The texts of the messages that only they see."""
        return [message["text"] for message in self.screen()["ephemeral"]]

    # -- payloads that their client does not send ----------------------------------------------------------

    def forge_click(self, action_id: str, value: str | int, channel: str = DIRECT) -> Json:
        """Press a button that is not on their screen, as if on a message of a channel."""

        def payload(slack: Slack) -> Json:
            person = slack.workspace.people[self.slack_id]
            where = slack.workspace.channel(channel) or slack.workspace.direct_message(person.id)
            return interaction("block_actions", person) | {
                "container": {"type": "message", "message_ts": "1.0", "channel_id": where.id},
                "channel": {"id": where.id, "name": "privategroup"},
                "response_url": new_response_url(slack, "actions", person, where),
                "trigger_id": new_trigger(slack, person),
            }

        return self.desk.dispatch(self._payload(payload) | {"actions": [_action(action_id, value)]})

    def forge_click_in_modal(self, action_id: str, value: str | int) -> Json:
        """Press a button that is not on their screen, as if in the open modal."""
        body = self._in_modal("block_actions") | {"actions": [_action(action_id, value)]}
        return self.desk.dispatch(body)

    def forge_submission(self, **values: Mapping[str, Any]) -> Json:
        """Send the open form with other values than its inputs, by block. Returns the errors."""
        body = self.submission()
        for block_id, value in values.items():
            body["view"]["state"]["values"].setdefault(block_id, {})[block_id] = dict(value)
        return dict(self.desk.dispatch(body).get("errors", {}))

    def submission(self) -> Json:
        """The payload of the open form as it is."""
        return self._in_modal("view_submission")

    def _in_modal(self, kind: str) -> Json:
        def payload(slack: Slack) -> Json:
            person = slack.workspace.people[self.slack_id]
            view = slack.workspace.modals[person.id][-1]
            trigger = {"trigger_id": new_trigger(slack, person, view)}
            return interaction(kind, person) | find_surface(slack, person, ViewRef(view)).payload | trigger

        return self._payload(payload)

    def _payload(self, make: Callable[[Slack], Json]) -> Json:
        return self.desk.slack.run(lambda: deepcopy(make(self.desk.slack.slack)))

    def _do(self, gesture: str, **fields: Any) -> Json:
        answer = dict(self._control.post(gesture, user=self.name, **fields))
        assert answer["ok"], answer
        return answer


def file(name: str, content: bytes = b"%PDF-1.7") -> Json:
    """A file to attach in a form."""
    return {"name": name, "content_base64": base64.b64encode(content).decode()}


def _action(action_id: str, value: str | int) -> Json:
    return {"type": "button", "action_id": action_id, "block_id": "forged", "value": str(value)}


def _plainly_spaced(answer: Any) -> Any:
    """The same, with plain spaces instead of the no-break spaces of French typography."""
    return json.loads(json.dumps(answer).replace("\\u00a0", " ").replace("\\u202f", " "))
