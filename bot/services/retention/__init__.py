"""Which tickets have been kept for long enough, the lists of them, and what forgets what a list covers."""
