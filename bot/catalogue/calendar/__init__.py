"""Opening hours, holidays and closures: read from the file, made calendars of, and read from the database."""
