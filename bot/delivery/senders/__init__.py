"""Messages to Slack, files, e-mails; each raises the errors of `bot.delivery.errors`."""
