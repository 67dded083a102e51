"""What waits, for its requester or for a date: reminders, postponing, closing by silence. Knows no Slack."""
