"""Slack's requests over HTTP, their verification, and the probes."""
