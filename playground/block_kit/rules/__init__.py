"""Rules between the fields of one object."""
