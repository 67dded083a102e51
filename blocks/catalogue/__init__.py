"""The catalogue of services: its pages and their view state."""
