"""The steps of erasing a person: each does a portion in one transaction, and does no harm when done again."""
