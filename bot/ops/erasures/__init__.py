"""What was erased, remembered outside of the database and its backups, and erased again after a restore."""
