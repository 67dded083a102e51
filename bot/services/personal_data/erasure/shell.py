"""The row of the person, emptied."""

from sqlalchemy import exists, or_, select

from bot.context.unit_of_work import UnitOfWork
from bot.services.departures.leaving import HELD
from bot.services.personal_data.erasure.erased import Erased
from bot.services.removals.queue import redraw_home
from models.tickets.ticket import Ticket


def take_name(uow: UnitOfWork, erased: Erased, after: int) -> int | None:
    """Empty the name; the Slack id stays until all else is done, so that whoever goes on finds them."""
    erased.person.name, erased.person.is_deactivated = erased.neutral.fr, True
    uow.session.flush()
    return None


def empty_row(uow: UnitOfWork, erased: Erased, after: int) -> int | None:
    """Empty the rest, which ends it. The unique Slack id gives way to what is none."""
    person = erased.person
    redraw_home(uow, person.slack_id)
    person.name, person.slack_id = erased.neutral.fr, erased.shell_id
    person.team_id = person.locale = person.time_zone = ""
    person.email = person.dm_channel = person.home_state = person.last_site_id = None
    person.home_opened_at = person.met_at = person.channels_read_at = None
    person.manager_id = person.manager_read_at = None
    person.is_guest = person.is_stranger = person.declined_reply_hint = False
    person.is_deactivated, person.erased_at = True, uow.now
    return None


def has_begun_anew(uow: UnitOfWork, erased: Erased) -> bool:
    """Whether they have filed or taken a ticket meanwhile."""
    own, held = Ticket.requester_id == erased.person.id, Ticket.assignee_id == erased.person.id
    return bool(uow.session.scalar(select(exists().where(or_(own, held & HELD)))))
