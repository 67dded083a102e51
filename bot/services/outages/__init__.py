"""Use cases of known outages."""
