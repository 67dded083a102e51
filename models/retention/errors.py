"""What `guichet retention` refuses. Each error has its message, in English."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.base import N_
from models.errors import HelpDeskError


class RetentionNotChosen(HelpDeskError):
    """It is not chosen how long tickets are kept."""

    message = N_(
        "It is not chosen yet how long tickets are kept: set RETENTION_FILES_MONTHS and "
        "RETENTION_TICKETS_MONTHS (recommended: 12 and 24)."
    )


class NothingDue(HelpDeskError):
    """No ticket has been closed for long enough."""

    message = N_("Nothing is due to be erased, so there is no list to sign.")


@dataclass
class ListUnknown(HelpDeskError):
    number: int

    message = N_("There is no list No. {number}. “guichet retention” prints the lists.")

    @property
    def values(self) -> Mapping[str, object]:
        return {"number": self.number}


@dataclass
class ListApproved(HelpDeskError):
    """It was approved before; `visa` is `None` of a list that needed none."""

    number: int
    at: datetime
    visa: str | None

    @property
    def message(self) -> str:
        if self.visa is None:
            return N_("List No. {number} needs no visa: it was made while none was required.")
        return N_("List No. {number} was approved before, on {at}, with the visa “{visa}”.")

    @property
    def values(self) -> Mapping[str, object]:
        return {"number": self.number, "at": self.at, "visa": self.visa}


class VisaMissing(HelpDeskError):
    """The reference is empty."""

    message = N_("The reference of the archivist’s visa is missing.")


@dataclass
class VisaTooLong(HelpDeskError):
    most: int

    message = N_("The reference of the visa is too long: it has at most {most} characters.")

    @property
    def values(self) -> Mapping[str, object]:
        return {"most": self.most}
