"""`guichet doctor`: a file for what is checked together. Nothing is changed. Imports all but `bot.cli`."""
