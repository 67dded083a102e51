"""The folder of articles: read, checked, loaded into the database. Imports bot.catalogue and models."""
