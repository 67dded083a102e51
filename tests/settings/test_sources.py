"""Where settings come from: the environment, files of secrets, systemd's credentials, `.env`."""

import os
from pathlib import Path

import pytest

from bot.settings import SettingsError, load_settings
from bot.settings.secret_files import MOST_BYTES, SECRETS

VALUES = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5",
    "DATABASE_URL": "postgresql+psycopg://guichet:s3cret@host/name",
    "SMTP_URL": "smtps://guichet:s3cret@host",
    "AWS_ACCESS_KEY_ID": "AKIA1",
    "AWS_SECRET_ACCESS_KEY": "s3cret/+",
    "ERASURES_KEY": "0123456789abcdef" * 4,
}


def token() -> str | None:
    """The bot's token as it is loaded."""
    secret = load_settings().slack_bot_token
    return None if secret is None else secret.get_secret_value()


def refused() -> str:
    """What is said instead of loading."""
    with pytest.raises(SettingsError) as error:
        load_settings()
    return str(error.value)


def test_every_secret_may_be_in_a_file() -> None:
    assert sorted(VALUES) == sorted(map(str.upper, SECRETS))
    for name, value in VALUES.items():
        Path(name).write_text(f"{value}\n")
    lines = [f"{name}_FILE={name}\n" for name in VALUES]
    Path(".env").write_text("".join(lines))
    settings = load_settings()
    for name, value in VALUES.items():
        assert getattr(settings, name.lower()).get_secret_value() == value


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\n\n"])
def test_line_breaks_at_the_end_of_a_file_do_not_count(monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    Path("token").write_bytes(b"\xef\xbb\xbfxoxb-1" + ending.encode())
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", "token")
    assert token() == "xoxb-1"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "does not exist"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"xoxb-s3cret\nxoxb-2\n", "must contain one line, the secret and nothing else"),
        (b"xoxb-\xe9", "is not text in UTF-8"),
        (b"x" * (MOST_BYTES + 1), "is larger than 64 KiB"),
    ],
)
def test_a_file_of_a_secret_that_cannot_be_used_is_one_line(
    monkeypatch: pytest.MonkeyPatch, content: bytes | None, problem: str
) -> None:
    if content is not None:
        Path("token").write_bytes(content)
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", "token")
    assert refused() == f"SLACK_BOT_TOKEN_FILE: the file that it names {problem} (see .env.example)"


def test_a_folder_and_a_pipe_are_no_files_of_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    os.mkfifo("pipe")
    monkeypatch.setenv("SMTP_URL_FILE", "pipe")
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", str(tmp_path))
    lines = refused().splitlines()
    assert [line.partition(":")[0] for line in lines] == ["SLACK_BOT_TOKEN_FILE", "SMTP_URL_FILE"]
    assert all("the file that it names is not a file" in line for line in lines)


def test_a_file_that_may_not_be_read_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def deny(*_arguments: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("bot.settings.secret_files.os.open", deny)
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", "token")
    assert "the file that it names cannot be read: permission denied" in refused()


def test_a_secret_given_twice_in_one_place_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("token").write_text("xoxb-1")
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", "token")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-2")
    assert refused() == (
        "SLACK_BOT_TOKEN: both SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are set; remove one of them"
    )


def test_a_secret_that_is_empty_beside_its_file_is_read_from_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("token").write_text("xoxb-1")
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", "token")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")
    assert token() == "xoxb-1"


def test_the_environment_comes_before_credentials_and_these_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "credentials").mkdir()
    Path("token").write_text("xoxb-in-env-file")
    Path(".env").write_text("SLACK_BOT_TOKEN_FILE=token\n")
    assert token() == "xoxb-in-env-file"
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "credentials"))
    assert token() == "xoxb-in-env-file"
    (tmp_path / "credentials" / "slack_bot_token").write_text("xoxb-credential\n")
    assert token() == "xoxb-credential"
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-environment")
    assert token() == "xoxb-environment"
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")
    assert token() is None


def test_a_credential_that_cannot_be_used_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "SMTP_URL").write_text("")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert refused() == "SMTP_URL: the credential SMTP_URL is empty"


def test_an_empty_environment_variable_stands_for_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("PORT=4000\nSLACK_APP_TOKEN=xapp-1\nSMTP_URL=smtp://host\n")
    for name in ("PORT", "SLACK_APP_TOKEN", "SMTP_URL"):
        monkeypatch.setenv(name, "")
    settings = load_settings()
    assert (settings.port, settings.slack_app_token, settings.smtp_url) == (3000, None, None)


def test_an_empty_variable_of_a_file_hides_that_of_the_env_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("token").write_text("xoxb-1")
    Path(".env").write_text("SLACK_BOT_TOKEN_FILE=token\n")
    monkeypatch.setenv("SLACK_BOT_TOKEN_FILE", "")
    assert token() is None


def test_an_env_file_that_is_no_file_is_one_line(tmp_path: Path) -> None:
    Path(".env").mkdir()
    assert refused() == ".env: the file cannot be read: is a directory"
    Path(".env").rmdir()
    Path(".env").symlink_to(tmp_path / "gone")
    assert refused() == ".env: a link to a file that does not exist"


def test_an_env_file_that_an_editor_of_windows_wrote_is_read() -> None:
    Path(".env").write_bytes(b"\xef\xbb\xbfPORT=4000\r\nHOST=0.0.0.0\r\n")
    settings = load_settings()
    assert (settings.port, settings.host) == (4000, "0.0.0.0")
