"""What Slack tells of deletions that Guichet waits for."""
