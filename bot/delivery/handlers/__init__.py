"""Deliveries that are more than one message: files, readings from Slack, an outage's followers."""
