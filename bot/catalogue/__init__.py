"""`catalogue.yaml`: read, checked, loaded into the database. Imports models."""
