"""The fields of forms, and why one is refused. `blocks.kit.fields` says which block shows each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.base import N_
from models.errors import HelpDeskError

INPUT_MAX = 3000  # what a person can type in one input (docs.slack.dev, "Plain-text input")


class Field(StrEnum):
    """What a form asks for."""

    TITLE = "title"
    STATUS = "status"
    IMPACT = "impact"
    URGENCY = "urgency"
    SITE = "site"
    DESCRIPTION = "description"
    SOLUTION = "solution"
    REQUESTER = "requester"
    QUESTION = "question"  # of a service; `FieldRefused.question` says which
    TEXT = "text"  # of a comment, a reason or the solution of a resolve form
    ASSIGNEE = "assignee"
    AGREED_WHERE = "agreed_where"
    ROLE = "role"  # in which they are asked
    HOLD_REASON = "hold_reason"
    HOLD_UNTIL = "hold_until"
    SERVICE = "service"
    TEAM = "team"
    DUPLICATE_OF = "duplicate_of"
    OPINION = "opinion"
    TO_DUPLICATES = "to_duplicates"  # words for the requesters of duplicates
    TO_CHILDREN = "to_children"  # the solution that the requesters of attached tickets read
    SITES = "sites"
    SERVICES = "services"
    EXPECTED_END = "expected_end"
    NEXT_UPDATE = "next_update"
    APPROVER = "approver"  # whose agreement is asked for
    LAST_DAY = "last_day"
    FIRST_DAY = "first_day"
    SUBSTITUTE = "substitute"
    ATTACH_TO = "attach_to"  # the outage, or the other ticket


class FieldReason(StrEnum):
    """Why a field is refused."""

    BLANK = "blank"
    MISSING = "missing"
    TOO_LONG = "too_long"
    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    NOT_OF_THE_TEAM = "not_of_the_team"
    PAST = "past"
    CLOSED_DAY = "closed_day"
    NEVER_OPEN = "never_open"
    WHY_ANOTHER_TEAM = "why_another_team"
    NO_SUCH_TICKET = "no_such_ticket"
    CLOSED_ALREADY = "closed_already"
    SOLUTION_OF_AN_OPEN_TICKET = "solution_of_an_open_ticket"
    ITSELF_A_DUPLICATE = "itself_a_duplicate"
    UNATTENDED = "unattended"
    NOT_SERVED = "not_served"
    A_GUEST = "a_guest"
    CHANGED_MEANWHILE = "changed_meanwhile"
    OWN_APPROVER = "own_approver"
    FILES_IT = "files_it"
    YOURSELF = "yourself"
    OWN_REQUEST = "own_request"
    NEEDS_AGREEMENT = "needs_agreement"
    ENDS_FIRST = "ends_first"
    OWN_SUBSTITUTE = "own_substitute"
    NEEDS_AGREEMENTS = "needs_agreements"
    OUTAGE_OVER = "outage_over"
    OTHER_TEAM_FIRST = "other_team_first"
    ATTACHED_ALREADY = "attached_already"
    AWAITS_AGREEMENT = "awaits_agreement"
    IS_CONFIDENTIAL = "is_confidential"
    ITSELF_ATTACHED = "itself_attached"
    HAS_CHILDREN = "has_children"
    NOT_OPEN = "not_open"
    OTHER_REQUESTER = "other_requester"
    SAME_TICKET = "same_ticket"
    NEEDS_TITLE = "needs_title"
    NEEDS_RECORDED_AGREEMENT = "needs_recorded_agreement"
    AGREEMENTS_ELSEWHERE = "agreements_elsewhere"
    SITE_UNKNOWN = "site_unknown"
    CONFIDENTIAL_TEAM = "confidential_team"
    ANNOUNCED = "announced"


MESSAGES: Mapping[FieldReason, str] = {
    FieldReason.BLANK: N_("Please enter some text."),
    FieldReason.MISSING: N_("Please fill this in."),
    FieldReason.TOO_LONG: N_("This is too long. Please shorten it."),
    FieldReason.UNKNOWN: N_("This option is no longer available. Please choose another one."),
    FieldReason.NOT_YOURS: N_("You cannot set this value. Please choose one of the options offered."),
    FieldReason.NOT_OF_THE_TEAM: N_(
        "This person is not in the ticket’s team. Please choose one of its members."
    ),
    FieldReason.PAST: N_("This date is in the past. Please choose a later one."),
    FieldReason.CLOSED_DAY: N_("The help desk is closed on that day. It opens next on {day}."),
    FieldReason.NEVER_OPEN: N_(
        "The help desk’s calendar does not reach that day. Please choose an earlier one."
    ),
    FieldReason.WHY_ANOTHER_TEAM: N_("Please tell the other team why you are transferring the ticket."),
    FieldReason.NO_SUCH_TICKET: N_("You have no ticket with this number. Search for it with /find-ticket."),
    FieldReason.CLOSED_ALREADY: N_("This ticket is closed. Please enter the number of an open one."),
    FieldReason.SOLUTION_OF_AN_OPEN_TICKET: N_(
        "You have entered a solution. Choose “Resolved”, or clear the solution."
    ),
    FieldReason.ITSELF_A_DUPLICATE: N_(
        "This is the same ticket, or is itself a duplicate. Please enter the number of the original."
    ),
    FieldReason.OWN_APPROVER: N_("Nobody authorises their own request. Please choose another person."),
    FieldReason.FILES_IT: N_("Whoever raises a request does not authorise it. Please choose another person."),
    FieldReason.YOURSELF: N_("You cannot name yourself here. Please choose another person."),
    FieldReason.OWN_REQUEST: N_("This is your own request. Please ask a colleague to record its agreement."),
    FieldReason.ENDS_FIRST: N_("This is before the first day. Please choose a later one."),
    FieldReason.OWN_SUBSTITUTE: N_("You cannot stand in for yourself. Please choose another person."),
    FieldReason.NEEDS_AGREEMENT: N_(
        "This service needs an agreement first. Please say who agreed, where and when, or choose “New”."
    ),
    FieldReason.NEEDS_AGREEMENTS: N_(
        "This request needs several agreements. Please choose “New”, then record them on the ticket."
    ),
    FieldReason.ITSELF_ATTACHED: N_(
        "This ticket is itself attached to another. Please choose the one that it is attached to."
    ),
    FieldReason.HAS_CHILDREN: N_("Other tickets are attached to this one. Please detach them first."),
    FieldReason.NOT_OPEN: N_("This is no longer open. Please choose another one."),
    FieldReason.SAME_TICKET: N_("This is the same ticket. Please choose another one."),
    FieldReason.OTHER_REQUESTER: N_(
        "This is somebody else’s ticket. To keep both requesters informed, use “Attach…” instead."
    ),
    FieldReason.UNATTENDED: N_(
        "This account is deactivated, or belongs to a bot or a workflow. Please choose another person."
    ),
    FieldReason.A_GUEST: N_("A guest gives no agreement. Please choose another person."),
    FieldReason.NOT_SERVED: N_(
        "The help desk only serves people in this workspace. Please choose another person."
    ),
    FieldReason.OUTAGE_OVER: N_("This outage is over. Please choose another one."),
    FieldReason.OTHER_TEAM_FIRST: N_("This belongs to another team. Please transfer the ticket to it first."),
    FieldReason.ATTACHED_ALREADY: N_("This ticket is already attached. Please detach it first."),
    FieldReason.AWAITS_AGREEMENT: N_(
        "This ticket waits for an agreement. It can be attached once that is given."
    ),
    FieldReason.IS_CONFIDENTIAL: N_("Confidential tickets cannot be attached to others."),
    FieldReason.NEEDS_TITLE: N_("Please choose a service, or enter a title."),
    FieldReason.NEEDS_RECORDED_AGREEMENT: N_(
        "This service needs an agreement. Please say who agreed, where and when."
    ),
    FieldReason.AGREEMENTS_ELSEWHERE: N_(
        "This service needs agreements that cannot be recorded here. Please raise it from the catalogue."
    ),
    FieldReason.SITE_UNKNOWN: N_("We do not know this person’s usual site. Please choose a site."),
    FieldReason.CONFIDENTIAL_TEAM: N_(
        "This service is confidential: only its own team records a solved call. Please raise a new ticket."
    ),
    FieldReason.CHANGED_MEANWHILE: N_(
        "This was changed in the meantime. Copy what you wrote, close this form and open it again."
    ),
    FieldReason.ANNOUNCED: N_(
        "This service is confidential, and the outage is announced in channels. Please declare another "
        "outage for it."
    ),
}


@dataclass
class FieldRefused(HelpDeskError):
    """A field of a form cannot be accepted."""

    field: Field
    reason: FieldReason
    question: str | None = None
    """The id of the service's question, for `Field.QUESTION`."""
    day: date | None = None
    """The next open day, for `FieldReason.CLOSED_DAY`."""

    @property
    def message(self) -> str:
        return MESSAGES[self.reason]

    @property
    def values(self) -> Mapping[str, object]:
        return {"day": self.day} if self.day else {}
