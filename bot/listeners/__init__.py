"""What people do in Slack, one file a conversation. Each has a `register(app)`."""
