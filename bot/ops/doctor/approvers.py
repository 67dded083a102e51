"""Agreements: whether Slack knows whom the catalogue names as approvers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from slack_sdk import WebClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.ops.doctor.context import CheckContext
from bot.ops.finding import Finding, warning, well, wrong
from bot.slack.client import SCOPE_MISSING, UNANSWERED, error_code
from bot.slack.people.approvers import read_channel
from bot.slack.unanswered import explain
from models.approval_rule import Source
from models.catalogue import Service

Named = Mapping[Source, set[str]]
WORDS: Mapping[Source, str] = {
    Source.GROUP: "user groups",
    Source.CHANNEL: "private channels",
    Source.PEOPLE: "people",
    Source.MANAGER: "managers",
}
SCOPES: Mapping[Source, str] = {
    Source.GROUP: "usergroups:read",
    Source.CHANNEL: "groups:read",
    Source.PEOPLE: "users:read",
    Source.MANAGER: "users.profile:read",
}
ADVICE: Mapping[Source, str] = {
    Source.GROUP: "correct the catalogue, or enable the group in Slack",
    Source.CHANNEL: "invite the bot there, make the channel private, or correct the catalogue",
    Source.PEOPLE: "name other members in the catalogue",
    Source.MANAGER: "set MANAGER_FIELD to a profile field of type user (team.profile.get lists them)",
}


class Unfit(Exception):
    """What is named cannot be asked; the text says why."""


@dataclass(frozen=True)
class Asking:
    """Asks Slack for what the catalogue names."""

    client: WebClient
    manager_field: str | None

    def check(self, source: Source, name: str) -> None:
        """Raise `Unfit`, or one of `UNANSWERED`, when it can ask nobody."""
        checks: Mapping[Source, Callable[[str], None]] = {
            Source.GROUP: self._group,
            Source.CHANNEL: self._channel,
            Source.PEOPLE: self._person,
            Source.MANAGER: self._field,
        }
        checks[source](name)

    def _group(self, name: str) -> None:
        if not self.client.usergroups_users_list(usergroup=name)["users"]:
            raise Unfit(f"{name} has no members")

    def _channel(self, name: str) -> None:
        if read_channel(self.client, name) is None:
            raise Unfit(f"{name} is no private channel that the bot is in")

    def _person(self, name: str) -> None:
        user = self.client.users_info(user=name)["user"]
        if user.get("deleted"):
            raise Unfit(f"{name} is deactivated")
        if any(
            user.get(each) for each in ("is_bot", "is_workflow_bot", "is_restricted", "is_ultra_restricted")
        ):
            raise Unfit(f"{name} is a bot or a guest, who gives no agreement")

    def _field(self, _name: str) -> None:
        if self.manager_field is None:
            raise Unfit("MANAGER_FIELD is not set, so no manager is known and requesters choose")
        fields = self.client.team_profile_get()["profile"].get("fields") or []
        if not any(each["id"] == self.manager_field and each["type"] == "user" for each in fields):
            raise Unfit(f"the profiles have no field {self.manager_field} of type user")


def check_approvers(context: CheckContext) -> Iterator[Finding]:
    """One finding for each kind of approvers that the catalogue names. Without a manager's field the desk
    works: requesters choose."""
    session, manager_field = context.read(), context.settings.manager_field
    if session is None or context.client is None:
        return
    with session:
        named = _named(session)
    asking = Asking(context.client, manager_field)
    for source, names in named.items():
        problems = list(_problems(asking, source, sorted(names)))
        if not problems:
            yield well(f"approvers: {WORDS[source]}")
            continue
        is_unset = source is Source.MANAGER and manager_field is None
        say = warning if is_unset else wrong
        yield say(f"approvers: {'; '.join(problems)}")


def _named(session: Session) -> Named:
    """What the steps of the services name, with their fallbacks."""
    named: dict[Source, set[str]] = {}
    for steps in session.scalars(select(Service.approval).where(~Service.archived)):
        for who in (who for step in steps for who in (step.who, step.fallback) if who):
            if who.source in WORDS:
                named.setdefault(who.source, set()).update(who.names or ("",))
    return {source: named[source] for source in WORDS if source in named}


def _problems(asking: Asking, source: Source, names: list[str]) -> Iterator[str]:
    is_wrong = False
    for name in names:
        try:
            asking.check(source, name)
        except Unfit as unfit:
            is_wrong = True
            yield str(unfit)
        except UNANSWERED as error:
            code = error_code(error)
            if code in SCOPE_MISSING:
                yield f"{WORDS[source]} cannot be read: install the app again with the scope {SCOPES[source]}"
                return
            is_wrong = True
            yield f"{name or WORDS[source]}: {explain(error)}"
            if not code:  # each further call would wait as long
                return
    if is_wrong:
        yield ADVICE[source]
