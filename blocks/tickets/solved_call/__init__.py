"""The short form of a call that was already solved, and its reader. Imports blocks and models."""
