"""What is done for a delivery that is more than one message: files, looks at Slack, an outage's followers."""
