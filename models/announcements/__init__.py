"""Channels of sites in which outages are announced, and the announcements in them."""
