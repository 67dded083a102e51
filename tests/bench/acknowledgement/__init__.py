"""Acknowledgements: the requests, the load, the yardsticks beside which they are measured, the tables."""
