"""What follows for a ticket from what happens to those attached to it, and for them from what happens to it."""
