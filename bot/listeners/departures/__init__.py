"""Tickets of technicians who left a team."""
