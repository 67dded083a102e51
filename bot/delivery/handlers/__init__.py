"""Deliveries that are more than one message: files, readings from Slack, approvers, an outage's followers."""
