"""A person's App Home."""

from datetime import datetime

from slack_sdk.models.views import View
from sqlalchemy.orm import Session

from blocks.app_home import HomeContents, HomeState, home_view
from blocks.approvals.lists import HOME_MAX
from blocks.i18n import translator
from blocks.tickets.state import ListState
from bot.context.actor import actor_of
from bot.context.unit_of_work import UnitOfWork
from bot.services.approvals.queries import asked_of, count_asked, to_complete
from bot.services.approvers.absence import present_absence
from bot.services.membership import teams_on_record
from bot.services.outages.queries import open_outages
from bot.services.queue.pages import queue
from bot.services.tickets.my_tickets import waiting_for
from bot.views.tickets.my_tickets import list_page
from models.pages import QueueState
from models.person import Person

HOME_PAGE = 5
WAITING_MAX = 5


def own_home(uow: UnitOfWork, state: HomeState) -> View:
    """The App Home of the actor; without the queue when their teams are not known."""
    return home(uow.session, uow.actor.id, state, now=uow.now, with_queue=bool(uow.actor.teams))


def home(
    session: Session, person_id: int, state: HomeState, *, now: datetime, with_queue: bool = True
) -> View:
    """The App Home of this person in this state; a technician's begins with the queue. `with_queue`: whether
    the teams on record may be relied on."""
    person = session.get_one(Person, person_id)
    teams = teams_on_record(session, person.slack_id) if with_queue else frozenset[str]()
    tab, uow = state.queue or QueueState(), UnitOfWork(session, now)
    contents = HomeContents(
        outages=open_outages(session, person_id),
        agreements=asked_of(session, person_id, most=HOME_MAX),
        agreements_count=count_asked(session, person_id),
        to_complete=to_complete(session, person_id, most=WAITING_MAX),
        waiting=waiting_for(uow, person_id, most=WAITING_MAX),
        queue=queue(session, actor_of(person, teams), tab, size=HOME_PAGE, now=now) if teams else None,
        open_tickets=list_page(uow, person_id, ListState("open", state.open_page), HOME_PAGE),
        closed_tickets=list_page(uow, person_id, ListState("closed", state.closed_page), HOME_PAGE),
        absence=present_absence(uow, person_id),
    )
    return home_view(translator(person.locale), contents, now=now)
