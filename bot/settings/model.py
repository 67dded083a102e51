"""All settings: names, types, defaults."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.settings import database, formats, privacy, tokens
from bot.settings.sources import Given

MOST_PER_DAY = 1_000_000  # 0 means no limit
MONTHS_MAX = 120  # no period is without an end (GDPR, art. 5(1)(e))
SOLUTION_REMINDED, QUESTION_REMINDED = 3, 2  # working days, until the first reminder
LogFormat = Literal["text", "json"]
LogLevel = Literal["debug", "info", "warning", "error"]
Secret = SecretStr | None


class Settings(BaseSettings):
    """All settings. Secrets print as stars."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8-sig", extra="ignore")

    slack_bot_token: Annotated[Secret, AfterValidator(tokens.bot_token)] = None
    slack_app_token: Annotated[Secret, AfterValidator(tokens.app_token)] = None
    slack_signing_secret: Annotated[Secret, AfterValidator(tokens.signing_secret)] = None
    slack_api_url: Annotated[str, AfterValidator(formats.http_url)] = "https://slack.com/api/"

    database_url: Annotated[SecretStr, AfterValidator(database.database_url)] = SecretStr(
        "sqlite:///var/guichet.db"
    )
    attachments_url: Annotated[str, AfterValidator(formats.attachments_url)] = "var/attachments"
    aws_access_key_id: Secret = None
    aws_secret_access_key: Secret = None
    catalogue: Path = Path("catalogue.yaml")
    articles: Path = Path("articles")

    erasures_file: Path | None = None
    erasures_key: Annotated[Secret, AfterValidator(formats.erasures_key)] = None

    smtp_allow_plaintext_password: bool = False  # before SMTP_URL, whose validator reads it
    smtp_url: Annotated[Secret, AfterValidator(formats.smtp_url)] = None
    mail_from: Annotated[str, AfterValidator(formats.mailbox)] = "Guichet <guichet@localhost>"
    mail_reply_to: Annotated[str | None, AfterValidator(formats.mailbox)] = None

    default_locale: Literal["fr", "en"] = "fr"
    default_time_zone: Annotated[str, AfterValidator(formats.time_zone)] = "Europe/Paris"
    public_url: Annotated[str, AfterValidator(formats.http_url)] = "http://localhost:3000/"
    host: str = "127.0.0.1"
    port: int = Field(3000, ge=1, le=65535)
    web_processes: int = Field(2, ge=1, le=16)
    metrics_port: int | None = Field(None, ge=1, le=65535)
    log_format: LogFormat = "text"
    log_level: LogLevel = "info"

    serve_organisation: bool = False
    description_required: bool = False
    escalate_p1: Annotated[str | None, AfterValidator(formats.mentioned)] = None
    manager_field: Annotated[str | None, AfterValidator(formats.profile_field)] = None
    desk_phone: Annotated[str | None, AfterValidator(formats.phone)] = None
    privacy_controller: Annotated[str | None, AfterValidator(privacy.controller)] = None
    privacy_contact: Annotated[str | None, AfterValidator(privacy.contact)] = None
    privacy_url: Annotated[str | None, AfterValidator(privacy.notice_url)] = None
    privacy_transfers: Annotated[privacy.Transfers, BeforeValidator(privacy.transfers)] = ()
    reopen_days: int = Field(10, ge=0, le=365)
    reopen_silent_days: int = Field(60, ge=0, le=365)
    retention_files_months: int | None = Field(None, ge=1, le=MONTHS_MAX)
    retention_tickets_months: int | None = Field(None, ge=1, le=MONTHS_MAX)
    retention_visa_required: bool = True
    close_solution_after: Annotated[int, AfterValidator(formats.after(SOLUTION_REMINDED))] = 10
    close_question_after: Annotated[int, AfterValidator(formats.after(QUESTION_REMINDED))] = 15
    review_hold_after: int = Field(10, ge=0, le=365)
    tickets_per_day: int = Field(50, ge=0, le=MOST_PER_DAY)
    comments_per_day: int = Field(500, ge=0, le=MOST_PER_DAY)
    attachments_mb_per_day: int = Field(500, ge=0, le=MOST_PER_DAY)
    audit_months: int = Field(12, ge=6, le=36)

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is SQLite, which one process at a time writes."""
        return self.database_url.get_secret_value().startswith("sqlite")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Our own source instead of pydantic-settings' (`bot.settings.sources`)."""
        assert isinstance(dotenv_settings, DotEnvSettingsSource)
        return init_settings, Given(settings_cls, dotenv_settings.env_vars)
