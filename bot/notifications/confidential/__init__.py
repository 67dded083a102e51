"""What is queued for confidential tickets only."""
