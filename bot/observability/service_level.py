"""What the service level is measured by (docs/service-level.md): acknowledgements and messages handed over.

Histograms with a label for what counts as bad whatever it took: a burn rate divides a bucket of the good by
the count of all, which come from one sample of one metric.
"""

from enum import StrEnum

from prometheus_client import Histogram

from models.outbox.kinds import KINDS, DeliveryKind, Lane

READ_FROM_SLACK = {DeliveryKind.CHANNEL, DeliveryKind.APPROVERS, DeliveryKind.DEPARTURE}
"""Kinds that only read; of the others those that have a lane are messages."""


class Answer(StrEnum):
    """How a payload was answered."""

    GIVEN = "given"
    FAILED = "failed"
    """The database or a defect: the person saw an error, or Slack is to send the event again."""


class Handover(StrEnum):
    """How a message ended."""

    ACCEPTED = "accepted"
    DEAD = "dead"


OWN_SECONDS = Histogram(
    "guichet_acknowledgement_own_seconds",
    "Seconds from Slack's payload to its acknowledgement, less those spent waiting for Slack's answers.",
    ["answer"],
    buckets=(0.1, 0.25, 0.5, 1.0, 1.5, 2.5),
    registry=None,  # `bot.observability.metrics` adds both to its own
)
HANDOVER_SECONDS = Histogram(
    "guichet_handover_seconds",
    "Seconds from a message's due time to its acceptance, or until it was given up; rate limits apart.",
    ["sender", "outcome"],
    buckets=(1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0),
    registry=None,
)
for _answer in Answer:  # at 0 from the start: `increase()` needs a sample before the first one
    OWN_SECONDS.labels(_answer)
for _lane in Lane:
    for _outcome in Handover:
        HANDOVER_SECONDS.labels(_lane, _outcome)


def record_acknowledgement(own_seconds: float, *, failed: bool) -> None:
    """Count a payload that was answered."""
    OWN_SECONDS.labels(Answer.FAILED if failed else Answer.GIVEN).observe(max(0.0, own_seconds))


def record_handover(kind: DeliveryKind, outcome: Handover, seconds: float) -> None:
    """Count a message that Slack or the mail server accepted, or that was given up."""
    lane = KINDS[kind].lane
    if lane is not None and kind not in READ_FROM_SLACK:
        HANDOVER_SECONDS.labels(lane, outcome).observe(max(0.0, seconds))
