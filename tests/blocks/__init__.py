"""What `blocks` draws: accepted by Slack, in both languages."""
