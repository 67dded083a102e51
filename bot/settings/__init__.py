"""Settings, read from the environment, from files of secrets, and from `.env`. `.env.example` explains each.

`model` has the settings, `formats` and `tokens` what is well formed, `sources` where values come from.
"""

from bot.settings.errors import SettingsError
from bot.settings.loading import load_settings, required
from bot.settings.model import LogFormat, LogLevel, Settings

__all__ = ["LogFormat", "LogLevel", "Settings", "SettingsError", "load_settings", "required"]
