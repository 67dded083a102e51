"""Engines, sessions, transactions, and the database's version. Imports models and settings."""
