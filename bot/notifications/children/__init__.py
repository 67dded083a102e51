"""What follows for a ticket from those attached to it, and for them from it."""
