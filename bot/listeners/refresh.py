"""Views that are brought up to date after somebody acted."""

from slack_bolt import Ack

from blocks.kit.notices import notice
from blocks.kit.view_state import Place, dump_view_state
from bot.listeners.interaction import Interaction
from bot.services import app_home
from bot.services.tickets.my_tickets import is_visible
from bot.views.app_home import own_home, reset_stale_pages
from bot.views.tickets.my_tickets import detail_view


def refresh_detail(interaction: Interaction, number: int) -> None:
    """Draw the detail anew that somebody acted in; on a message there is none."""
    if interaction.is_in_modal:
        interaction.show(interaction.read(detail_view, number, interaction.view_state))


def close_form(ack: Ack, interaction: Interaction, number: int, origin: Place | None) -> None:
    """Acknowledge a form about a ticket: back to the detail that it was opened from, if any, and if they may
    still see it."""
    if origin is None:
        ack()
        return
    if interaction.read(is_visible, number):
        view = interaction.read(detail_view, number, origin)
    else:
        _ = interaction.translator
        view = notice(_, _("Done: another team has the ticket now."))
    ack(response_action="update", view=view)


def publish_home(interaction: Interaction, place: Place) -> None:
    """Draw the actor's Home at this place, and remember where it stands."""
    interaction, place = interaction.as_member_if_known(), reset_stale_pages(place)
    interaction.write(app_home.save_home_state, dump_view_state(place))
    view = interaction.read(own_home, place)
    interaction.client.views_publish(user_id=interaction.actor.slack_id, view=view)
