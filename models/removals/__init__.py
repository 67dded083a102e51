"""What is to be deleted in Slack once its ticket or its person is forgotten."""
