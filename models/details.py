"""What a line of history keeps beside its action. The names of fields are those of the stored JSON."""

from datetime import datetime
from typing import Annotated, Generic, NamedTuple, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from models.base import LocalizedText
from models.lifecycle import Agreement, HoldReason, Impact, Priority, Rating, Urgency

T = TypeVar("T")

# As `datetime.isoformat` writes it, "+00:00" and not "Z".
IsoDateTime = Annotated[datetime, PlainSerializer(datetime.isoformat, return_type=str)]


class Changed(NamedTuple, Generic[T]):
    """A value before and after a change; stored as a list of the two."""

    from_: T
    to: T


class _Details(BaseModel):
    model_config = ConfigDict(frozen=True, populate_by_name=True)

    @classmethod
    def between(cls, before: NamedTuple, after: NamedTuple) -> Self:
        """What differs between two tuples whose fields are named as here."""
        pairs = zip(before._fields, before, after, strict=True)
        return cls.model_validate({field: Changed(old, new) for field, old, new in pairs if old != new})


class EventDetails(_Details):
    """The details of a ticket's event; which fields are set follows from its action.

    Names of the catalogue are kept as they were: what a line of history says stays true when they change.
    """

    from_: str | LocalizedText | None = Field(
        default=None, validation_alias="from", serialization_alias="from"
    )
    """`ASSIGN`, `UNASSIGN`: the name of who had the ticket, if somebody had. `TRANSFER`: the former team's
    name."""
    to: str | LocalizedText | None = None
    """`ASSIGN`: the technician's name. `TRANSFER`: the new team's. `ATTACH`, `DETACH`: the outage's title."""
    from_slack_id: str | None = None
    """`ASSIGN`, `UNASSIGN`: the Slack id of who had the ticket."""
    team: str | None = None
    """`TRANSFER`: the id of the team that had the ticket."""

    former_holder: str | None = None
    """`TRANSFER`: the Slack id of who had the ticket in the former team."""

    reason: HoldReason | None = None
    """`HOLD`. `WAKE` of a hold that had no date."""
    until: IsoDateTime | None = None
    """`HOLD`"""

    impact: Changed[Impact] | None = None
    """`REQUALIFY`, as the four below: what was changed. `EDIT` too."""
    urgency: Changed[Urgency] | None = None
    site: Changed[LocalizedText] | None = None
    service: Changed[LocalizedText | None] | None = None
    priority: Changed[Priority] | None = None

    title: Changed[str] | None = None
    """`EDIT`"""
    description: bool | None = None
    """`EDIT`: it was changed; the texts are not kept."""

    is_later: bool | None = None
    """The action has moved later what the requester was promised."""
    later_than: IsoDateTime | None = None
    """For when it was promised before that."""

    agreement: Agreement | None = None
    """What has become of the agreement, in the event that changed it."""
    approver: str | None = None
    """`REQUEST_AGREEMENT`, `CHOOSE_APPROVER`: the name of who is asked. `RECORD_AGREEMENT`: of who gave
    it."""
    for_name: str | None = None
    """`AGREE`, `DECLINE`, `QUERY`: the name of the absent approver for whom somebody decided."""
    role: LocalizedText | None = None
    """The same: in which role."""

    of: int | None = None
    """`DUPLICATE`: the number of the ticket that stays open. `ORIGINAL_RESOLVED`: the one that
    is resolved."""
    outage: int | None = None
    """`ATTACH`, `DETACH`: the id of the outage, when it is behind one."""
    parent: int | None = None
    """The same, and `FREE`: the number of the ticket, when it is, or was, behind another."""
    left: int | None = None
    """The number of the ticket that it is no longer attached to, in the event by which it left."""
    rating: Rating | None = None
    """`RATE`"""

    def without_people(self) -> Self:
        """What of it is no word that somebody wrote, and leads to nobody."""
        kept = {name: getattr(self, name) for name in self.model_fields_set & _IMPERSONAL}
        if isinstance(self.from_, LocalizedText):  # a team, not a person
            kept["from_"] = self.from_
        if isinstance(self.to, LocalizedText):
            kept["to"] = self.to
        return type(self)(**kept)


_IMPERSONAL = frozenset(
    {
        *("team", "reason", "until", "impact", "urgency", "site", "service", "priority", "description"),
        *("is_later", "later_than", "agreement", "role", "of", "outage", "parent", "left", "rating"),
    }
)


class OutageDetails(_Details):
    """The details of an outage's event: what an amendment changed, what an update promised."""

    title: Changed[str] | None = None
    sites: Changed[list[str]] | None = None
    """Ids, as below."""
    services: Changed[list[str]] | None = None
    expected_end: Changed[IsoDateTime | None] | None = None
    next_update: IsoDateTime | None = None
    """`UPDATE`: when the next one was promised for."""
    submission: str | None = None
    """The same: the uuid of its form."""
