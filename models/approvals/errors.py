"""What approvers, and requesters who choose them, are told that they cannot do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.base import N_
from models.errors import HelpDeskError


@dataclass
class AgreementSettled(HelpDeskError):
    """Somebody else has decided, or the agreement is no longer asked."""

    number: int
    state: str
    by: str | None
    at: datetime | None
    is_asked_anew: bool = False

    @property
    def message(self) -> str:
        if self.is_asked_anew:
            return N_("The request was changed, and its approvers are asked anew.")
        if self.by is None or self.at is None:
            return N_("Your agreement to No. {number} is no longer needed.")
        if self.state == "declined":
            return N_("Too late: {by} declined No. {number} on {at}.")
        return N_("Too late: {by} authorised No. {number} on {at}.")

    @property
    def values(self) -> Mapping[str, object]:
        return {"number": self.number, "by": self.by, "at": self.at}


@dataclass
class ChosenTooEarly(HelpDeskError):
    """An approver is chosen while those who are asked, or looked up, have time left to decide."""

    message = N_(
        "It is too soon to choose an approver for No. {number}: whoever is asked first has {days} working "
        "days to decide."
    )

    number: int
    days: int

    @property
    def values(self) -> Mapping[str, object]:
        return {"number": self.number, "days": self.days}


@dataclass
class NotPassedOn(HelpDeskError):
    """An approver wrote in the thread of a message that asks them, or asked them (`is_over`), for their
    agreement."""

    is_over: bool

    @property
    def message(self) -> str:
        if self.is_over:
            return N_(
                "Messages under a request for your agreement reach nobody. If you have something to add, "
                "please write to the requester directly."
            )
        return N_(
            "Messages under a request for your agreement reach nobody. Please use its buttons: “I need more "
            "information” sends your words to the requester."
        )
