"""Backstage: forms for time, faults and changes by others; each makes a call of the control API."""

from playground.page.backstage.screen import routes

__all__ = ["routes"]
