"""People who use the help desk at a steady rate while it is being tortured, and what they were told."""
