"""Rows that no event brings: pauses, channels to read, deliveries queued again."""
