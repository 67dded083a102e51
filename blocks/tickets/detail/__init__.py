"""The detail of a ticket: all of it, with its files and its history."""
