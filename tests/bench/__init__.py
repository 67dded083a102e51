"""`make bench`: how fast the help desk is, and how large it may grow."""
