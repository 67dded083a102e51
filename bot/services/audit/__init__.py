"""The audit trail: writing and reading it."""
