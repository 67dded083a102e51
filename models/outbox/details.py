"""What a delivery needs beside its columns: a dataclass for each kind that needs something, kept as JSON."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import JSON, Dialect
from sqlalchemy.types import TypeDecorator

from models.outbox.children import ChildrenDetails, load_children
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Undelivered
from models.tickets.outage import Portion


@dataclass(frozen=True)
class NoDetails:
    """What most kinds need. Of a `CHANNEL`: all channels that the bot is in."""


@dataclass(frozen=True)
class MailDetails:
    template: str
    token: str | None = None
    """The random part of its Message-ID; `None` in what version 0.1 queued."""
    approval_id: int | None = None
    """The step whose approver gets it."""


@dataclass(frozen=True)
class CommentDetails:
    comment_id: int
    part: int
    """0, 1, 2…"""


@dataclass(frozen=True)
class FileDetails:
    attachment_id: int
    is_asked_for: bool = False
    """Its reader asked for a copy: it goes to their direct message."""
    approval_id: int | None = None
    """The step whose approver gets it, below the message that asks them."""


@dataclass(frozen=True)
class FileRemovalDetails:
    """The file's copies, and what the store has of it, are to be removed."""

    attachment_id: int
    copy: str | None = None
    """Slack's id of the one copy that version 0.1 named."""
    key: str | None = None
    """Its name in the store, once its row is gone: nothing else is left to remove."""


@dataclass(frozen=True)
class UndeliveredDetails:
    """Of a `THREAD`: what did not reach the requester, and why."""

    kind: DeliveryKind
    why: Undelivered
    attachment_id: int | None = None
    """The file that was lost."""
    is_edit: bool = False
    """An earlier version of the comment was delivered."""


@dataclass(frozen=True)
class OpinionDetails:
    """Of a `THREAD`: what the requester added to their rating."""


@dataclass(frozen=True)
class PromiseDetails:
    """Of a `PROMISE`: the opening hours or the targets have changed, for no event of the ticket."""


@dataclass(frozen=True)
class UnheardDetails:
    """Of a `THREAD`: a reminder did not arrive, so the ticket is not closed by silence."""

    why: Undelivered


@dataclass(frozen=True)
class ReminderDetails:
    """The tickets that are due, each with the number of the team's word that is not answered; none: the
    message is brought up to date."""

    waits: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class OutageUpdateDetails:
    """The outage's event that is told."""

    outage_event_id: int


@dataclass(frozen=True)
class AgreementDetails:
    approval_id: int
    part: int
    """0, 1, 2…: which of the messages about the step."""


@dataclass(frozen=True)
class ApproversDetails:
    """Of which step the approvers are looked up."""

    approval_id: int
    is_fallback: bool = False
    """Its fallback is."""


@dataclass(frozen=True)
class AgreementLineDetails:
    """Of a `THREAD`: nobody has decided in a step for long, or an approver is no longer asked."""

    approval_id: int
    dropped: int | None = None
    """The id of the `Approver`."""


@dataclass(frozen=True)
class FallbackDetails:
    """Of a team's card: it goes to the default team's channel."""


@dataclass(frozen=True)
class DraftDetails:
    draft_id: int
    revision: int
    """Of the `MessageDraft`: what changed later has a delivery of its own."""


@dataclass(frozen=True)
class TargetDetails:
    percent: int
    """How much of the target was over: 75 or 100."""


@dataclass(frozen=True)
class UntakenDetails:
    tickets: tuple[int, ...]
    """Those that are new in the list."""


@dataclass(frozen=True)
class DepartureDetails:
    departure_id: int


@dataclass(frozen=True)
class ChannelDetails:
    channel: str


@dataclass(frozen=True)
class OwnDataDetails:
    """Of an `OWN_DATA`."""

    file: str | None = None
    """Slack's id of the zip file, once it was announced."""
    link: str | None = None
    """Where Slack shows the message with it, once it was sent."""


@dataclass(frozen=True)
class UnknownDetails:
    """What this version cannot read, such as a newer one's. The row is loaded all the same: a claim that
    failed over one row would stop all others."""

    stored: Mapping[str, Any]


Details = (
    NoDetails
    | MailDetails
    | CommentDetails
    | FileDetails
    | FileRemovalDetails
    | UndeliveredDetails
    | OpinionDetails
    | PromiseDetails
    | UnheardDetails
    | ReminderDetails
    | OutageUpdateDetails
    | AgreementDetails
    | ApproversDetails
    | AgreementLineDetails
    | FallbackDetails
    | DraftDetails
    | TargetDetails
    | UntakenDetails
    | ChannelDetails
    | DepartureDetails
    | OwnDataDetails
    | UnknownDetails
    | Portion
    | ChildrenDetails
)
Json = dict[str, Any]


