"""Announcements of outages."""
