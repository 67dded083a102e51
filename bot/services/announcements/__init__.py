"""Announcements of outages in channels of sites: where, and whether."""
