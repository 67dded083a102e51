"""Logs, metrics, health: what is said of a running process. Imports db and models."""
