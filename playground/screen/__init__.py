"""What a person sees, and elements found by their visible text."""

from playground.screen.snapshot import screen, shows, unread

__all__ = ["screen", "shows", "unread"]
