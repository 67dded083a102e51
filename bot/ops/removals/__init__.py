"""What an administrator is told of deletions in Slack."""
