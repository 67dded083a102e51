"""What the help desk refuses, as data. The words a person reads are found in `bot.slack.error_handler`."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from models.details import EventDetails
from models.lifecycle import Action, Ending, Status


class HelpDeskError(Exception):
    """Something that a person asked for and cannot have; never a defect."""


@dataclass
class TransitionRefused(HelpDeskError):
    """The ticket's state does not allow the action: usually somebody was faster."""

    number: int
    action: Action
    status: Status
    ending: Ending | None
    last_action: Action | None
    last_actor: str | None
    last_at: datetime | None
    last_details: EventDetails = field(default_factory=EventDetails)


@dataclass
class RoleRefused(HelpDeskError):
    """The person is not who may do this to the ticket."""

    action: Action


@dataclass
class ReopeningTooLate(HelpDeskError):
    """The ticket was closed longer ago than `days`."""

    number: int
    days: int


class RatedAlready(HelpDeskError):
    """The requester has said how satisfied they are; it is asked once."""


@dataclass
class NotRecorded(HelpDeskError):
    """What was typed under a card of ours is kept nowhere: another team has the ticket now (`handed_over`),
    or the card is an outage's."""

    handed_over: bool


class SentAlready(HelpDeskError):
    """A form was sent once more, changed in a way that what it made does not take over."""


class StalePayload(HelpDeskError):
    """What was pressed or sent says something that nothing of ours offers, now: an older version of ours drew
    it, or somebody changed it."""


class TicketNotFound(HelpDeskError):
    """No such ticket, or not for this person: the two are told apart by nobody."""


class ServiceNotFound(HelpDeskError):
    """No such service or group, or it has left the catalogue."""


class TechniciansOnly(HelpDeskError):
    """The person is in no team: there is no queue of theirs, and nothing they may search."""


class OutageNotFound(HelpDeskError):
    """No such outage."""


class OutageOver(HelpDeskError):
    """Somebody wanted to follow an outage that has been resolved meanwhile."""


@dataclass
class OutageResolved(HelpDeskError):
    """A technician wanted to change an outage that a colleague resolved first."""

    by: str
    at: datetime


class OutageTeamOnly(HelpDeskError):
    """The person is not in the team that declared the outage."""


class AccountNotSupported(HelpDeskError):
    """The account belongs to another workspace, or is read by nobody."""


class AccountUnattended(AccountNotSupported):
    """The account is a bot's, a workflow's or Slack's own, was deactivated, or does not exist."""


class Limit(StrEnum):
    """What one person may do only so much of within 24 hours."""

    TICKETS = "tickets"
    COMMENTS = "comments"
    FILES = "files"


@dataclass
class LimitReached(HelpDeskError):
    """The person has sent as much as one may within 24 hours. `most`: how many tickets or comments, or how
    many megabytes of files; `until`: when there is room again, never for files that are too much by
    themselves."""

    limit: Limit
    most: int
    until: datetime | None


class SlackUnavailable(HelpDeskError):
    """Slack did not say in time who the person is or what they belong to."""


@dataclass
class FieldRefused(HelpDeskError):
    """A field of a form cannot be accepted. `reason` is one of the codes of `bot.slack.error_handler`."""

    field: str
    reason: str
