"""Reads the settings, and says in words what is wrong with them."""

from pathlib import Path

from pydantic import ValidationError

from bot.settings.errors import SettingsError
from bot.settings.model import Settings
from bot.settings.secret_files import in_words


def load_settings(env_file: str | None = ".env") -> Settings:
    """The settings of this process. Raises `SettingsError` naming each one that is malformed."""
    if env_file is not None:
        require_readable(Path(env_file))
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg] # pydantic-settings takes it at run time
    except ValidationError as error:
        raise SettingsError("\n".join(_line(problem) for problem in error.errors())) from None


def require_readable(env_file: Path) -> None:
    """Raise `SettingsError` for an `.env` that is there and cannot be used; pydantic-settings would overlook
    it, or raise something else."""
    try:
        if not env_file.is_fifo():  # its content can be read once
            env_file.read_text(encoding="utf-8")
    except FileNotFoundError:
        if env_file.is_symlink():
            raise SettingsError(f"{env_file}: a link to a file that does not exist") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{env_file}: expected text in UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{env_file}: the file {in_words(error)}") from None


def _line(problem: object) -> str:
    assert isinstance(problem, dict)
    name = str(problem["loc"][0]).upper()
    return f"{name}: {problem['msg'].removeprefix('Value error, ')} (see .env.example)"


def required(settings: Settings, *names: str) -> None:
    """Raise `SettingsError` when one of the named settings has no value."""
    missing = [name.upper() for name in names if getattr(settings, name) is None]
    if missing:
        raise SettingsError(
            "\n".join(f"{name}: missing; set it in the environment or in .env" for name in missing)
        )
