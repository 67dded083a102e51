"""What a requester reads and sends about a ticket of their own."""
