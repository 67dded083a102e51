"""Settings, read from the environment and `.env`. `.env.example` explains each."""

import re
from collections.abc import Callable
from contextlib import suppress
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.mail_address import ascii_address
from bot.storage.url import read_store_url

MOST_PER_DAY = 1_000_000  # 0 means no limit
PHONE_MAX = 60
SOLUTION_REMINDED, QUESTION_REMINDED = 3, 2  # working days, until the first reminder
LogFormat = Literal["text", "json"]


class SettingsError(Exception):
    """A setting is missing or malformed. The message has a line for each, without its value."""


def _database_url(value: str) -> str:
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise ValueError("expected sqlite:///path or postgresql://user:password@host/name") from None
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    if url.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise ValueError("expected sqlite:///path or postgresql://user:password@host/name")
    return value


def _attachments_url(value: str) -> str:
    read_store_url(value)
    return value


def _smtp_url(value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    if value is None or not value.get_secret_value():
        return None
    if not _is_address(value.get_secret_value(), {"smtp", "smtps", "smtp+starttls"}):
        raise ValueError("expected smtp://, smtp+starttls:// or smtps://[user:password@]host[:port]")
    parts = urlsplit(value.get_secret_value())
    in_clear = parts.scheme == "smtp" and parts.username and not _is_this_machine(parts.hostname or "")
    if in_clear and not info.data.get("smtp_allow_plaintext_password"):
        raise ValueError(
            "the password would be sent unencrypted: use smtp+starttls:// or smtps://, "
            "or set SMTP_ALLOW_PLAINTEXT_PASSWORD=true"
        )
    return value


def _is_this_machine(host: str) -> bool:
    """Whether the host is this machine: localhost, 127.0.0.0/8, ::1."""
    with suppress(ValueError):  # a host name
        return ip_address(host).is_loopback
    return host == "localhost"


def _http_url(value: str) -> str:
    if not _is_address(value, {"http", "https"}):
        raise ValueError("expected an http(s) address")
    return value if value.endswith("/") else value + "/"


def _is_address(value: str, schemes: set[str]) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a malformed port
        return False


def _mailbox(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        ascii_address(parseaddr(value)[1])
    except ValueError:
        raise ValueError("expected name@domain or Name <name@domain>") from None
    return value


def _mentioned(value: str | None) -> str | None:
    """`here`, the id of a user group, or `None`, written as `none`."""
    if value in (None, "none"):
        return None
    if value != "here" and not re.fullmatch(r"S[A-Z0-9]{2,30}", value):
        raise ValueError("expected none, here, or the id of a user group (S…)")
    return value


def _profile_field(value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"Xf[A-Z0-9]{2,30}", value):
        raise ValueError("expected the id of a profile field (Xf…), which team.profile.get lists")
    return value


def _phone(value: str | None) -> str | None:
    value = (value or "").strip()
    if len(value) > PHONE_MAX or not value.isprintable() or (value and not any(map(str.isdigit, value))):
        raise ValueError(f"expected a telephone number of at most {PHONE_MAX} characters")
    return value or None


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("expected a time zone such as Europe/Paris") from None
    return value


def _after(reminder: int) -> Callable[[int], int]:
    """Checks a number of working days: nothing closes before a reminder was sent."""

    def check(value: int) -> int:
        if value and not reminder < value <= 365:
            raise ValueError(
                f"expected 0 (never) or {reminder + 1} to 365: the first reminder goes out after {reminder} "
                "working days"
            )
        return value

    return check


class Settings(BaseSettings):
    """All settings. Secrets print as stars."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: Annotated[str, AfterValidator(_http_url)] = "https://slack.com/api/"

    database_url: Annotated[str, AfterValidator(_database_url)] = "sqlite:///var/guichet.db"
    attachments_url: Annotated[str, AfterValidator(_attachments_url)] = "var/attachments"
    aws_access_key_id: SecretStr | None = None
    aws_secret_access_key: SecretStr | None = None
    catalogue: Path = Path("catalogue.yaml")
    articles: Path = Path("articles")

    smtp_allow_plaintext_password: bool = False  # before SMTP_URL, whose validator reads it
    smtp_url: Annotated[SecretStr | None, AfterValidator(_smtp_url)] = None
    mail_from: Annotated[str, AfterValidator(_mailbox)] = "Guichet <guichet@localhost>"
    mail_reply_to: Annotated[str | None, AfterValidator(_mailbox)] = None

    default_locale: Literal["fr", "en"] = "fr"
    default_time_zone: Annotated[str, AfterValidator(_time_zone)] = "Europe/Paris"
    public_url: Annotated[str, AfterValidator(_http_url)] = "http://localhost:3000/"
    host: str = "127.0.0.1"
    port: int = Field(3000, ge=1, le=65535)
    metrics_port: int | None = Field(None, ge=1, le=65535)
    log_format: LogFormat = "text"

    serve_organisation: bool = False
    description_required: bool = False
    escalate_p1: Annotated[str | None, AfterValidator(_mentioned)] = None
    manager_field: Annotated[str | None, AfterValidator(_profile_field)] = None
    desk_phone: Annotated[str | None, AfterValidator(_phone)] = None
    reopen_days: int = Field(10, ge=0, le=365)
    reopen_silent_days: int = Field(60, ge=0, le=365)
    close_solution_after: Annotated[int, AfterValidator(_after(SOLUTION_REMINDED))] = 10
    close_question_after: Annotated[int, AfterValidator(_after(QUESTION_REMINDED))] = 15
    review_hold_after: int = Field(10, ge=0, le=365)
    tickets_per_day: int = Field(50, ge=0, le=MOST_PER_DAY)
    comments_per_day: int = Field(500, ge=0, le=MOST_PER_DAY)
    attachments_mb_per_day: int = Field(500, ge=0, le=MOST_PER_DAY)

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is SQLite, which one process at a time writes."""
        return self.database_url.startswith("sqlite")


def load_settings(env_file: str | None = ".env") -> Settings:
    """The settings of this process. Raises `SettingsError` naming each one that is malformed."""
    try:
        return Settings(_env_file=env_file)  # type: ignore[call-arg] # pydantic-settings takes it at run time
    except ValidationError as error:
        raise SettingsError("\n".join(_line(problem) for problem in error.errors())) from None
    except UnicodeDecodeError:
        raise SettingsError(f"{env_file}: expected text in UTF-8") from None


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
