"""A person's App Home, drawn from the database."""

from slack_sdk.models.views import View
from sqlalchemy.orm import Session

from blocks.home import home_view
from blocks.i18n import translator
from blocks.my_tickets import Listing, Which
from blocks.place import Place
from bot import tickets

HOME_PAGE = 5


def draw_home(session: Session, *, person_id: int, locale: str, place: Place) -> View:
    """The App Home of this person, at the pages where they left it."""
    return home_view(
        translator(locale),
        open_tickets=list_page(session, person_id, "open", page_in(place, "open"), HOME_PAGE),
        closed_tickets=list_page(session, person_id, "closed", page_in(place, "closed"), HOME_PAGE),
    )


def list_page(session: Session, person_id: int, which: Which, page: int, size: int) -> Listing:
    """One page of a list; past its end, its last page that has something."""
    found = tickets.page_of(session, person_id, closed=which == "closed", page=page, size=size)
    if not found.tickets and page > 0:
        return list_page(session, person_id, which, page - 1, size)
    return Listing(which, page, found.tickets, found.has_more)


def page_in(place: Place, key: str) -> int:
    """A page's number in a place that a client may have touched."""
    page = place.get(key)
    return page if isinstance(page, int) and 0 <= page < 10_000 else 0
