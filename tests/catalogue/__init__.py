"""The catalogue’s file and its rules, before anything is loaded."""
