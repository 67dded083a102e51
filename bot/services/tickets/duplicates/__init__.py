"""What becomes of the duplicates of a ticket that is resolved."""
