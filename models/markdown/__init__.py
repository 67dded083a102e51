"""CommonMark, in which articles are written: its blocks, and their plain text."""
