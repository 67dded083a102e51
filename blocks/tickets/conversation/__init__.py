"""What is said about a ticket: comments and their forms, and what the requester is still asked."""
