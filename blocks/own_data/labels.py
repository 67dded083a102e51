"""The words of the page with a person's own data."""

from collections.abc import Mapping

from blocks.i18n import N_, Translator
from models.approvals.approval import Decision, StepState
from models.audit.entry import Deed
from models.outbox.kinds import DeliveryKind

AGREEMENT: Mapping[StepState, str] = {
    StepState.LATER: N_("Not asked yet"),
    StepState.LOOKUP: N_("Being looked up"),
    StepState.CHOICE: N_("Nobody can be asked"),
    StepState.ASKED: N_("Asked"),
    StepState.INCOMPLETE: N_("Information asked for"),
    StepState.GIVEN: N_("Given"),
    StepState.DECLINED: N_("Declined"),
    StepState.WITHDRAWN: N_("No longer asked"),
}
DECISION: Mapping[Decision | None, str] = {
    None: N_("No decision"),
    Decision.AGREE: N_("Agreed"),
    Decision.DECLINE: N_("Declined"),
    Decision.ASK: N_("Asked for information"),
}
MISSING: Mapping[str, str] = {
    "unavailable": N_("not included: it was never stored here, or was deleted"),
    "too_large": N_("not included: with the other files it is too large to be sent this way"),
}
MESSAGE: Mapping[DeliveryKind, str] = {
    DeliveryKind.CARD: N_("Card of a ticket"),
    DeliveryKind.COMMENT: N_("Reply or question"),
    DeliveryKind.FILE: N_("File"),
    DeliveryKind.PROMPT: N_("Question below your message"),
    DeliveryKind.RESOLUTION: N_("Solution to check"),
    DeliveryKind.RESOLUTION_RESULT: N_("Solution, answered"),
    DeliveryKind.DECISION: N_("Closing of a ticket"),
    DeliveryKind.DECISION_RESULT: N_("Closing of a ticket, answered"),
    DeliveryKind.PROMISE: N_("Later date for a ticket"),
    DeliveryKind.AGREEMENT: N_("Request for your agreement"),
    DeliveryKind.AGREEMENT_WAIT: N_("Agreement that is missing"),
    DeliveryKind.REMINDER: N_("Reminder"),
    DeliveryKind.DRAFT: N_("Answer to a direct message"),
    DeliveryKind.TARGET: N_("Target of a ticket"),
    DeliveryKind.CONFIDENTIAL_WAITING: N_("Confidential ticket that waits for your team"),
    DeliveryKind.OUTAGE_UPDATE: N_("News of an outage"),
    DeliveryKind.UPDATE_DUE: N_("Update of an outage that is due"),
    DeliveryKind.MAIL: N_("Email"),
    DeliveryKind.OWN_DATA: N_("Your data"),
    DeliveryKind.OWN_DATA_FAILURE: N_("Your data, which could not be sent"),
}
"""The kinds that go to people."""
OTHER_MESSAGE = N_("Another message")
DEED = {
    Deed.READ: N_("ticket read"),
    Deed.SEARCH: N_("search over tickets"),
    Deed.EXPORT: N_("data exported"),
    Deed.ERASE: N_("data erased"),
    Deed.RETENTION: N_("retention"),
    Deed.LOAD: N_("catalogue loaded"),
    Deed.RETRY: N_("messages sent again"),
    Deed.AUDIT: N_("audit trail read"),
    Deed.UNKNOWN: N_("something of a newer version"),
}


def work_on_others(_: Translator, count: int) -> str:
    """On how many tickets of others they worked."""
    return _.plural(
        "You did something about {count} ticket of somebody else’s: “data.json” has its number and the "
        "dates. The data-protection officer can give you the rest.",
        "You did something about {count} tickets of other people’s: “data.json” has their numbers and the "
        "dates. The data-protection officer can give you the rest.",
        count,
    )


def deeds_of_person(_: Translator, count: int) -> str:
    """How much of the audit trail is about what they did."""
    return _.plural(
        "{count} line of the trail says what this person did.",
        "{count} lines of the trail say what this person did.",
        count,
    )
