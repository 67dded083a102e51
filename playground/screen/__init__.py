"""What a person sees, and finding things there by the words they read."""

from playground.screen.snapshot import screen, shows, unread

__all__ = ["screen", "shows", "unread"]
