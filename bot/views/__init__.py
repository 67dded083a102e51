"""A query and its builder: unit of work or session in, Slack view out, for listeners and the worker.

Imports services and blocks; makes no request to Slack.
"""
