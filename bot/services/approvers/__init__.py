"""What approvers, and those who complete a request, do about agreements. Knows no Slack."""
