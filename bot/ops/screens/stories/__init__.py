"""What the people of a sample desk do, and the views and messages that it brings. A story is a generator."""
