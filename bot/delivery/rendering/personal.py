"""App Homes."""

from collections.abc import Mapping
from datetime import timedelta

from blocks.app_home import HomeState
from bot.delivery import outbox
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.rendered import Rendered, RenderedHome
from bot.views.app_home import home
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason

KNOWN_FOR = timedelta(minutes=10)
"""How long a technician's teams are relied on while Slack does not answer: new tickets are shown to nobody
who may have left long ago."""


def _home(context: RenderContext) -> Rendered:
    session, person, now = context.session, context.person, context.delivery.started_at
    if person.home_opened_at is None:
        raise Superseded(Reason.HOME_NEVER_OPENED)
    if outbox.is_superseded(session, context.delivery):
        raise Superseded(Reason.LATER_EDIT_FOLLOWS)
    assert now is not None
    is_known = person.channels_read_at is not None and now - person.channels_read_at <= KNOWN_FOR
    view = home(session, person.id, HomeState.saved(person.home_state), now=now, with_queue=is_known)
    return RenderedHome(person.slack_id, view.to_dict())


RENDERERS: Mapping[DeliveryKind, Renderer] = {DeliveryKind.HOME: _home}
