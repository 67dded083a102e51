"""A person's App Home, drawn from the database."""

from datetime import datetime

from slack_sdk.models.views import View
from sqlalchemy.orm import Session

from blocks.app_home import home_view
from blocks.i18n import translator
from blocks.kit.view_state import Place
from blocks.queue.state import dump_queue_state, load_queue_state
from bot.context.actor import actor_of
from bot.context.unit_of_work import UnitOfWork
from bot.services.membership import teams_on_record
from bot.services.outages.queries import open_outages
from bot.services.queue import queue
from bot.views.tickets.my_tickets import list_page, page_in
from models.person import Person

HOME_PAGE = 5


def own_home(uow: UnitOfWork, place: Place) -> View:
    """The App Home of the actor; without the queue while Slack does not say what teams they are in."""
    return home(uow.session, uow.actor.id, place, now=uow.now, with_queue=bool(uow.actor.teams))


def home(session: Session, person_id: int, place: Place, *, now: datetime, with_queue: bool = True) -> View:
    """The App Home of this person, at the pages where they left it; a technician's begins with the queue.

    `with_queue`: what Slack last said of their teams still holds."""
    person = session.get_one(Person, person_id)
    teams = teams_on_record(session, person.slack_id) if with_queue else frozenset[str]()
    where = load_queue_state(place)
    return home_view(
        translator(person.locale),
        outages=open_outages(session, person_id),
        queue=queue(session, actor_of(person, teams), where, size=HOME_PAGE, now=now) if teams else None,
        open_tickets=list_page(session, person_id, "open", page_in(place, "open"), HOME_PAGE),
        closed_tickets=list_page(session, person_id, "closed", page_in(place, "closed"), HOME_PAGE),
        now=now,
    )


def reset_stale_pages(place: Place) -> Place:
    """What of a place is the Home's own."""
    pages: Place = {key: page_in(place, key) for key in ("open", "closed") if key in place}
    return {"queue": dump_queue_state(load_queue_state(place)), **pages}
