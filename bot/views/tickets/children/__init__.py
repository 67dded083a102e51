"""The forms that attach a ticket to another."""
