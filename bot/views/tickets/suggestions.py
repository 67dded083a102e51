"""A ticket form with what may spare its author a ticket, and what is pushed on it."""

import logging
from dataclasses import replace

from slack_sdk.models.views import View
from sqlalchemy.exc import SQLAlchemyError

from blocks.i18n import translator
from blocks.kit.values import Payload
from blocks.tickets import suggestions as shown
from blocks.tickets.new_ticket.form import is_from_version_0_1, read_ticket_form, redrawn
from blocks.tickets.suggestions import FormHelp
from bot.context.unit_of_work import UnitOfWork
from bot.services import articles, catalogue
from bot.services.outages.queries import known, open_outages, open_ticket_of
from bot.services.suggestions import Subject, sorts_for, suggest
from bot.services.tickets.attachments import kept_form
from bot.services.tickets.comments.additions import own_open_ticket
from bot.services.tickets.history import last_visible, questions
from bot.views.tickets.new_ticket import new_form
from bot.views.tickets.opening_hours import form_hours
from models.errors import ArticleNotFound, ServiceNotFound, SuggestionGone
from models.lifecycle import Kind
from models.tickets.draft import Addition, OutageSuggestion, TicketDraft
from models.tickets.outage import KnownOutage, Outage

logger = logging.getLogger(__name__)


def redrawn_form(uow: UnitOfWork, view: Payload) -> View:
    """The open form with its priority, and with what is suggested for its title; without when that fails."""
    draft = read_ticket_form(view)
    found = None if is_from_version_0_1(view) else _help_or_none(uow, draft)
    return redrawn(translator(uow.actor.locale), view, found, form_hours(uow, draft.service_id))


def suggested_form(uow: UnitOfWork, view: Payload, service_id: str, kind: Kind) -> View:
    """The form of a suggested service, filled in as the open one is. Raises `SuggestionGone`."""
    draft = replace(read_ticket_form(view), kind=kind, service_id=service_id)
    try:
        catalogue.offered_service(uow.session, service_id, kind)
    except ServiceNotFound:
        raise SuggestionGone from None
    return _refilled(uow, draft, is_suggested=True)


def ordinary_form(uow: UnitOfWork, view: Payload) -> View:
    """The form in which a service was suggested, filled in as the service's form is."""
    draft = replace(read_ticket_form(view), kind=Kind.INCIDENT, service_id=None)
    return _refilled(uow, draft, is_suggested=False)


def addition_form(uow: UnitOfWork, addition: Addition) -> View:
    """The view that adds a form's words to a ticket. Raises as `own_open_ticket` does."""
    ticket = own_open_ticket(uow, addition.number)
    last = last_visible(uow.session, [ticket.id]).get(ticket.id)
    said = questions(uow.session, [ticket.id]).get(ticket.id, "")
    return shown.addition_form(translator(uow.actor.locale), ticket, addition, last=last, said=said)


def article_form(uow: UnitOfWork, article_id: str) -> View:
    """An article on top of the form. Raises `SuggestionGone`."""
    try:
        article = articles.article(uow.session, article_id)
    except ArticleNotFound:
        raise SuggestionGone from None
    return shown.article_in_form(translator(uow.actor.locale), article)


def _refilled(uow: UnitOfWork, draft: TicketDraft, *, is_suggested: bool) -> View:
    """Another form in the place of the open one. Inputs that both have keep what they hold, files too
    (docs.slack.dev, "Updating modals"); what was kept for it is still kept for it."""
    found = _help_or_none(uow, draft)
    form = kept_form(uow, draft)
    draft = replace(
        draft,
        files=form.files if form else (),
        rest=form.rest if form else "",
        message_draft_id=form.message_draft_id if form else None,
    )
    return new_form(uow, draft, found=found, is_suggested=is_suggested)


def _help_or_none(uow: UnitOfWork, draft: TicketDraft) -> FormHelp | None:
    """What the form suggests; `None` when that could not be looked up."""
    try:
        return _help(uow, draft)
    except Exception as error:
        uow.session.rollback()  # PostgreSQL answers no more in a transaction that failed
        is_defect = not isinstance(error, SQLAlchemyError)
        logger.warning("nothing was suggested", exc_info=is_defect)  # the form works without
        return None


def _help(uow: UnitOfWork, draft: TicketDraft) -> FormHelp:
    session, actor = uow.session, uow.actor
    is_own = draft.requester in (None, actor.slack_id)
    subject = Subject(
        actor.id,
        draft.title,
        sorts_for(uow, draft, is_own=is_own),
        service_id=draft.service_id,
        site_id=draft.site_id,
        is_own=is_own,
    )
    suggestions = suggest(session, subject)
    outage = next((each for each in suggestions if isinstance(each, OutageSuggestion)), None)
    return FormHelp(open_outages(session, actor.id), suggestions, _known(uow, outage))


def _known(uow: UnitOfWork, suggestion: OutageSuggestion | None) -> KnownOutage | None:
    if suggestion is None:
        return None
    ticket = open_ticket_of(uow.session, uow.actor.id, suggestion.outage_id)
    outage = uow.session.get_one(Outage, suggestion.outage_id)
    return known(uow.session, outage, ticket_id=ticket.id if ticket else None)
