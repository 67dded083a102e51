"""What is refused of the tickets of who has left a team."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.base import N_
from models.errors import HelpDeskError


@dataclass
class DepartureOver(HelpDeskError):
    """The tickets were given back, by `by`, or a day has passed."""

    by: str | None

    @property
    def message(self) -> str:
        if self.by:
            return N_("{name} has given these tickets back already.")
        return N_("This was possible for one day. Please assign the tickets one by one.")

    @property
    def values(self) -> Mapping[str, object]:
        return {"name": self.by}


@dataclass
class NotBackYet(HelpDeskError):
    """They are not a member of the team's channel."""

    name: str
    message = N_(
        "{name} is not in the team’s channel: please invite them first. If they have just joined, try again "
        "in a minute."
    )

    @property
    def values(self) -> Mapping[str, object]:
        return {"name": self.name}


class DepartureTeamOnly(HelpDeskError):
    """Somebody of another team pressed the button."""

    message = N_("Only technicians of the team can give these tickets back.")
