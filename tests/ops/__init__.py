"""The commands of an administrator and the processes that they start."""
