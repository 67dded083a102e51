"""Logs, metrics and health of a running process. Imports db and models."""
