"""What the help desk refuses. Each error has its message, in English: it is translated where it is shown."""

from collections.abc import Mapping, Sequence
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
        if self.action is Action.EDIT:
            return N_("{done} on {at}: this ticket can no longer be edited. Please add details instead.")
        return N_("Too late. {done} on {at}: the ticket is now “{state}”.")

    @property
    def values(self) -> Mapping[str, object]:
        return {"at": self.last_at}


@dataclass(frozen=True)
class Done:
    """What somebody did to a ticket, and what they wrote with it."""

    action: Action
    actor: str
    at: datetime
    details: EventDetails
    text: str = ""


@dataclass
class ActedMeanwhile(HelpDeskError):
    """Others acted on the ticket since the form was opened: sent once more, it goes through.

    The message's `{done}` is the labels of the first of `done`, the newest.
    """

    event: int
    """The number of the newest of these events."""
    done: Sequence[Done]

    message = N_("In the meantime: {done}. If your form is still right, send it once more.")


@dataclass
class MadeFromMessage(HelpDeskError):
    """Another ticket was made from the message since the form was opened: sent once more, it goes through."""

    number: int
    may_open: bool
    """Whether the actor may see that ticket."""

    message = N_(
        "No. {number} was raised from this message in the meantime. To raise another ticket anyway, send the "
        "form once more."
    )

    @property
    def values(self) -> Mapping[str, object]:
        return {"number": self.number}


@dataclass
class AgreementAsked(HelpDeskError):
    """The ticket is not resolved before everybody whose agreement it needs has given it."""

    message = N_("No. {number} still needs an agreement: it cannot be resolved before it is given.")

    number: int

    @property
    def values(self) -> Mapping[str, object]:
        return {"number": self.number}


NOT_ASKED = N_("You are not asked for your agreement to this request.")
ROLE_MESSAGES: Mapping[Action, str] = {
    Action.APPROVE: N_("Only the requester can sign off a solution."),
    Action.REFUSE: N_("Only the requester can reject a solution."),
    Action.REOPEN: N_("Only the requester can reopen this ticket."),
    Action.EDIT: N_("Only the requester can edit this ticket."),
    Action.RATE: N_("Only the requester can rate this ticket."),
    Action.POSTPONE: N_("Only the requester can ask for more time."),
    Action.CHOOSE_APPROVER: N_("Only the requester or the team’s technicians can choose an approver."),
    Action.COMPLETE: N_("Only the requester can complete this request."),
    **dict.fromkeys((Action.AGREE, Action.DECLINE, Action.QUERY), NOT_ASKED),
    Action.CHASE: N_("Only the requester can chase this ticket."),
    Action.COMMENT: N_("Only the requester can write here."),
    Action.ANSWER: N_("Only the requester can write here."),
    Action.CANCEL: N_("Only the requester or the team’s technicians can cancel this ticket."),
}
MEMBERS_ONLY = N_("Only members of this ticket’s team can do this.")


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

    message = N_("No. {number} was closed more than {days} days ago. Please raise a new ticket.")

    number: int
    days: int

    @property
    def values(self) -> Mapping[str, object]:
        return {"number": self.number, "days": self.days}


@dataclass
class PostponedEnough(HelpDeskError):
    """The requester has had all the weeks that one may ask for."""

    message = N_("You have already asked for two more weeks on No. {number}. Please reply, even briefly.")

    number: int

    @property
    def values(self) -> Mapping[str, object]:
        return {"number": self.number}


@dataclass
class ChasedTooEarly(HelpDeskError):
    """The team is within its target, and wrote lately."""

    message = N_("It is too soon to chase this ticket: you can from {when}. The team has not forgotten you.")

    when: datetime

    @property
    def values(self) -> Mapping[str, object]:
        return {"when": self.when}


@dataclass
class ChasedToday(HelpDeskError):
    """The requester chased the ticket on this working day already."""

    message = N_("You have already chased this ticket today. You can do so again from {when}.")

    when: datetime | None

    @property
    def values(self) -> Mapping[str, object]:
        return {"when": self.when}


class RatedAlready(HelpDeskError):
    """The requester has rated the ticket before; it is asked once."""

    message = N_("You have already given your feedback. Thank you.")


