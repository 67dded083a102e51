"""Announcements of outages in channels of sites: the choice in the form, and the message."""
