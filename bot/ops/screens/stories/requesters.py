"""What requesters see of their tickets: lists, details, forms, the search, the catalogue, the App Home."""

from collections.abc import Iterator

from slack_sdk.models.views import View
from sqlalchemy import select

from blocks.app_home import HomeState
from blocks.catalogue.state import CatalogueState
from blocks.i18n import translator
from blocks.tickets.satisfaction import opinion_form
from blocks.tickets.state import DetailState, ListState, MySearchState
from bot.context.unit_of_work import UnitOfWork
from bot.ops.screens.cast import COLLEAGUE, REQUESTER
from bot.ops.screens.desk import SampleDesk
from bot.ops.screens.posting import discard
from bot.ops.screens.screen import Screen
from bot.ops.screens.sending import due_messages
from bot.ops.screens.stories import texts
from bot.ops.screens.stories.people import file
from bot.services.tickets.my_tickets import ticket_for
from bot.views.app_home import own_home
from bot.views.catalogue import catalogue_view
from bot.views.my_search import own_results
from bot.views.tickets.my_tickets import detail_view, list_view
from bot.views.tickets.new_ticket import follow_up_form
from bot.views.tickets.requester import answer_form, edit_form
from bot.views.tickets.resolution import reason_view
from models.lifecycle import Action, Rating
from models.person import Person

LIST, HOME = DetailState(ListState()), DetailState()


def own_tickets(desk: SampleDesk) -> Iterator[Screen]:
    """One ticket as it goes, in its detail and its forms."""
    case = file(desk, texts.incident(texts.LONG_TITLE, texts.LONG, files=texts.FILES))
    discard(desk)
    number = case.number
    yield from desk.draw("the detail of a new ticket", REQUESTER, detail_view, number, LIST)
    yield from desk.draw("the form that edits a ticket", REQUESTER, edit_form, number, LIST)
    yield from desk.draw("the form that adds details", REQUESTER, answer_form, number, LIST)
    yield from _reason(desk, number, Action.CANCEL)
    case.technician(Action.TAKE)
    case.reply(texts.PAGE, waits=True, files=texts.OTHER_FILES)
    yield from desk.draw("the form of an answer", REQUESTER, answer_form, number, HOME)
    yield from desk.draw("the detail of a ticket on hold", REQUESTER, detail_view, number, HOME)
    case.answer(texts.PAGE)
    case.resolve(texts.PAGE)
    discard(desk)
    yield from desk.draw("the detail of a resolved ticket", REQUESTER, detail_view, number, HOME)
    yield from _reason(desk, number, Action.REFUSE)
    case.requester(Action.APPROVE)
    case.rate(Rating.FAIR)
    discard(desk)
    yield from desk.draw("the form of feedback", REQUESTER, _opinion, number)
    yield from desk.draw("the detail of a closed ticket", REQUESTER, detail_view, number, HOME)
    yield from _reason(desk, number, Action.REOPEN)
    yield from desk.draw("the form of a message on a closed ticket", REQUESTER, answer_form, number, HOME)
    yield from desk.draw("the form of a follow-up", REQUESTER, follow_up_form, number)


def lists(desk: SampleDesk) -> Iterator[Screen]:
    """The lists of somebody with many tickets, of somebody with none, and the App Home."""
    for which in ("open", "closed"):
        for page in (0, 1):
            state = ListState(which, page)
            name = f"the list of {which} tickets, page {page + 1}"
            yield from desk.draw(name, REQUESTER, list_view, state)
    yield from desk.draw("the empty list of tickets", COLLEAGUE, list_view, ListState("closed"))
    for query in ("", "imprimante", "zzz <rien> & co"):
        yield from desk.draw(
            f"the search over own tickets for “{query}”",
            REQUESTER,
            own_results,
            MySearchState(query),
        )
    yield from desk.draw("the App Home of a requester", REQUESTER, own_home, HomeState())
    discard(desk)
    desk.do(None, _open_homes)
    file(desk)
    yield from due_messages(desk)


def catalogue(desk: SampleDesk) -> Iterator[Screen]:
    """The catalogue: levels, services, an article, searches."""
    top = CatalogueState()
    states = {
        "the catalogue": top,
        "a group of the catalogue": top.to_group("postes"),
        "a service with a form": top.to_group("postes").to_service("ordinateur"),
        "a service without a form": top.to_service("charte"),
        "an article": top.to_article("wifi"),
        "a search in the catalogue": top.to_search("wifi"),
        "a search that finds nothing": top.to_search("zzz <rien> & co 🙃"),
        "a search for what is out of scope": top.to_search("cantine"),
    }
    for name, state in states.items():
        yield from desk.draw(name, REQUESTER, catalogue_view, state)


def _reason(desk: SampleDesk, number: int, action: Action) -> Iterator[Screen]:
    return desk.draw(
        f"the form that asks why (“{action}”)",
        REQUESTER,
        reason_view,
        number,
        action,
        None,
        LIST,
    )


def _opinion(uow: UnitOfWork, number: int) -> View:
    return opinion_form(translator(uow.actor.locale), ticket_for(uow, number), detail=HOME)


def _open_homes(uow: UnitOfWork) -> None:
    """Everybody has opened their App Home: it follows what changes."""
    for person in uow.session.scalars(select(Person)):
        person.home_opened_at = uow.now
