"""Who may be asked for an agreement."""

from sqlalchemy import ColumnElement, or_

from models.fields import FieldReason
from models.person import Person
from models.tickets.ticket import Ticket


def unfit(ticket: Ticket, person: Person, *, own_is_recorded: bool = False) -> FieldReason | None:
    """Why somebody cannot be asked for an agreement to the ticket, if they cannot."""
    if person.id == ticket.requester.id:
        return None if own_is_recorded else FieldReason.OWN_APPROVER
    if person.id == ticket.filed_by_id:
        return FieldReason.FILES_IT
    return unfit_account(person)


def unfit_account(person: Person) -> FieldReason | None:
    """Why somebody can be asked for no agreement at all, if they cannot."""
    if person.is_unattended:
        return FieldReason.UNATTENDED
    if person.is_guest:
        return FieldReason.A_GUEST
    return FieldReason.NOT_SERVED if person.is_stranger else None


def has_unfit_account(row: type[Person]) -> ColumnElement[bool]:
    """The same as `unfit_account`, as a condition."""
    return or_(row.is_deactivated, row.is_bot, row.is_workflow, row.is_guest, row.is_stranger)
