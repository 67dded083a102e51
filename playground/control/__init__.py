"""The control API under `/_control`: people act on elements, which are found by their visible text."""

from playground.control import conversations, messages, observation, order, people, workspace
from playground.control.request import HANDLERS, perform, routes

__all__ = [
    "HANDLERS",
    "conversations",
    "messages",
    "observation",
    "order",
    "people",
    "perform",
    "routes",
    "workspace",
]
