"""The Web API's methods, one file for each family."""
