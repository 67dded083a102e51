"""Whether the processes of this machine or container turn: their heartbeats, and what `guichet health` says.

Imports little: a container asks every few seconds.
"""
