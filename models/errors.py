"""What the help desk refuses. Each error has its message, in English: it is translated where it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from models.base import N_
from models.details import EventDetails
from models.lifecycle import Action, Ending, Status


class HelpDeskError(Exception):
    """Something that a person asked for and cannot have; never a defect."""

    @property
    def message(self) -> str:
        """The message, with the `{names}` of `values`."""
        raise NotImplementedError

    @property
    def values(self) -> Mapping[str, object]:
        """What fills the message; a datetime is shown in the reader's time zone."""
        return {}


@dataclass
class TransitionRefused(HelpDeskError):
    """The ticket's state does not allow the action, usually because somebody else acted first.

    The message's `{done}` and `{state}` are labels of `last_action` and `status`.
    """

    number: int
    action: Action
    status: Status
    ending: Ending | None
    last_action: Action | None
    last_actor: str | None
    last_at: datetime | None
    last_details: EventDetails = field(default_factory=EventDetails)

    @property
    def message(self) -> str:
        if self.last_action is None or self.last_at is None:
            return N_("This is no longer possible: the ticket is “{state}”.")
        return N_("Too late. {done} on {at}: the ticket is now “{state}”.")

    @property
    def values(self) -> Mapping[str, object]:
        return {"at": self.last_at}


ROLE_MESSAGES: Mapping[Action, str] = {
    Action.APPROVE: N_("Only the requester can approve a solution."),
    Action.REFUSE: N_("Only the requester can refuse a solution."),
    Action.REOPEN: N_("Only the requester can reopen this ticket."),
    Action.RATE: N_("Only the requester can say how satisfied they are."),
    Action.COMMENT: N_("Only the requester can write here."),
    Action.ANSWER: N_("Only the requester can write here."),
    Action.CANCEL: N_("Only the requester or their technicians can cancel this ticket."),
}
MEMBERS_ONLY = N_("Only the members of this ticket’s team can do this.")


@dataclass
class RoleRefused(HelpDeskError):
    """The person is not who may do this to the ticket."""

    action: Action

    @property
    def message(self) -> str:
        return ROLE_MESSAGES.get(self.action, MEMBERS_ONLY)


@dataclass
class ReopeningTooLate(HelpDeskError):
    """The ticket was closed longer ago than `days`."""

    message = N_("No. {number} was closed more than {days} days ago: please file a new ticket.")

    number: int
    days: int

    @property
    def values(self) -> Mapping[str, object]:
        return {"number": self.number, "days": self.days}


class RatedAlready(HelpDeskError):
    """The requester has rated the ticket before; it is asked once."""

    message = N_("You have told us already: thank you.")


@dataclass
class NotRecorded(HelpDeskError):
    """A message in a thread of ours is not kept: another team has the ticket now (`handed_over`), or the card
    is an outage's."""

    handed_over: bool

    @property
    def message(self) -> str:
        if self.handed_over:
            return N_("Another team has this ticket now: what you wrote here was not kept.")
        return N_("What is written under an outage is not kept: write under a ticket’s card, or amend it.")


class SentAlready(HelpDeskError):
    """A form was sent a second time, changed in a way that the first one's result does not take over."""

    message = N_(
        "This was sent already, as it stood first: what you changed since was not taken over. "
        "Close this form, and write it anew."
    )


class StalePayload(HelpDeskError):
    """A payload that no view or message of the present version sends: one of an older version, or altered."""

    message = N_("This is out of date. Please close it, then open it again.")


class TicketNotFound(HelpDeskError):
    """No such ticket, or not one that this person may see: the message is the same."""

    message = N_("This ticket does not exist, or is not yours.")


class ServiceNotFound(HelpDeskError):
    """No such service or group, or it has left the catalogue."""

    message = N_(
        "This service has left the catalogue. Copy your text, and choose another service or a plain ticket."
    )


class TechniciansOnly(HelpDeskError):
    """The person is in no team: they have no queue and no search over tickets."""

    message = N_(
        "This is for technicians: the members of a team’s channel. Your own tickets are under /mes-tickets."
    )


class OutageNotFound(HelpDeskError):
    """No such outage."""

    message = N_("This outage does not exist.")


class OutageOver(HelpDeskError):
    """Somebody wanted to follow an outage that has been resolved meanwhile."""

    message = N_("This outage is over. If something still does not work for you, please file a ticket.")


@dataclass
class OutageResolved(HelpDeskError):
    """A technician wanted to change an outage that a colleague resolved first."""

    message = N_("Too late: {name} resolved this outage on {at}.")

    by: str
    at: datetime

    @property
    def values(self) -> Mapping[str, object]:
        return {"name": self.by, "at": self.at}


class OutageTeamOnly(HelpDeskError):
    """The person is not in the team that declared the outage."""

    message = N_("Only the members of the team that declared this outage can do this.")


class AccountNotSupported(HelpDeskError):
    """The account belongs to another workspace, or to no person."""

    message = N_(
        "The help desk serves the accounts of this workspace only. "
        "Please ask somebody here to file the ticket."
    )


class AccountUnattended(AccountNotSupported):
    """The account is a bot's, a workflow's or Slack's own, was deactivated, or does not exist."""


class Limit(StrEnum):
    """What is limited within 24 hours."""

    TICKETS = "tickets"
    COMMENTS = "comments"
    FILES = "files"


LIMIT_MESSAGES: Mapping[Limit, str] = {
    Limit.TICKETS: N_(
        "This ticket was not filed: you have filed {most} in 24 hours, as many as one person may."
    ),
    Limit.COMMENTS: N_(
        "This message was not passed on: you have written {most} in 24 hours, as many as one person may."
    ),
    Limit.FILES: N_(
        "This was not passed on: with these files you would send more than {most} MB in 24 hours."
    ),
}


@dataclass
class LimitReached(HelpDeskError):
    """The person has sent as much as one may within 24 hours."""

    limit: Limit
    most: int
    """How many tickets or comments, or how many megabytes of files."""
    until: datetime | None
    """When they may send more; `None` for files that exceed the limit by themselves."""

    @property
    def message(self) -> str:
        return LIMIT_MESSAGES[self.limit]

    @property
    def advice(self) -> str:
        """When it can be sent, or what to change: a second sentence."""
        if self.until is None:
            return N_("Please send fewer files, or smaller ones.")
        return N_("You can send it again from {when} on.")

    @property
    def values(self) -> Mapping[str, object]:
        return {"most": self.most, "when": self.until}


class SlackUnavailable(HelpDeskError):
    """Slack did not say in time who the person is or what they belong to."""

    message = N_("Slack did not answer in time. Nothing was changed: please try again in a moment.")
