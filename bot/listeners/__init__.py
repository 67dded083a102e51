"""What people do in Slack, one file a conversation. Each has a `register(app)`."""

from slack_bolt import App

from bot.listeners import catalogue, home, my_tickets, resolution, ticket_form, triage


def register(app: App) -> None:
    """Attach every listener."""
    for conversation in (ticket_form, catalogue, my_tickets, resolution, triage, home):
        conversation.register(app)
