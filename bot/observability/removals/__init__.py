"""How far the deletion of forgotten tickets in Slack is."""
