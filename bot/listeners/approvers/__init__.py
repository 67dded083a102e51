"""What approvers do in Slack."""
