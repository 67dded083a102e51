"""People who use the help desk at a steady rate during a run, and what was acknowledged to them."""
