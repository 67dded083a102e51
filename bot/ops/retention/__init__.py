"""What `guichet retention` prints: the list that the archivist signs, and the state of all lists."""
