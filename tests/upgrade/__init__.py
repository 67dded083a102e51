"""A newer version goes on with what an earlier one left."""
