"""A simulated week of a help desk whose `web` and worker share one core and 512 MB."""
