"""What lies between Slack and the use cases: the directory, errors in words, events told twice."""
