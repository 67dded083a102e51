"""The `guichet` command and its subcommands. May import everything.

What a subcommand needs is imported when it runs, so that `--help` and a wrong option are answered at once.
"""

from bot.cli.command import app, main

__all__ = ["app", "main"]
