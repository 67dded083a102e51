"""What is to be sent, what was sent and where it stands; which events of Slack were handled."""
