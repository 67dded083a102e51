"""The kinds of delivery, and the states of one."""

from enum import StrEnum


class DeliveryKind(StrEnum):
    """What is to be sent; the surface it goes to follows from it."""

    CARD = "card"  # the requester's living card, in their direct message
    TRIAGE_CARD = "triage_card"  # the team's living card, in its channel
    THREAD = "thread"  # a line in the triage card's thread
    COMMENT = "comment"  # what somebody said, for those on the other side; edited as they edit it
    FILE = "file"  # an attachment: fetched, kept, posted for those on the other side
    MOVED = "moved"  # the card that a team no longer has, in its final state
    OUTAGE = "outage"  # a known outage's living card, in its team's channel
    APPROVAL = "approval"  # a resolution to approve
    RESOLUTION_RESULT = "settled"  # an approval request rewritten to its final state
    HOME = "home"  # a person's App Home
    MAIL = "mail"
    CHANNEL = "channel"  # nothing to send: a channel to read from Slack
    OUTAGE_RESOLUTION = "outage_resolution"  # nothing to send: followers of an outage to resolve


RESOLVE_METHOD = "outage.resolve"
"""The method of an `OUTAGE_RESOLUTION`: it asks nothing of Slack, and no pause holds it back."""


class DeliveryState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    SKIPPED = "skipped"  # the ticket had moved past it; `reason` says how
    DEAD = "dead"  # given up; `reason` says why
