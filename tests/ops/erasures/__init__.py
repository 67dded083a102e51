"""The file of erasures, the command, and what happens after a restore."""
