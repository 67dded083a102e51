"""Tickets that are attached to another, and resolved with it (ITIL: child incidents)."""
