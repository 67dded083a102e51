"""People, channels, and the names of ids in messages, read from Slack for `bot.slack.directory`."""
