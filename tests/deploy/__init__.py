"""The files in `deploy/`, each checked by the program that reads it."""
