"""Technicians who leave a team, and the tickets that go back into its queue."""
