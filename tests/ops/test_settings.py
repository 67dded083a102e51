"""Settings: what is malformed is one clear line that names it; what is documented is what there is."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import Settings, SettingsError, load_settings, required
from tests.conftest import ROOT

NAMES = [name.upper() for name in Settings.model_fields]
SECRET_VALUES = {
    "SLACK_BOT_TOKEN": "xoxb-s3cret",
    "SLACK_APP_TOKEN": "xapp-s3cret",
    "SLACK_SIGNING_SECRET": "s3cret",
    "DATABASE_URL": "postgresql://u:s3cret@host/name",
    "SMTP_URL": "smtps://u:s3cret@host",
    "AWS_ACCESS_KEY_ID": "s3cret",
    "AWS_SECRET_ACCESS_KEY": "s3cret",
    "ERASURES_KEY": "s3cret s3cret s3cret s3cret s3cret",
}

MALFORMED = [
    ("DATABASE_URL", "guichet.db", "sqlite:///path"),
    ("DATABASE_URL", "mysql://u:s3cret@host/name", "sqlite:///path"),
    ("DATABASE_URL", "postgresql://u:s3cret@host:abc/name", "sqlite:///path"),
    ("DATABASE_URL", "sqlite+aiosqlite:///guichet.db", "sqlite:///path"),
    ("DATABASE_URL", "sqlite://var/guichet.db", "three slashes"),
    ("DATABASE_URL", "postgresql+asyncpg://u:s3cret@host/name", "another driver than psycopg 3"),
    ("DATABASE_URL", "postgresql://u:p@s3cret@host/name", "write @ as %40"),
    ("DATABASE_URL", "postgresql://u:p@s3cret/p@host/name", "write @ as %40"),
    ("SLACK_BOT_TOKEN", "xapp-s3cret", "this is an app token (xapp-…)"),
    ("SLACK_BOT_TOKEN", "xoxp-s3cret", "this is a user token (xoxp-…)"),
    ("SLACK_BOT_TOKEN", "s3cret", "expected the bot's token, xoxb-…"),
    ("SLACK_BOT_TOKEN", "xoxb-s3cret x", "without spaces"),
    ("SLACK_APP_TOKEN", "xoxb-s3cret", "are SLACK_BOT_TOKEN and SLACK_APP_TOKEN swapped?"),
    ("SLACK_APP_TOKEN", "s3cret", "expected the app's token, xapp-…"),
    ("SLACK_SIGNING_SECRET", "xoxe.xoxb-s3cret", "this is a bot token (xoxe.xoxb-…)"),
    ("ATTACHMENTS_URL", "https://s3.univ.example/guichet", "s3://bucket"),
    ("ATTACHMENTS_URL", "gs://guichet", "s3://bucket"),
    ("ATTACHMENTS_URL", "file://var/attachments", "file:///folder"),
    ("ATTACHMENTS_URL", "file:var/attachments", "file:///folder"),
    ("ATTACHMENTS_URL", "file:///var/attachments?x=1", "file:///folder"),
    ("ATTACHMENTS_URL", "s3:guichet", "s3://bucket"),
    ("ATTACHMENTS_URL", "s3:///guichet", "s3://bucket"),
    ("ATTACHMENTS_URL", "s3://pièces jointes", "s3://bucket"),
    ("ATTACHMENTS_URL", "s3://guichet/a/../b", "s3://bucket"),
    ("ATTACHMENTS_URL", "s3://guichet/a//b", "s3://bucket"),
    ("ATTACHMENTS_URL", "s3://guichet/a#b", "s3://bucket"),
    ("ATTACHMENTS_URL", "s3://guichet:9000", "s3://bucket"),
    ("ATTACHMENTS_URL", "s3://guichet?endpoint=s3.univ.example", "endpoint=https://host"),
    ("ATTACHMENTS_URL", "s3://guichet?endpoint=https://s3.univ.example:abc", "endpoint=https://host"),
    ("ATTACHMENTS_URL", "s3://guichet?endpoint=", "endpoint=https://host"),
    ("ATTACHMENTS_URL", "s3://guichet?region=a&region=b", "region=name"),
    ("ATTACHMENTS_URL", "s3://guichet?secret=s3cret", "region=name"),
    ("ATTACHMENTS_URL", "s3://key:s3cret@guichet", "AWS_SECRET_ACCESS_KEY"),
    ("ATTACHMENTS_URL", "s3://guichet?endpoint=https://key:s3cret@s3.univ.example", "AWS_SECRET_ACCESS_KEY"),
    ("ATTACHMENTS_URL", "s3://[guichet", "s3://bucket"),
    ("ERASURES_KEY", "s3cret", "at least 32 characters"),
    ("SMTP_URL", "smtp.univ.example", "smtp://"),
    ("SMTP_URL", "http://smtp.univ.example", "smtp://"),
    ("SMTP_URL", "smtp://u:s3cret@", "smtp://"),
    ("SMTP_URL", "smtp://u:s3cret@smtp.univ.example:abc", "smtp://"),
    ("SMTP_URL", "smtp://u:s3cret@smtp.univ.example", "SMTP_ALLOW_PLAINTEXT_PASSWORD=true"),
    ("SMTP_URL", "smtp://u:s3cret@128.0.0.1:25", "SMTP_ALLOW_PLAINTEXT_PASSWORD=true"),
    ("SMTP_URL", "smtp://u:s3cret@localhost.univ.example", "SMTP_ALLOW_PLAINTEXT_PASSWORD=true"),
    ("SMTP_URL", "smtp://u@[2001:db8::1]", "SMTP_ALLOW_PLAINTEXT_PASSWORD=true"),
    ("MAIL_FROM", "Centre d’aide", "name@domain"),
    ("MAIL_REPLY_TO", "a@b@c", "name@domain"),
    ("SLACK_API_URL", "slack.com/api", "http(s)"),
    ("SLACK_API_URL", "https://", "http(s)"),
    ("PUBLIC_URL", "ftp://guichet.univ.example", "http(s)"),
    ("PUBLIC_URL", "https://guichet.univ.example:99999", "http(s)"),
    ("DEFAULT_LOCALE", "de", "'fr' or 'en'"),
    ("DEFAULT_TIME_ZONE", "Europe/Lutèce", "Europe/Paris"),
    ("DEFAULT_TIME_ZONE", "../etc/passwd", "Europe/Paris"),
    ("DEFAULT_TIME_ZONE", "Europe", "Europe/Paris"),
    ("PORT", "abc", "integer"),
    ("PORT", "0", "greater than or equal to 1"),
    ("PORT", "65536", "less than or equal to 65535"),
    ("WEB_PROCESSES", "0", "greater than or equal to 1"),
    ("METRICS_PORT", "abc", "integer"),
    ("METRICS_PORT", "0", "greater than or equal to 1"),
    ("LOG_FORMAT", "xml", "'text' or 'json'"),
    ("LOG_LEVEL", "verbose", "'debug', 'info', 'warning' or 'error'"),
    ("DESK_PHONE", "call us", "expected a telephone number of at most 60 characters"),
    ("PRIVACY_CONTROLLER", "U" * 151, "expected the name and address of the organisation"),
    ("PRIVACY_CONTACT", "DPO de l’université", "expected an email address"),
    ("PRIVACY_URL", "univ.example/rgpd", "http(s)"),
    ("PRIVACY_TRANSFERS", "clauses, trust", "expected framework, clauses or rules"),
    ("ESCALATE_P1", "karim", "expected none, here, or the id of a user group"),
    ("MANAGER_FIELD", "responsable", "expected the id of a profile field (Xf…)"),
    ("REOPEN_DAYS", "-1", "greater than or equal to 0"),
    ("REOPEN_DAYS", "dix", "integer"),
    ("DESCRIPTION_REQUIRED", "peut-être", "boolean"),
    ("TICKETS_PER_DAY", "-1", "greater than or equal to 0"),
    ("COMMENTS_PER_DAY", "beaucoup", "integer"),
    ("ATTACHMENTS_MB_PER_DAY", "1000001", "less than or equal to 1000000"),
]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting, and no `.env`."""
    for name in [*NAMES, *(f"{name}_FILE" for name in NAMES), "CREDENTIALS_DIRECTORY"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("name", "value", "hint"), MALFORMED)
