"""One thing that somebody did in Slack, as every listener is given it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from slack_bolt import BoltContext
from slack_sdk import WebClient
from slack_sdk.models.views import View
from sqlalchemy.orm import Session

from blocks.i18n import Translator, translator
from blocks.kit.message_words import mentioned_by, words_of
from blocks.kit.view_state import Place, load_view_state
from blocks.queue.state import view_state_below
from bot.context.actor import Actor
from bot.context.unit_of_work import UnitOfWork
from bot.db.session import transact
from bot.listeners.resources import Resources
from models.errors import AccountNotSupported, AccountUnattended, StalePayload
from models.fields import Field, FieldReason, FieldRefused

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Interaction:
    """The payload, who acted, when, and what answering it needs.

    It opens sessions and holds none. Bolt hands it to every listener as `interaction`.
    """

    body: dict[str, Any]
    context: BoltContext
    client: WebClient
    resources: Resources
    by: Actor | None = None
    """Who acted, once that is known: what is written in channels is anybody's."""
    surface: str = ""
    """Where they acted, as the history keeps it."""

    # -- who ---

    @property
    def actor(self) -> Actor:
        """Who acted."""
        assert self.by is not None
        return self.by

    @property
    def translator(self) -> Translator:
        """Speaks the actor's language."""
        return translator(self.actor.locale)

    def identified(self, slack_id: str) -> Self:
        """The same by this person: a refusal reaches them in their language. Raises `AccountNotSupported`,
        `SlackUnavailable`."""
        actor = self.resources.directory.actor(slack_id)
        self.context["actor"] = actor
        return replace(self, by=actor)

    def as_technician(self, ticket_id: int) -> Self:
        """The same by somebody of whom is known now whether they are in the ticket's team. Raises
        `SlackUnavailable`."""
        return self._by(self.resources.directory.with_team_of(self.actor, ticket_id)).at("triage")

    def as_reader(self, ticket_id: int) -> Self:
        """The same for reading: their own ticket is worth showing while Slack does not answer."""
        return self._by(self.resources.directory.as_reader(self.actor, ticket_id))

    def as_outage_technician(self, outage_id: int) -> Self:
        """The same by somebody of whom is known now whether they are in the outage's team."""
        return self._by(self.resources.directory.with_team_of_outage(self.actor, outage_id))

    def as_member(self) -> Self:
        """The same by somebody of whom all teams are known. Raises `SlackUnavailable`."""
        return self._by(self.resources.directory.with_teams(self.actor))

    def as_member_if_known(self) -> Self:
        """The same for a view that is worth having without: no team while Slack does not answer."""
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
        """What a query gives, in a session that only reads."""
        with self.resources.sessions() as session:
            return query(self._unit_of_work(session), *args, **kwargs)

    def write(
        self, use_case: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a use case in one transaction; once more when another transaction was faster."""
        return transact(
            self.resources.sessions, lambda session: use_case(self._unit_of_work(session), *args, **kwargs)
        )

    def text_of(self, message: dict[str, Any]) -> str:
        """What a message says, with the names of those it mentions; what was forwarded with it, set off."""
        _ = translator(self.by.locale if self.by else "")
        names = self.resources.directory.mentions.names(mentioned_by(message), _)
        return words_of(message, names)

    def _unit_of_work(self, session: Session) -> UnitOfWork:
        return UnitOfWork(session, self.resources.now, self.by, self.resources.rules, self.surface)

    # -- the screen ---

    @property
    def is_in_modal(self) -> bool:
        """Whether they acted in a modal, and not on a message or in the Home."""
        return in_modal(self.body)

    @property
    def modal(self) -> dict[str, Any]:
        """The modal that they acted in. Raises `StalePayload` when it was none."""
        if not self.is_in_modal:
            raise StalePayload
        return dict(self.body["view"])

    @property
    def view_state(self) -> Place:
        """What the view keeps that they acted in; empty on a message."""
        return load_view_state(self.body.get("view") or {})

    @property
    def origin(self) -> Place | None:
        """Where the ticket's detail stands that they acted in; `None` when they acted on a message."""
        return view_state_below(self.view_state) if self.is_in_modal else None

    def show(self, view: View) -> None:
        """Show a view: in place of the modal that the person is in, or in a new one."""
        if self.is_in_modal:
            self.client.views_update(view_id=self.body["view"]["id"], view=view)
        else:
            self.open(view)

    def open(self, view: View) -> None:
        """Show a view in a new modal."""
        self.client.views_open(trigger_id=self.body["trigger_id"], view=view)


def in_modal(body: dict[str, Any]) -> bool:
    """Whether somebody acted in a modal."""
    return bool((body.get("view") or {}).get("type") == "modal")


def in_home(body: dict[str, Any]) -> bool:
    """Whether somebody acted in their App Home."""
    return bool((body.get("view") or {}).get("type") == "home")


def in_direct_message(event: dict[str, Any]) -> bool:
    """Whether a message stands in somebody's direct message with Guichet."""
    return event.get("channel_type") == "im"
