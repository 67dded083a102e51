"""Where the values of settings come from: the environment, then systemd's credentials, then `.env`.

pydantic-settings' own sources have no `NAME_FILE`; they let an empty environment variable fall through to
`.env`, and warn of a file of secrets where we refuse it.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.settings.errors import SettingsError
from bot.settings.secret_files import SECRETS, UnusableFile, read_secret

CREDENTIALS = "credentials_directory"
Variables = Mapping[str, str]


class Given(PydanticBaseSettingsSource):
    """The values that the administrator gave. Raises `SettingsError` for files that cannot be read."""

    def __init__(self, settings_cls: type[BaseSettings], lines: Mapping[str, str | None]) -> None:
        """`lines`: the variables in `.env`."""
        super().__init__(settings_cls)
        self._lines = {name: value or "" for name, value in lines.items()}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        raise NotImplementedError  # `__call__` reads all at once

    def __call__(self) -> dict[str, Any]:
        return given(self.settings_cls.model_fields, os.environ, self._lines)


def given(names: Mapping[str, object], environment: Variables, env_file: Variables) -> dict[str, Any]:
    """The value of each setting that has one."""
    variables = _lower(environment)
    # An environment variable hides the line in `.env`, also when it is empty.
    lines = {name: value for name, value in _lower(env_file).items() if name not in variables}
    values, problems = dict[str, Any](), list[str]()
    for name in names:
        try:
            value = _value(name, variables, lines)
        except SettingsError as error:
            problems.append(str(error))
        else:
            if value:
                values[name] = value
    if problems:
        raise SettingsError("\n".join(problems))
    return values


def _value(name: str, variables: Variables, lines: Variables) -> str | None:
    """The value, "" for one that is set to nothing, `None` for one that is not set."""
    value = _of_one(name, variables)
    if value is None and name in SECRETS and CREDENTIALS in variables:
        value = _credential(name, Path(variables[CREDENTIALS]))
    return _of_one(name, lines) if value is None else value


def _of_one(name: str, variables: Variables) -> str | None:
    """The value of NAME, or the content of the file that NAME_FILE names. Raises `SettingsError`."""
    value, file = variables.get(name), variables.get(f"{name}_file") if name in SECRETS else None
    if not file:
        return value
    upper = name.upper()
    if value:
        raise SettingsError(f"{upper}: both {upper} and {upper}_FILE are set; remove one of them")
    try:
        return read_secret(Path(file))
    except UnusableFile as problem:
        raise SettingsError(f"{upper}_FILE: the file that it names {problem} (see .env.example)") from None


def _credential(name: str, folder: Path) -> str | None:
    path = next((folder / each for each in (name, name.upper()) if os.path.lexists(folder / each)), None)
    if path is None:
        return None
    try:
        return read_secret(path)
    except UnusableFile as problem:
        raise SettingsError(f"{name.upper()}: the credential {path.name} {problem}") from None


def _lower(variables: Variables) -> dict[str, str]:
    """By names in lower case; of two that differ in nothing else, the one in capitals."""
    return {name.lower(): variables[name] for name in sorted(variables, key=str.isupper)}
