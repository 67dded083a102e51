"""What a requester is told when somebody else decides about their ticket."""
