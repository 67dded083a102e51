"""E-mails: whether they still apply, what they are made from, and the message in Slack that they open."""
