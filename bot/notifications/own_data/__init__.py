"""A person’s own data: what brings it to them."""
