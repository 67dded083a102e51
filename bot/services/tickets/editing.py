"""A requester edits a ticket that nobody has taken yet. Imports nothing of Slack."""

from collections.abc import Mapping

from bot.context.unit_of_work import UnitOfWork
from bot.services.tickets.actions import act, check, locked
from bot.services.tickets.draft import check_title
from bot.services.tickets.triage import member_in, row_in
from models.catalogue import Site
from models.characters import fingerprint, is_blank, split_words
from models.errors import RoleRefused
from models.fields import INPUT_MAX, Field, FieldReason, FieldRefused
from models.lifecycle import Action, Impact, Role, Urgency
from models.tickets.changes.content import Edit
from models.tickets.ticket import Ticket


def edit(uow: UnitOfWork, ticket_id: int, changed: Mapping[str, str], was: Mapping[str, object]) -> Ticket:
    """Change the fields that were changed in the form; nothing is recorded when they are so already.

    `was`: the fingerprints of what the form showed. Raises `FieldRefused` for a field that somebody else has
    changed meanwhile, or that cannot be so; and what `act` raises, once the ticket was taken."""
    ticket = locked(uow, ticket_id)
    if Role.REQUESTER not in uow.actor.roles(ticket):
        raise RoleRefused(Action.EDIT)
    now = _values(ticket)
    changed = {field: changed[field] for field in now if changed.get(field, now[field]) != now[field]}
    if not changed:
        return ticket
    check(uow, ticket_id, Action.EDIT)
    for field, value in now.items():
        if field in changed and fingerprint(value) != was.get(field):
            raise FieldRefused(field, FieldReason.CHANGED_MEANWHILE)
    return act(uow, ticket_id, Action.EDIT, change=_edit(uow, ticket, changed))


def _values(ticket: Ticket) -> Mapping[Field, str]:
    """What a form shows of the ticket."""
    return {
        Field.TITLE: ticket.title,
        Field.DESCRIPTION: split_words(ticket.description, INPUT_MAX)[0].strip(),
        Field.IMPACT: ticket.impact.value,
        Field.URGENCY: ticket.urgency.value,
        Field.SITE: ticket.site_id,
    }


def _edit(uow: UnitOfWork, ticket: Ticket, changed: Mapping[str, str]) -> Edit:
    title, description = changed.get(Field.TITLE, ticket.title), ticket.description
    check_title(title)
    if Field.DESCRIPTION in changed:
        # What the form could not hold stays.
        description = changed[Field.DESCRIPTION] + split_words(ticket.description, INPUT_MAX)[1]
        if uow.settings.description_required and is_blank(description):
            raise FieldRefused(Field.DESCRIPTION, FieldReason.BLANK)
    return Edit(
        title=title.strip(),
        description=description.strip(),
        impact=member_in(Impact, changed, Field.IMPACT, ticket.impact),
        urgency=member_in(Urgency, changed, Field.URGENCY, ticket.urgency),
        site=row_in(uow.session, Site, changed, Field.SITE, ticket.site),
    )
