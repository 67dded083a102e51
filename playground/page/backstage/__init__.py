"""Backstage: what happens without anybody's client, as forms; each does a call of the control API."""

from playground.page.backstage.screen import routes

__all__ = ["routes"]
