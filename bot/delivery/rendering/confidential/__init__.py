"""Keeps what confidential tickets say out of what is posted."""
