"""Use cases of one ticket, and of somebody's tickets."""