def test_a_malformed_setting_is_one_line_with_its_name_and_what_was_expected(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, hint: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    words = str(refused.value)
    assert re.fullmatch(rf"{name}: [^\n]+ \(see \.env\.example\)", words)
    assert hint in words
    assert "s3cret" not in words


def test_each_malformed_setting_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "abc")
    monkeypatch.setenv("SMTP_URL", "nowhere")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert {line.partition(":")[0] for line in str(refused.value).splitlines()} == {"PORT", "SMTP_URL"}


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        *MALFORMED[:2],
        ("ATTACHMENTS_URL", "gs://guichet", "s3://bucket"),
        ("SMTP_URL", "nowhere", "smtp://"),
        ("SMTP_URL", "smtp://u:s3cret@smtp.univ.example", "the password would be sent unencrypted"),
        ("PORT", "abc", "integer"),
    ],
)
@pytest.mark.parametrize("command", [["migrate"], ["run"], ["worker"], ["deliveries", "list"]])
def test_the_command_complains_in_one_line_with_status_2(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    name: str,
    value: str,
    hint: str,
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        main(command)
    complaint = capsys.readouterr().err
    assert ended.value.code == 2
    assert complaint.startswith(f"guichet: {name}: ")
    assert hint in complaint
    assert complaint.count("\n") == 1


@pytest.mark.parametrize(
    ("command", "given", "missing"),
    [
        ("run", {}, ["SLACK_BOT_TOKEN"]),
        ("run", {"SLACK_BOT_TOKEN": "xoxb-1"}, ["SLACK_SIGNING_SECRET"]),
        ("socket", {}, ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]),
        ("worker", {}, ["SLACK_BOT_TOKEN"]),
        ("web", {}, ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"]),
    ],
)
def test_a_command_names_what_it_misses(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    given: dict[str, str],
    missing: list[str],
) -> None:
    monkeypatch.setenv("CATALOGUE", str(ROOT / "catalogue.yaml"))
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        main([command])
    assert ended.value.code == 2
    complaint = capsys.readouterr().err
    assert all(f"guichet: {name}: missing" in complaint for name in missing)
    assert len(complaint.splitlines()) == len(missing)


def test_the_process_ends_with_status_2_and_no_traceback(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "migrate"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": "oracle://"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith("guichet: DATABASE_URL: ")
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize("url", ["sqlite:///.", "postgresql://guichet:s3cret@127.0.0.1:1/guichet"])
def test_a_database_that_cannot_be_used_is_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(SystemExit) as ended:
        main(["migrate"])
    complaint = capsys.readouterr().err
    assert ended.value.code == 2
    assert complaint.startswith("guichet: DATABASE_URL: the database cannot be used: ")
    assert complaint.count("\n") == 1
    assert "s3cret" not in complaint


def test_settings_come_from_the_file_too_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PORT=4000\nHOST=0.0.0.0\nSOMETHING_ELSE=1\nREOPEN_DAYS=\n", encoding="utf-8")
    monkeypatch.setenv("PORT", "5000")
    settings = load_settings()
    assert (settings.port, settings.host, settings.reopen_days) == (5000, "0.0.0.0", 10)


def test_a_file_that_is_not_utf_8_is_one_line_too() -> None:
    Path(".env").write_bytes("MAIL_FROM=Université <a@b.example>\n".encode("latin-1"))
    with pytest.raises(SettingsError, match=r"\.env: expected text in UTF-8"):
        load_settings()


def test_without_any_setting_there_is_sqlite_and_no_mail_server() -> None:
    settings = load_settings()
    assert settings.database_url.get_secret_value() == "sqlite:///var/guichet.db"
    assert (settings.smtp_url, settings.reopen_days, settings.default_locale) == (None, 10, "fr")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg2", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_by_psycopg_3(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://u:s3cret@host/name")
    url = load_settings().database_url.get_secret_value()
    assert url == "postgresql+psycopg://u:s3cret@host/name"


@pytest.mark.parametrize(
    "url",
    [
        *("smtp://h", "smtps://u:p%40@h:465", "smtp+starttls://h:587", "smtp+starttls://u:p@h"),
        *("smtp://u:p@localhost", "smtp://u:p@127.0.0.1:25", "smtp://u:p@127.9.9.9", "smtp://u:p@[::1]:25"),
    ],
)
def test_a_mail_servers_address_is_kept_as_given(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("SMTP_URL", url)
    settings = load_settings()
    assert settings.smtp_url is not None
    assert settings.smtp_url.get_secret_value() == url


def test_a_password_is_sent_unencrypted_only_if_a_setting_allows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", "smtp://u:s3cret@host")
    monkeypatch.setenv("SMTP_ALLOW_PLAINTEXT_PASSWORD", "true")
    assert load_settings().smtp_url is not None


def test_an_address_ends_with_a_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://guichet.univ.example/aide")
    assert load_settings().public_url == "https://guichet.univ.example/aide/"


def test_secrets_print_as_stars(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRET_VALUES.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert "s3cret" not in repr(settings)
    assert "s3cret" not in str(settings)


def test_what_is_required_is_named_when_it_is_missing() -> None:
    with pytest.raises(SettingsError, match=r"^SLACK_BOT_TOKEN: missing; [^\n]+$"):
        required(load_settings(), "slack_bot_token", "database_url")


# .env.example


def documented() -> dict[str, str]:
    """The settings of `.env.example`, commented out or not, with their values."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return dict(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=(.*)$", text, re.MULTILINE))


def test_the_example_names_every_setting_and_nothing_else() -> None:
    assert sorted(documented()) == sorted(NAMES)


def test_the_example_used_as_it_is_changes_nothing(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text((ROOT / ".env.example").read_text(encoding="utf-8"), encoding="utf-8")
    assert load_settings(str(env_file)) == load_settings()


def test_the_examples_own_values_are_well_formed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in documented().items():
        monkeypatch.setenv(name, value.strip().strip("\"'"))
    load_settings()
