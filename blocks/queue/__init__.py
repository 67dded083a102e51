"""A technician's queue: its rows, and where one stands in it."""
