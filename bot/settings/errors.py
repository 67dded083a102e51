"""The error of a setting."""


class SettingsError(Exception):
    """A setting is missing or malformed. The message has a line for each, without its value."""
