"""The search in the catalogue and the articles: an index in memory, and the ranking. Imports models."""
