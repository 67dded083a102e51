"""Views of one ticket, and of somebody's tickets."""
