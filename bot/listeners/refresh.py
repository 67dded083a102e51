"""Views that are refreshed after somebody acted."""

from slack_bolt import Ack

from blocks.app_home import HomeState
from blocks.kit.notices import notice
from blocks.kit.view_state import dump_view_state
from blocks.tickets.state import FormState
from bot.listeners.interaction import Interaction, in_home
from bot.services import app_home
from bot.services.tickets.my_tickets import is_visible
from bot.views.app_home import own_home
from bot.views.tickets.my_tickets import detail_view


def refresh_detail(interaction: Interaction, number: int) -> None:
    """Refresh the detail that somebody acted in; on a message there is none."""
    if interaction.detail is not None:
        interaction.show(interaction.read(detail_view, number, interaction.detail))


def refresh(interaction: Interaction, number: int) -> None:
    """Refresh the detail or the Home that somebody acted in; on a message there is neither."""
    if in_home(interaction.body):
        publish_home(interaction, HomeState.load(interaction.view_state))
    else:
        refresh_detail(interaction, number)


def close_form(ack: Ack, interaction: Interaction, form: FormState) -> None:
    """Acknowledge a form about a ticket: it closes, or shows the detail that it was opened in, if they may
    still see it."""
    if form.detail is None:
        ack()
        return
    if interaction.read(is_visible, form.ticket_id):
        view = interaction.read(detail_view, form.ticket_id, form.detail)
    else:
        _ = interaction.translator
        view = notice(_, _("Done. The ticket now belongs to another team."))
    ack(response_action="update", view=view)


def publish_home(interaction: Interaction, state: HomeState) -> None:
    """Publish the actor's Home in this state, and save the state."""
    interaction = interaction.as_member_if_known()
    interaction.write(app_home.save_home_state, dump_view_state(state.dump()))
    view = interaction.read(own_home, state)
    interaction.client.views_publish(user_id=interaction.actor.slack_id, view=view)
