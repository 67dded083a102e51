"""Subcommands for what a fault or a mistake may destroy: backup, restore."""

from bot.cli.backup import commands

__all__ = ["commands"]
