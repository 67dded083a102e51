"""From a row of the outbox to Slack or the mail server: claimed, rendered, sent, completed.

Imports views, slack and services; no listener.
"""
