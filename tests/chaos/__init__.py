"""`make torture`: processes killed, lines cut and databases locked, then an account of what is lost."""
