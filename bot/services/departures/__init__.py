"""Technicians who leave a team: their open tickets go back into its queue. Imports nothing of Slack."""