class DetailsType(TypeDecorator[Details]):
    """`Details` as a JSON object; its keys tell which they are."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Details | None, dialect: Dialect) -> Json | None:
        return None if value is None else _dump(value)

    def process_result_value(self, value: Json | None, dialect: Dialect) -> Details | None:
        return None if value is None else _load(value)


def _dump(details: Details) -> Json:
    match details:
        case NoDetails():
            return {}
        case MailDetails(template, token, approval_id):
            own: Json = {"token": token} if token else {}
            return {"template": template} | own | ({"of": approval_id} if approval_id else {})
        case CommentDetails(comment_id, part):
            return {"comment": comment_id, "part": part}
        case FileDetails(attachment_id, is_asked_for, approval_id):
            asked: Json = {"asked": True} if is_asked_for else {}
            return {"attachment": attachment_id} | asked | ({"of": approval_id} if approval_id else {})
        case FileRemovalDetails(attachment_id, copy, key):
            return {"attachment": attachment_id, "remove": copy} | ({"key": key} if key else {})
        case UndeliveredDetails():
            return {"undelivered": _dump_undelivered(details)}
        case OpinionDetails():
            return {"opinion": True}
        case PromiseDetails():
            return {"hours": True}
        case UnheardDetails(why):
            return {"unheard": why.value}
        case ReminderDetails(waits):
            return {"waits": [list(each) for each in waits]}
        case OutageUpdateDetails(outage_event_id):
            return {"outage_event": outage_event_id}
        case AgreementDetails(approval_id, part):
            return {"approval": approval_id, "part": part}
        case ApproversDetails(approval_id, is_fallback):
            return {"approvers_of": approval_id} | ({"second": True} if is_fallback else {})
        case AgreementLineDetails(approval_id, dropped):
            return {"unanswered": approval_id, "dropped": dropped}
        case FallbackDetails():
            return {"fallback": True}
        case DraftDetails(draft_id, revision):
            return {"draft": draft_id, "revision": revision}
        case TargetDetails(percent):
            return {"percent": percent}
        case UntakenDetails(tickets):
            return {"tickets": list(tickets)}
        case DepartureDetails(departure_id):
            return {"departure": departure_id}
        case ChannelDetails(channel):
            return {"channel": channel}
        case OwnDataDetails(file, link):
            return {"own_data": file, "link": link}
        case Portion():
            return asdict(details)
        case ChildrenDetails():
            return details.dump()
        case UnknownDetails(stored):
            return dict(stored)


def _dump_undelivered(details: UndeliveredDetails) -> Json:
    lost: Json = {"kind": details.kind.value, "why": details.why.value}
    if details.kind is DeliveryKind.FILE:
        lost["file"] = details.attachment_id
    if details.kind is DeliveryKind.COMMENT:
        lost["edit"] = details.is_edit
    return lost


def _load(stored: Json) -> Details:
    """The details of a row."""
    for key, load in _LOADERS.items():
        if key in stored:
            try:
                return load(stored)
            except (KeyError, TypeError, ValueError):  # a key is missing, or has a value of a newer version
                return UnknownDetails(stored)
    return UnknownDetails(stored) if stored else NoDetails()


def _load_undelivered(stored: Json) -> Details:
    lost = stored["undelivered"]
    return UndeliveredDetails(
        DeliveryKind(lost["kind"]), Undelivered(lost["why"]), lost.get("file"), lost.get("edit", False)
    )


# Tried in this order: a removal names its attachment, too.
_LOADERS: Mapping[str, Callable[[Json], Details]] = {
    "template": lambda stored: MailDetails(stored["template"], stored.get("token"), stored.get("of")),
    "comment": lambda stored: CommentDetails(stored["comment"], stored["part"]),
    "remove": lambda stored: FileRemovalDetails(stored["attachment"], stored["remove"], stored.get("key")),
    "attachment": lambda stored: FileDetails(
        stored["attachment"], stored.get("asked", False), stored.get("of")
    ),
    "undelivered": _load_undelivered,
    # What version 0.1 queued, once a ticket.
    "deactivated": lambda _stored: UndeliveredDetails(DeliveryKind.CARD, Undelivered.ACCOUNT_CLOSED),
    "opinion": lambda _stored: OpinionDetails(),
    "unheard": lambda stored: UnheardDetails(Undelivered(stored["unheard"])),
    "waits": lambda stored: ReminderDetails(
        tuple((int(number), int(event)) for number, event in stored["waits"])
    ),
    "outage_event": lambda stored: OutageUpdateDetails(stored["outage_event"]),
    "approval": lambda stored: AgreementDetails(stored["approval"], stored["part"]),
    "approvers_of": lambda stored: ApproversDetails(stored["approvers_of"], stored.get("second", False)),
    "unanswered": lambda stored: AgreementLineDetails(stored["unanswered"], stored["dropped"]),
    "fallback": lambda _stored: FallbackDetails(),
    "hours": lambda _stored: PromiseDetails(),
    "draft": lambda stored: DraftDetails(stored["draft"], stored["revision"]),
    "percent": lambda stored: TargetDetails(stored["percent"]),
    "tickets": lambda stored: UntakenDetails(tuple(stored["tickets"])),
    "channel": lambda stored: ChannelDetails(stored["channel"]),
    "departure": lambda stored: DepartureDetails(stored["departure"]),
    "own_data": lambda stored: OwnDataDetails(stored["own_data"], stored.get("link")),
    "told": lambda stored: Portion(**stored),
    "children": load_children,
}
