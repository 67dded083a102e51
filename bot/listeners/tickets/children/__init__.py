"""Tickets that are attached to another."""
