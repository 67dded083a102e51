"""Words and letters as searches compare them: what reads the same, and what has a stem in common."""
