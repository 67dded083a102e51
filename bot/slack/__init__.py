"""Slack: Web API clients, people and channels, error messages, the manifest.

Imports services, context and blocks.
"""
