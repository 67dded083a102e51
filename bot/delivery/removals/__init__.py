"""Deletes in Slack what is queued for it, slowly: live messages always go first."""
