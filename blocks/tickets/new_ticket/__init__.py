"""The form of a new ticket: its fields, and the form with its reader. Imports blocks and models."""
