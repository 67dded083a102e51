"""The help desk: what people do in Slack, what follows from it, and what is sent.

Imports run downwards, as `.importlinter` lists them.
"""
