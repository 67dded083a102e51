"""The folder of articles: what is refused, and what is loaded."""
