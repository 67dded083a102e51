"""Variables that look as if they were meant for Guichet, and are no setting of its."""

import os
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from pydantic_settings import DotEnvSettingsSource

from bot.settings.loading import require_readable
from bot.settings.model import Settings
from bot.settings.secret_files import SECRETS

_SETTINGS = [name.upper() for name in Settings.model_fields]
KNOWN = frozenset([*_SETTINGS, *(f"{name.upper()}_FILE" for name in SECRETS)])
# Of other programs, which may share `.env` (Docker Compose, systemd's EnvironmentFile) or the environment.
_OTHERS = re.compile(
    r"(AWS|SSL|POSTGRES|COMPOSE|DOCKER|PYTHON|PROMETHEUS|OBJECT_STORE|LC|XDG|SYSTEMD)_.*|PG[A-Z]+"
    r"|(HTTPS?|NO|ALL)_PROXY|TZ|LANG|LANGUAGE|PATH|HOME|USER|TMPDIR|CREDENTIALS_DIRECTORY|MAIL|MAILTO|HOSTNAME"
)
_OURS = ("SLACK_", "SMTP_", "MAIL_", "GUICHET_")
CLOSE, SURELY = 0.6, 0.85  # similarity (difflib): for a suggestion; to think that a setting was meant


def unknown_settings(
    env_file: str | None = ".env", environment: Mapping[str, str] | None = None
) -> list[str]:
    """A sentence for each name in `.env` that is no setting, and each environment variable that is nearly
    one; without values. Raises `SettingsError` for an `.env` that cannot be read."""
    variables = os.environ if environment is None else environment
    return [*_in_file(env_file), *_in_environment(variables)]


def _in_file(env_file: str | None) -> Iterator[str]:
    if env_file is None:
        return
    require_readable(Path(env_file))
    lines = DotEnvSettingsSource(Settings, env_file=env_file).env_vars
    for name, value in lines.items():
        # What is no name, or has no "=", may be the rest of a secret.
        if value is None or not re.fullmatch(r"[A-Za-z_]\w*", name):
            yield f"{env_file}: a line is not NAME=value, and is ignored"
        elif name.upper() not in KNOWN and not _of_others(name.upper()):
            yield f"{name.upper()} in {env_file} {_advice(name.upper(), CLOSE)}"


def _in_environment(variables: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(variables):
        if name.upper() in KNOWN or name != name.upper() or _of_others(name):
            continue
        if name.startswith(_OURS) or get_close_matches(name, KNOWN, cutoff=SURELY):
            yield f"{name} in the environment {_advice(name, SURELY)}"


def _of_others(name: str) -> bool:
    """Whether it is another program's, and not nearly one of ours, as AWS_ACCES_KEY_ID is."""
    return bool(_OTHERS.fullmatch(name)) and not get_close_matches(name, KNOWN, cutoff=0.9)


def _advice(name: str, cutoff: float) -> str:
    if name.removesuffix("_FILE") in _SETTINGS:
        return f"is ignored: only secrets are read from files; set {name.removesuffix('_FILE')} itself"
    near = get_close_matches(name, sorted(KNOWN), n=1, cutoff=cutoff)
    return f"is no setting and is ignored: {f'did you mean {near[0]}?' if near else 'see .env.example'}"
