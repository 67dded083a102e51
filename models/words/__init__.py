"""Words and letters as searches compare them."""
