"""Use cases: what may be done and read, on models alone.

Imports context, notifications and models; nothing of Slack, no Block Kit.
"""
