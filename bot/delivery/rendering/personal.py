"""App Homes."""

from collections.abc import Mapping

from blocks.app_home import HomeState
from bot.delivery import outbox
from bot.delivery.errors import Superseded
from bot.delivery.rendering.context import RenderContext, Renderer
from bot.delivery.rendering.rendered import Rendered, RenderedHome
from bot.views.app_home import home
from models.outbox.kinds import DeliveryKind
from models.outbox.reasons import Reason


def _home(context: RenderContext) -> Rendered:
    session, person, now = context.session, context.person, context.delivery.started_at
    if person.home_opened_at is None:
        raise Superseded(Reason.HOME_NEVER_OPENED)
    if outbox.is_superseded(session, context.delivery):
        raise Superseded(Reason.LATER_EDIT_FOLLOWS)
    assert now is not None
    view = home(session, person.id, HomeState.saved(person.home_state), now=now)
    return RenderedHome(person.slack_id, view.to_dict())


RENDERERS: Mapping[DeliveryKind, Renderer] = {DeliveryKind.HOME: _home}
