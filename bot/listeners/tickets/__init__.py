"""What people do with tickets, one file a feature; each has a `register(app)`."""
