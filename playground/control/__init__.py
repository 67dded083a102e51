"""The control API under `/_control`: people of the workspace, driven through what they read."""

from playground.control import conversations, messages, observation, order, people, workspace
from playground.control.request import routes

__all__ = ["conversations", "messages", "observation", "order", "people", "routes", "workspace"]
