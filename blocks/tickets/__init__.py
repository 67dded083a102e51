"""Cards, forms and lists of tickets, one file a feature."""
