"""Calls that were already solved, from the short form. Knows no Slack."""
