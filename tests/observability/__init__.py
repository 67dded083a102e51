"""Logs and figures: what they say, and what they must never say."""
