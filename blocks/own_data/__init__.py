"""A person’s own data: the notice, the button that has it sent, and what the page says."""
