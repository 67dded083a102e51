"""Slack's side: clients, who people are, errors in words, the manifest.

Imports services, context and blocks.
"""
