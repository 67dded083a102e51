"""Tickets’ own rules, and the migrations of their tables."""
