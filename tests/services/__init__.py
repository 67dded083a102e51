"""The use cases, on a small desk in a database, without Slack."""
