"""Between Slack and the use cases: the directory, error messages, retried events."""
