"""What the worker does as working time passes, or is counted otherwise. Imports nothing of Slack."""
