"""The deletion of messages and files in Slack once their ticket or their person is forgotten."""
