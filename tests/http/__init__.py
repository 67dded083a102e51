"""The door that Slack and probes knock on: signatures, health."""
