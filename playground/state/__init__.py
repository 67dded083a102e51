"""What Slack keeps: workspace, messages, files, views, time. Knows nothing of requests."""
