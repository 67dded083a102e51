"""Reminders to requesters, and what follows when one does not arrive."""
