"""The control API under `/_control`: people of the workspace, driven through what they read."""

from playground.control import conversations, observation, people
from playground.control.request import routes

__all__ = ["conversations", "observation", "people", "routes"]
