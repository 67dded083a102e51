"""The numbered lists of what is due to be erased, which an archivist signs."""
