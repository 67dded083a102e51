"""Checks of what is decided about personal data."""
