"""Deliveries of announcements of outages."""
