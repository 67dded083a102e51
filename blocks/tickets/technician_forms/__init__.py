"""The forms of technicians: taking an untaken ticket with them, what others did since they were opened.
Imports blocks and models."""
