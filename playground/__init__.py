"""A strict local Slack for tests and for `guichet demo`. Imports nothing of the bot."""
