"""Slack's signed requests over HTTP, and probes. Imports bootstrap."""
