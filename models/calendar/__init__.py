"""When the help desk is open, and working time within it. Pure. Imports `models.base`."""
