"""One thing that somebody did in Slack, as every listener is given it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Concatenate, ParamSpec, Self, TypeVar

from slack_bolt import BoltContext
from slack_sdk import WebClient
from slack_sdk.models.views import View
from slack_sdk.webhook import WebhookClient
from sqlalchemy.orm import Session

from blocks.i18n import Translator, translator
from blocks.kit.message_text import mentioned_by, message_text
from blocks.kit.text import escape
from blocks.kit.values import Payload
from blocks.kit.view_state import Fields, load_view_state
from blocks.tickets.state import DetailState
from bot.context.actor import Actor
from bot.context.unit_of_work import UnitOfWork
from bot.db.session import transact, transact_if_possible
from bot.listeners.resources import Resources
from bot.observability import slack_waits
from bot.slack import budget
from bot.slack.client import UNANSWERED
from bot.slack.unanswered import explain
from models.errors import AccountNotSupported, AccountUnattended, StalePayload
from models.fields import Field, FieldReason, FieldRefused

logger = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Interaction:
    """The payload, who acted, when, and what answering it needs.

    It opens sessions and holds none. Bolt hands it to every listener as `interaction`.
    """

    body: Payload
    context: BoltContext
    client: WebClient
    resources: Resources
    by: Actor | None = None
    """Who acted; `None` for an event in a channel, where anybody may write."""
    surface: str = ""
    """Where they acted: `Event.surface`."""

    # -- who ---

    @property
    def actor(self) -> Actor:
        """Who acted."""
        assert self.by is not None
        return self.by

    @property
    def translator(self) -> Translator:
        """Translates to the actor's language."""
        return translator(self.actor.locale)

    def identified(self, slack_id: str) -> Self:
        """The same by this person; an error is then told in their language. Raises `AccountNotSupported`,
        `SlackUnavailable`."""
        actor = self.resources.directory.actor(slack_id)
        self.context["actor"] = actor
        return replace(self, by=actor)

    def as_technician(self, ticket_id: int) -> Self:
        """The same, with the actor's membership in the ticket's team looked up. Raises `SlackUnavailable`."""
        return self._by(self.resources.directory.with_team_of(self.actor, ticket_id)).at("triage")

    def as_reader(self, ticket_id: int) -> Self:
        """The same for reading: without the membership while Slack does not answer."""
        return self._by(self.resources.directory.as_reader(self.actor, ticket_id))

    def as_outage_technician(self, outage_id: int) -> Self:
        """The same, with the actor's membership in the outage's team looked up. Raises `SlackUnavailable`."""
        return self._by(self.resources.directory.with_team_of_outage(self.actor, outage_id))

    def as_member(self) -> Self:
        """The same, with all of the actor's teams looked up. Raises `SlackUnavailable`."""
        return self._by(self.resources.directory.with_teams(self.actor))

    def as_member_if_known(self) -> Self:
        """The same; with no team while Slack does not answer."""
        return self._by(self.resources.directory.with_teams_if_known(self.actor))

    def chosen(self, slack_id: str, field: Field, question: str | None = None) -> Actor:
        """Somebody who was chosen in a form. Raises `FieldRefused` for whom the help desk does not serve."""
        if not slack_id:
            raise FieldRefused(field, FieldReason.MISSING, question)
        try:
            return self.resources.directory.actor(slack_id)
        except AccountUnattended:
            raise FieldRefused(field, FieldReason.UNATTENDED, question) from None
        except AccountNotSupported:
            raise FieldRefused(field, FieldReason.NOT_SERVED, question) from None

    def at(self, surface: str) -> Self:
        """The same, acted in from another surface."""
        return replace(self, surface=surface)

    def _by(self, actor: Actor) -> Self:
        return replace(self, by=actor)

    # -- the database ---

    def read(self, query: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of a query, in a session that only reads."""
        with self.resources.sessions() as session:
            uow = self._unit_of_work(session)
            found = query(uow, *args, **kwargs)
        self._note(uow)
        return found

    def write(
        self, use_case: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The result of a use case, in one transaction; it runs again after a lost update."""
        begun = list[UnitOfWork]()

        def work(session: Session) -> T:
            begun.append(self._unit_of_work(session))
            return use_case(begun[-1], *args, **kwargs)

        done = transact(self.resources.sessions, work)
        self._note(begun[-1])
        return done

    def write_if_possible(
        self, use_case: Callable[Concatenate[UnitOfWork, P], object], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Run a use case that the person did not ask for: they are not told when the database fails."""
        transact_if_possible(
            self.resources.sessions, lambda session: use_case(self._unit_of_work(session), *args, **kwargs)
        )

    def text_of(self, message: Payload) -> str:
        """The text of a message and of those forwarded with it, mentions replaced by names."""
        _ = translator(self.by.locale if self.by else "")
        names = self.resources.directory.mentions.names(mentioned_by(message), _)
        return message_text(message, names)

    def _note(self, uow: UnitOfWork) -> None:
        """Have what the actor was shown written to the audit trail."""
        if uow.readings:
            self.resources.readings.note(uow.actor.id, uow.readings, uow.now)

    def _unit_of_work(self, session: Session) -> UnitOfWork:
        return UnitOfWork(session, self.resources.now, self.by, self.resources.settings, self.surface)

    # -- the screen ---

    @property
    def is_in_modal(self) -> bool:
        """Whether they acted in a modal, and not on a message or in the Home."""
        return in_modal(self.body)

    @property
    def modal(self) -> Payload:
        """The modal that they acted in. Raises `StalePayload` on a message or in the Home."""
        if not self.is_in_modal:
            raise StalePayload
        return dict(self.body["view"])

    @property
    def view_state(self) -> Fields:
        """The state of the view that they acted in; empty on a message."""
        return load_view_state(self.body.get("view") or {})

    @property
    def detail(self) -> DetailState | None:
        """The state of the detail that they acted in; `None` on a message or in the Home."""
        return DetailState.load(self.view_state) if self.is_in_modal else None

    def show(self, view: View) -> None:
        """Show a view in the modal that the person is in, or in a new one."""
        if self.is_in_modal:
            self.client.views_update(view_id=self.body["view"]["id"], view=view)
        else:
            self.open(view)

    def push(self, view: View) -> None:
        """Show a view on top of the modal that the person is in; there may be three (docs.slack.dev,
        "Modals")."""
        self.client.views_push(trigger_id=self.body["trigger_id"], view=view)

    def open(self, view: View) -> None:
        """Show a view in a new modal."""
        self.client.views_open(trigger_id=self.body["trigger_id"], view=view)

    def replace_original(self, text: str) -> None:
        """Replace the ephemeral message whose button they pressed. It can be edited by its `response_url`
        only (docs.slack.dev, "Handling user interaction")."""
        if "response_url" not in self.body:
            return
        # urllib takes fractions of a second, which slack_sdk's annotation does not name.
        address = WebhookClient(self.body["response_url"], timeout=budget.remaining(1.0))  # type: ignore[arg-type]
        try:
            with slack_waits.for_slack():
                address.send(text=escape(text), response_type="ephemeral", replace_original=True)
        except UNANSWERED as error:  # what they did is saved
            logger.warning("a message was not replaced: %s", explain(error))


def in_modal(body: Payload) -> bool:
    """Whether somebody acted in a modal."""
    return bool((body.get("view") or {}).get("type") == "modal")


def in_home(body: Payload) -> bool:
    """Whether somebody acted in their App Home."""
    return bool((body.get("view") or {}).get("type") == "home")


def in_direct_message(event: Payload) -> bool:
    """Whether a message is in somebody's direct message with Guichet."""
    return event.get("channel_type") == "im"
