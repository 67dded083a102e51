"""What a ticket may be attached to: another one, or a known outage."""
