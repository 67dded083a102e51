"""The catalogue of services: its levels, and where one stands in it."""
