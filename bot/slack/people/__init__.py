"""Accounts, channels, and what ids in words are called, as Slack says. `bot.slack.directory` joins them."""
