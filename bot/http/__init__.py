"""The HTTP server: Slack's requests, their verification, and the probes. Imports bootstrap."""
