"""What is said about a ticket: comments, lines for the team, and what the requester is still asked."""
