"""The kinds of delivery, what is known of each, and the states of a delivery."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto


class DeliveryKind(StrEnum):
    """What is to be sent. `description` says how."""

    CARD = "card"  # the requester's living card, in their direct message
    TRIAGE_CARD = "triage_card"  # the team's living card, in its channel
    THREAD = "thread"  # a line in the triage card's thread
    COMMENT = "comment"  # one part of a comment, for the other side; edited as its author edits it
    FILE = "file"  # an attachment: fetched, stored, posted for the other side
    MOVED = "moved"  # the card that a team no longer has, in its final state
    PROMPT = "prompt"  # what is still asked of the requester, below what they wrote
    OUTAGE = "outage"  # a known outage's living card, in its team's channel
    RESOLUTION = "approval"  # asks the requester whether a solution holds
    RESOLUTION_RESULT = "settled"  # that request, edited to its final state
    DECISION = "decision"  # tells the requester what somebody else decided, with a button to reopen
    PROMISE = "promise"  # tells the requester that a target has moved later, in their card's thread
    DECISION_RESULT = "decision_settled"  # the last of those before, edited to its final state
    AGREEMENT = "agreement"  # asks an approver for their agreement; edited to its final state
    AGREEMENT_WAIT = (
        "agreement_wait"  # tells the requester that nobody is asked, or nobody decides; edited too
    )
    REMINDER = "reminder"  # all that waits for a requester; follows no event of a ticket
    DRAFT = "draft"  # the answer to what somebody wrote outside of threads; follows no event of a ticket
    TARGET = "target"  # a line in the triage card's thread: a target is nearly or wholly over
    UNTAKEN = "untaken"  # at the root of a team's channel: the tickets that nobody has taken; of no ticket
    CONFIDENTIAL_WAITING = "confidential_waiting"  # tells a technician that a card waits for their channel
    OUTAGE_UPDATE = "outage_update"  # tells a follower how an outage goes; of no ticket
    ANNOUNCEMENT = "announcement"  # an outage, in a channel of a site; edited to its end; of no ticket
    UPDATE_DUE = "update_due"  # reminds who wrote an outage's last update of the next one; of no ticket
    HOME = "home"  # a person's App Home
    OWN_DATA = "own_data"  # what is known of a person, as a zip file; of no ticket
    OWN_DATA_FAILURE = "own_data_failure"  # tells them that it could not be sent; of no ticket
    MAIL = "mail"
    DEPARTURE = "departure"  # nothing to send: whether somebody has left a team, to read from Slack
    DEPARTURE_TICKETS = "departure_tickets"  # nothing to send: tickets to release, or to give back
    DEPARTURE_SUMMARY = "departure_summary"  # at the root of a team's channel; of no ticket
    CHANNEL = "channel"  # nothing to send: a channel to read from Slack
    APPROVERS = "approvers"  # nothing to send: whom a step of an agreement asks, to read from Slack
    OUTAGE_RESOLUTION = "outage_resolution"  # nothing to send: followers of an outage to resolve
    CHILDREN = "children"  # nothing to send: tickets attached to another to resolve or free

    @property
    def description(self) -> "KindDescription":
        return KINDS[self]


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    SKIPPED = "skipped"  # there was nothing left to send; `reason` says why
    DEAD = "dead"  # given up; `reason` says why


class Lane(StrEnum):
    """The senders. They work side by side: what one cannot send delays nothing of the other."""

    SLACK = "slack"
    MAIL = "smtp"


class Queue(StrEnum):
    """The first part of a recipient: what its id is the id of."""

    DIRECT_MESSAGE = "dm"
    HOME = "home"
    MAIL = "mail"
    TEAM = "team"
    OUTAGE = "outage"
    ANNOUNCEMENT = "announcement"
    CHANNEL = "channel"
    APPROVERS = "approvers"
    FOLLOWERS = "followers"
    CHILDREN = "children"
    DEPARTURES = "departures"

    @property
    def is_personal(self) -> bool:
        """Whether its ids are those of people."""
        return self in {Queue.DIRECT_MESSAGE, Queue.HOME, Queue.MAIL}


class Loss(Enum):
    """How often the team is notified that something did not reach a ticket's requester."""

    UNANNOUNCED = auto()
    ONCE = auto()  # for each ticket and reason
    EACH_TIME = auto()  # what somebody wrote, asked or attached


POST = "chat.postMessage"
UPDATE = "chat.update"
RESOLVE_METHOD = "outage.resolve"
"""The method of an `OUTAGE_RESOLUTION`: it asks nothing of Slack, and no pause delays it."""
DEPARTURE_METHOD = "departure.tickets"
"""The same of `DEPARTURE_TICKETS`."""
CHILDREN_METHOD = "children.follow"
"""The same of a `CHILDREN`."""


