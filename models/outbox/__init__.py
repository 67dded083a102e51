"""Deliveries, references of messages in Slack, pauses, and the events of Slack that were handled."""
