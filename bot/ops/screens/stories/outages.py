"""A known outage from its declaration to its end, with followers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from slack_sdk.models.views import View
from sqlalchemy import select

from blocks.app_home import HomeState
from blocks.i18n import translator
from blocks.kit.notices import notice
from blocks.outages.attaching import propose_form
from blocks.outages.cards import followed_text, going_out_text
from bot.context.unit_of_work import UnitOfWork
from bot.ops.screens.cast import COLLEAGUE, REQUESTER, TECHNICIAN
from bot.ops.screens.desk import SampleDesk
from bot.ops.screens.posting import discard
from bot.ops.screens.screen import Screen
from bot.ops.screens.sending import due_messages
from bot.ops.screens.stories import texts
from bot.ops.screens.stories.people import for_outages
from bot.services.outages import actions, updates
from bot.services.outages.followers import follow
from bot.views import outages as views
from bot.views.app_home import own_home
from models.tickets.outage import Outage, OutageDraft
from models.tickets.ticket import Ticket


def outage(desk: SampleDesk) -> Iterator[Screen]:
    """Declared, followed, amended, resolved for its followers, refused by one."""
    yield from desk.draw("the form of a new outage", TECHNICIAN, views.declare_form, texts.TITLE)
    services = for_outages(desk, "wifi", "ordinateur")
    draft = OutageDraft(texts.submission(), texts.LONG_TITLE, ["iut", "centre"], services, desk.now, "reseau")
    draft = replace(draft, expected_end=desk.now + timedelta(hours=3), announce=True)
    number = desk.do(TECHNICIAN, lambda uow: actions.declare(uow, draft).id)
    yield from due_messages(desk)
    for _each in range(6):
        other = replace(draft, submission=texts.submission(), site_ids=[], service_ids=[])
        desk.do(TECHNICIAN, actions.declare, other)
    discard(desk)
    yield from desk.draw("the App Home with known outages", COLLEAGUE, own_home, HomeState())
    for who in (REQUESTER, COLLEAGUE):
        desk.do(who, follow, number)
    yield from desk.draw("the notice to a follower", REQUESTER, _followed, number)
    yield from due_messages(desk)
    yield from desk.draw("the App Home of a follower", REQUESTER, own_home, HomeState())
    yield from desk.draw("the form that edits an outage", TECHNICIAN, views.amend_form, number)
    yield from desk.draw("the form that ends an outage", TECHNICIAN, views.resolve_form, number)
    yield from desk.draw("the form that attaches tickets", TECHNICIAN, _proposed, number)
    yield from desk.draw("the form of an update", TECHNICIAN, views.update_form, number)
    desk.do(TECHNICIAN, updates.send, number, texts.LONG_TITLE * 5, 60)
    yield from due_messages(desk)
    desk.now += timedelta(hours=2)
    desk.do(TECHNICIAN, updates.remind_updates)
    yield from due_messages(desk)
    desk.do(TECHNICIAN, actions.amend, number, replace(draft, site_ids=[], expected_end=None))
    yield from due_messages(desk)
    people = desk.do(TECHNICIAN, actions.resolve, number, texts.PAGE)
    yield from desk.draw("the notice to who ends an outage", TECHNICIAN, _ended, people)
    yield from due_messages(desk)
    yield from desk.draw("the history of an outage", TECHNICIAN, views.history, number)
    yield from desk.draw("the form of what happened", TECHNICIAN, views.review_form, number)
    desk.do(TECHNICIAN, updates.review, number, [texts.PAGE, texts.PAGE, texts.PAGE])
    yield from due_messages(desk)


def _proposed(uow: UnitOfWork, number: int) -> View:
    _, outage = translator(uow.actor.locale), uow.session.get_one(Outage, number)
    tickets = uow.session.scalars(select(Ticket).where(Ticket.outage_id == number)).all()
    return propose_form(_, outage, tickets)


def _followed(uow: UnitOfWork, number: int) -> View:
    _ = translator(uow.actor.locale)
    return notice(_, followed_text(_, follow(uow, number)))


def _ended(uow: UnitOfWork, people: int) -> View:
    _ = translator(uow.actor.locale)
    return notice(_, going_out_text(_, people))
