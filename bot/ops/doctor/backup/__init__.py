"""Whether backups are made."""
