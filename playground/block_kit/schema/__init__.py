"""Block Kit as data: each object's fields, limits and surfaces, with their source."""
