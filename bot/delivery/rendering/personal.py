"""App Homes and e-mails."""

from collections.abc import Mapping

from blocks.app_home import HomeState
from bot.delivery import outbox
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.rendered import Rendered, RenderedEmail, RenderedHome
from bot.views.app_home import home
from models.lifecycle import Action
from models.outbox.details import MailDetails
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason
from models.tickets.event import Event
from models.tickets.ticket import Ticket


def _home(context: RenderContext) -> Rendered:
    session, person, now = context.session, context.person, context.delivery.started_at
    if person.home_opened_at is None:
        raise Superseded(Reason.HOME_NEVER_OPENED)
    if outbox.is_superseded(session, context.delivery):
        raise Superseded(Reason.LATER_EDIT_FOLLOWS)
    assert now is not None
    view = home(session, person.id, HomeState.saved(person.home_state), now=now)
    return RenderedHome(person.slack_id, view.to_dict())


def _mail(context: RenderContext) -> Rendered:
    ticket, event, person = context.ticket, context.event, context.person
    if not person.email:
        raise Superseded(Reason.NO_ADDRESS)
    if event.action is not Action.OPEN and ticket.state_event != event.number:
        raise Superseded(Reason.TICKET_MOVED_ON)
    _load(ticket, event)
    details = context.delivery.details_as(MailDetails)
    assert context.delivery.started_at is not None
    return RenderedEmail(
        template=details.template,
        locale=person.locale,
        to=person.email,
        name=person.name,
        ticket=ticket,
        event=event,
        token=details.token,
        at=context.delivery.started_at,
    )


def _load(ticket: Ticket, event: Event) -> None:
    """Load what a template reads while the session is open."""
    for row in (ticket.requester, ticket.site, ticket.service, event.actor):
        _loaded = row and row.name


RENDERERS: Mapping[DeliveryKind, Renderer] = {DeliveryKind.HOME: _home, DeliveryKind.MAIL: _mail}
