"""The ticket form: empty, filled in, of a service, with suggestions, and what is pushed on it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from slack_sdk.models.views import View

from blocks.i18n import translator
from blocks.kit.notices import notice, with_alert
from blocks.kit.values import Payload
from bot.catalogue_search.loaded import loaded_index
from bot.context.unit_of_work import UnitOfWork
from bot.ops.screens.cast import COLLEAGUE, REQUESTER, TECHNICIAN
from bot.ops.screens.desk import SampleDesk
from bot.ops.screens.posting import discard
from bot.ops.screens.screen import Screen
from bot.ops.screens.stories import texts
from bot.ops.screens.stories.people import file, for_outages
from bot.services.outages import actions
from bot.services.tickets.comments.additions import prepare
from bot.views.tickets import new_ticket as views
from bot.views.tickets import suggestions
from models.lifecycle import Kind
from models.tickets.outage import OutageDraft

NIGHT = 21  # UTC
ARTICLE = "Se connecter au Wi-Fi eduroam"
SUGGESTED = "Wi-Fi eduroam : connexion impossible"


def ticket_forms(desk: SampleDesk) -> Iterator[Screen]:
    """The forms of a requester and of a technician."""
    empty, filled = views.new_draft(), views.draft_of_text(texts.LONG, texts.FILES)
    yield from desk.draw("the ticket form", REQUESTER, views.new_form, empty)
    yield from desk.draw("the ticket form, filled in", COLLEAGUE, views.new_form, filled)
    yield from desk.draw("a technician’s ticket form", TECHNICIAN, views.new_form, filled)
    for kind in Kind:
        yield from desk.draw(
            f"the form of a service ({kind})",
            TECHNICIAN,
            views.service_form,
            "ordinateur",
            kind,
        )


def helped_forms(desk: SampleDesk) -> Iterator[Screen]:
    """The form with a known outage, a ticket, a service and an article about the same; what they open."""
    desk.do(None, _make_index)
    outage = OutageDraft(texts.submission(), SUGGESTED, ["iut"], for_outages(desk, "wifi"), None, "reseau")
    desk.do(TECHNICIAN, lambda uow: actions.declare(uow, outage).id)
    number = file(desk, texts.incident(SUGGESTED, service_id="wifi")).number
    discard(desk)
    for title in (SUGGESTED, "Charte informatique", "Ordinateur portable"):
        yield from desk.draw(
            f"the ticket form with suggestions for “{title}”",
            REQUESTER,
            _helped,
            title,
        )
    yield from desk.draw("the ticket form with an article", COLLEAGUE, _helped, ARTICLE)
    yield from desk.draw("the form of a suggested service", REQUESTER, _suggested)
    yield from desk.draw("the ticket form after that", REQUESTER, _ordinary)
    by_day = desk.now
    desk.now = by_day.replace(hour=NIGHT)
    yield from desk.draw("the ticket form at night", REQUESTER, _helped, texts.TITLE)
    desk.now = by_day
    yield from desk.draw("the ticket form with an alert", REQUESTER, _with_alert)
    yield from desk.draw("an article on the ticket form", REQUESTER, suggestions.article_form, "wifi")
    yield from desk.draw("the form that adds to a ticket", REQUESTER, _addition, number)
    yield from desk.draw(
        "a notice", REQUESTER, lambda uow: notice(translator(uow.actor.locale), texts.PARAGRAPH)
    )


def _make_index(uow: UnitOfWork) -> None:
    """As a process does at its start: a form does not wait for it."""
    loaded_index(uow.session)


def open_form(view: View, **values: Any) -> Payload:
    """A view as Slack gives it back, with what was entered in some of its inputs."""
    payload = view.to_dict()
    for number, block in enumerate(payload["blocks"]):
        block.setdefault("block_id", f"made{number}")
    entered = {block_id: {block_id: {"type": "input", **state}} for block_id, state in values.items()}
    return {**payload, "id": "V0SAMPLE001", "state": {"values": entered}}


def _form(uow: UnitOfWork, title: str) -> Payload:
    return open_form(
        views.new_form(uow, views.new_draft(title)),
        title={"value": title},
        impact={"selected_option": {"value": "service"}},
        urgency={"selected_option": {"value": "critical"}},
        site={"selected_option": {"value": "iut"}},
        description={"value": texts.PARAGRAPH},
    )


def _helped(uow: UnitOfWork, title: str) -> View:
    return suggestions.redrawn_form(uow, _form(uow, title))


def _suggested(uow: UnitOfWork) -> View:
    return suggestions.suggested_form(uow, _form(uow, "Ordinateur portable"), "ordinateur", Kind.REQUEST)


def _ordinary(uow: UnitOfWork) -> View:
    return suggestions.ordinary_form(uow, _form(uow, "Ordinateur portable"))


def _with_alert(uow: UnitOfWork) -> View:
    return with_alert(_form(uow, texts.TITLE), texts.PARAGRAPH)


def _addition(uow: UnitOfWork, number: int) -> View:
    draft = replace(texts.incident(SUGGESTED, texts.LONG), files=texts.FILES)
    return suggestions.addition_form(uow, prepare(uow, number, draft))
