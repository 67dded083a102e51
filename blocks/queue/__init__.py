"""A technician's queue: its rows and its view state."""
