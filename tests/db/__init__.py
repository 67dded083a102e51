"""Engines, transactions, copies and revisions: what `bot.db` promises of the database itself."""