@dataclass
class NotRecorded(HelpDeskError):
    """A message in a thread of ours is not kept: another team has the ticket now (`handed_over`), or the card
    is an outage's."""

    handed_over: bool

    @property
    def message(self) -> str:
        if self.handed_over:
            return N_("This ticket now belongs to another team. What you wrote here was not saved.")
        return N_(
            "Messages under an outage are not saved. Please write under a ticket’s card, or edit the outage."
        )


class SentAlready(HelpDeskError):
    """A form was sent a second time, changed in a way that the first one's result does not take over."""

    message = N_(
        "This form has already been sent, and your later changes were not saved. Please close it and start "
        "again."
    )


class StalePayload(HelpDeskError):
    """A payload that no view or message of the present version sends: one of an older version, or altered."""

    message = N_("This is out of date. Please close it and open it again.")


class TicketNotFound(HelpDeskError):
    """No such ticket, or not one that this person may see: the message is the same."""

    message = N_("This ticket does not exist or is not yours.")


@dataclass
class TicketForgotten(TicketNotFound):
    """All that the ticket said was erased: nobody reads it, and nothing is done with it any more."""

    number: int
    day: datetime

    message = N_("The contents of ticket No. {number} were erased on {day}.")

    @property
    def values(self) -> Mapping[str, object]:
        return {"number": self.number, "day": self.day}


@dataclass
class TicketClosed(HelpDeskError):
    """Somebody wanted to add to a ticket, instead of raising another, that has been closed meanwhile."""

    message = N_(
        "No. {number} was closed in the meantime, so nothing was added to it. Your ticket form still has "
        "what you wrote there: please save it as a new ticket."
    )

    number: int

    @property
    def values(self) -> Mapping[str, object]:
        return {"number": self.number}


class DraftExpired(HelpDeskError):
    """What was written is no longer kept, was deleted, or is not theirs: the message is the same."""

    message = N_("What you wrote is no longer here. Please write it again, or raise a ticket.")


@dataclass
class DraftUsed(HelpDeskError):
    """What the person wrote is in a ticket already."""

    message = N_("What you wrote is already in No. {number}.")

    number: int

    @property
    def values(self) -> Mapping[str, object]:
        return {"number": self.number}


class ServiceNotFound(HelpDeskError):
    """No such service or group, or it has left the catalogue."""

    message = N_(
        "This service is no longer in the catalogue. Copy your text, then choose another service or raise "
        "an ordinary ticket."
    )


class ArticleNotFound(HelpDeskError):
    """No such article, or it was removed."""

    message = N_("This article is no longer there. Search again, or raise a ticket with /ticket.")


class SuggestionGone(HelpDeskError):
    """A service or an article that a ticket form suggested was removed meanwhile."""

    message = N_(
        "What was suggested here is no longer available. Your form still has what you wrote: please carry on "
        "with it."
    )


class TechniciansOnly(HelpDeskError):
    """The person is in no team: they have no queue and no search over tickets."""

    message = N_(
        "This is only for technicians (members of a team’s channel). To see your own tickets, use "
        "/my-tickets."
    )


class OutageNotFound(HelpDeskError):
    """No such outage."""

    message = N_("This outage does not exist.")


class OutageOver(HelpDeskError):
    """Somebody wanted to follow an outage that has been resolved meanwhile."""

    message = N_("This outage is over. If something still does not work for you, please raise a ticket.")


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

    message = N_("Only members of the team that declared this outage can do this.")


class AccountNotSupported(HelpDeskError):
    """The account belongs to another workspace, or to no person."""

    message = N_(
        "The help desk only serves accounts in this workspace. Please ask someone here to raise the ticket."
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
        "This ticket was not saved. You have raised {most} in 24 hours, the maximum for one person."
    ),
    Limit.COMMENTS: N_(
        "This message was not sent. You have written {most} in 24 hours, the maximum for one person."
    ),
    Limit.FILES: N_("Nothing was sent. With these files, you would exceed {most} MB in 24 hours."),
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
            return N_("Please send fewer or smaller files.")
        return N_("You can send it again from {when}.")

    @property
    def values(self) -> Mapping[str, object]:
        return {"most": self.most, "when": self.until}


class FileGone(HelpDeskError):
    """A copy of a file was asked for, which its author deleted or which could not be fetched."""

    message = N_("This file can no longer be sent: it was deleted, or could not be fetched.")


class SlackUnavailable(HelpDeskError):
    """Slack did not say in time who the person is or what they belong to."""

    message = N_("Slack did not respond in time. Nothing was changed. Please try again in a moment.")
