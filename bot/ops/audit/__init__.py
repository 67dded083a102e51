"""What `guichet audit` prints."""