@dataclass(frozen=True)
class KindDescription:
    """What notifications and the outbox know of a kind of delivery."""

    method: str
    """The Web API method that sends it, `smtp`, or one of the three above."""
    queues: tuple[Queue, ...]
    edit_method: str | None = None
    """The method that sends it again, when that is another."""
    lane: Lane | None = Lane.SLACK
    """Its sender; `None`: nothing is sent, a worker of Slack's lane changes rows."""
    edits: DeliveryKind | None = None
    """The other kind whose message it edits."""
    is_living: bool = False
    """It shows the ticket as it is now, so that one delivery stands for several changes."""
    spans_tickets: bool = False
    """It shows many tickets: it waits for, and is superseded by, those that any of them brought."""
    is_of_person: bool = False
    """It is about no ticket: it waits for the earlier ones of its kind to the same recipient."""
    is_of_outage: bool = False
    """It is about an outage instead of a ticket; the outage's row has its channel and `ts`."""
    is_team_card: bool = False
    """A card in a team's channel, which goes to the default team's while that one is out of reach."""
    has_parts: bool = False
    """Its text may take several messages."""
    delays_others: bool = True
    """Whether later deliveries of other kinds wait for it."""
    loss: Loss = Loss.UNANNOUNCED

    @property
    def personal_queue(self) -> Queue:
        """The queue for one person. Raises `StopIteration` for a kind that has none."""
        return next(queue for queue in self.queues if queue.is_personal)


_COMPLETE = "files.completeUploadExternal"
_DM, _TEAM = (Queue.DIRECT_MESSAGE,), (Queue.TEAM,)
_DM_AND_TEAM = (Queue.DIRECT_MESSAGE, Queue.TEAM)

KINDS: Mapping[DeliveryKind, KindDescription] = {
    DeliveryKind.CARD: KindDescription(POST, _DM, UPDATE, is_living=True, loss=Loss.ONCE),
    DeliveryKind.TRIAGE_CARD: KindDescription(POST, _TEAM, UPDATE, is_living=True, is_team_card=True),
    DeliveryKind.THREAD: KindDescription(POST, _TEAM),
    DeliveryKind.COMMENT: KindDescription(POST, _DM_AND_TEAM, UPDATE, has_parts=True, loss=Loss.EACH_TIME),
    # A file may have to wait long for its store.
    DeliveryKind.FILE: KindDescription(_COMPLETE, _DM_AND_TEAM, delays_others=False, loss=Loss.EACH_TIME),
    DeliveryKind.MOVED: KindDescription(UPDATE, _TEAM, edits=DeliveryKind.TRIAGE_CARD),
    DeliveryKind.OUTAGE: KindDescription(
        UPDATE,
        (Queue.OUTAGE,),
        is_living=True,
        spans_tickets=True,
        is_of_outage=True,
        is_team_card=True,
    ),
    DeliveryKind.RESOLUTION: KindDescription(POST, _DM, loss=Loss.EACH_TIME),
    DeliveryKind.RESOLUTION_RESULT: KindDescription(UPDATE, _DM, edits=DeliveryKind.RESOLUTION),
    DeliveryKind.PROMPT: KindDescription(POST, _DM),
    DeliveryKind.DECISION: KindDescription(POST, _DM, loss=Loss.EACH_TIME),
    DeliveryKind.DECISION_RESULT: KindDescription(UPDATE, _DM, edits=DeliveryKind.DECISION),
    # Its loss is not reported: their card has the target.
    DeliveryKind.PROMISE: KindDescription(POST, _DM),
    DeliveryKind.AGREEMENT: KindDescription(POST, _DM, UPDATE),
    DeliveryKind.AGREEMENT_WAIT: KindDescription(POST, _DM, UPDATE),
    DeliveryKind.REMINDER: KindDescription(POST, _DM, UPDATE, is_of_person=True),
    DeliveryKind.DRAFT: KindDescription(POST, _DM, UPDATE, is_of_person=True),
    DeliveryKind.TARGET: KindDescription(POST, _TEAM, delays_others=False),
    DeliveryKind.UNTAKEN: KindDescription(POST, _TEAM),
    DeliveryKind.CONFIDENTIAL_WAITING: KindDescription(POST, _DM, delays_others=False),
    DeliveryKind.OUTAGE_UPDATE: KindDescription(POST, _DM, is_of_person=True),
    DeliveryKind.ANNOUNCEMENT: KindDescription(
        UPDATE, (Queue.ANNOUNCEMENT,), is_living=True, spans_tickets=True
    ),
    DeliveryKind.UPDATE_DUE: KindDescription(POST, _DM, is_of_person=True),
    DeliveryKind.HOME: KindDescription("views.publish", (Queue.HOME,), is_living=True, spans_tickets=True),
    # It may have to wait long for the store.
    DeliveryKind.OWN_DATA: KindDescription(_COMPLETE, _DM, is_of_person=True),
    DeliveryKind.OWN_DATA_FAILURE: KindDescription(POST, _DM, is_of_person=True),
    DeliveryKind.MAIL: KindDescription("smtp", (Queue.MAIL,), lane=Lane.MAIL, loss=Loss.ONCE),
    DeliveryKind.CHANNEL: KindDescription("users.conversations", (Queue.CHANNEL,)),
    DeliveryKind.APPROVERS: KindDescription("users.info", (Queue.APPROVERS,)),
    DeliveryKind.OUTAGE_RESOLUTION: KindDescription(
        RESOLVE_METHOD, (Queue.FOLLOWERS,), lane=None, is_of_outage=True
    ),
    DeliveryKind.CHILDREN: KindDescription(CHILDREN_METHOD, (Queue.CHILDREN,), lane=None),
    DeliveryKind.DEPARTURE: KindDescription("conversations.members", (Queue.DEPARTURES,)),
    DeliveryKind.DEPARTURE_TICKETS: KindDescription(DEPARTURE_METHOD, (Queue.DEPARTURES,), lane=None),
    DeliveryKind.DEPARTURE_SUMMARY: KindDescription(POST, _TEAM, UPDATE),
}
