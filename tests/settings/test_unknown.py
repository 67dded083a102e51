"""Names that are no setting are reported, without their values."""

from pathlib import Path

import pytest

from bot.settings import load_settings
from bot.settings.tokens import signing_secret_doubt
from bot.settings.unknown import unknown_settings

IN_FILE = "in .env is no setting and is ignored"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("SMTP_ULR=s3cret", f"SMTP_ULR {IN_FILE}: did you mean SMTP_URL?"),
        ("smtp_ulr=s3cret", f"SMTP_ULR {IN_FILE}: did you mean SMTP_URL?"),
        ("COLOUR=s3cret", f"COLOUR {IN_FILE}: see .env.example"),
        ("PORT_FILE=x", "PORT_FILE in .env is ignored: only secrets are read from files; set PORT itself"),
        ("AWS_ACCES_KEY_ID=s3cret", f"AWS_ACCES_KEY_ID {IN_FILE}: did you mean AWS_ACCESS_KEY_ID?"),
        ("s3cret", ".env: a line is not NAME=value, and is ignored"),
        ("s3-cret=1", ".env: a line is not NAME=value, and is ignored"),
    ],
)
def test_a_name_in_the_file_that_is_no_setting_is_reported(line: str, said: str) -> None:
    Path(".env").write_text(f"PORT=3000\nSLACK_BOT_TOKEN_FILE=token\n{line}\n")
    assert unknown_settings(environment={}) == [said]


def test_names_of_other_programs_are_not_reported() -> None:
    text = "POSTGRES_PASSWORD=x\nAWS_REGION=eu-west-3\nSSL_CERT_FILE=x\nTZ=UTC\nCOMPOSE_PROJECT_NAME=x\n"
    Path(".env").write_text(text)
    assert unknown_settings(environment={}) == []


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("SMTP_ULR", "did you mean SMTP_URL?"),
        ("SLACK_TOKEN", "see .env.example"),
        ("CATALOG", "did you mean CATALOGUE?"),
        ("DATABASE_URLFILE", "did you mean DATABASE_URL_FILE?"),
        ("GUICHET_PORT", "see .env.example"),
    ],
)
def test_an_environment_variable_that_is_nearly_a_setting_is_reported(name: str, advice: str) -> None:
    assert unknown_settings(environment={name: "s3cret"}) == [
        f"{name} in the environment is no setting and is ignored: {advice}"
    ]


def test_other_environment_variables_are_not_reported() -> None:
    usual = "PATH HOME HOSTNAME LOGNAME MAIL SHELL TERM LANG SSL_CERT_DIR AWS_PROFILE PGHOST DATABASE_HOST"
    ours = "PORT DATABASE_URL DATABASE_URL_FILE CREDENTIALS_DIRECTORY LOG_LEVEL"
    assert unknown_settings(environment=dict.fromkeys(f"{usual} {ours}".split(), "x")) == []


@pytest.mark.parametrize(
    ("secret", "is_doubtful"), [("8f742231b10e8888abcd99baac0085a5", False), ("s", True)]
)
def test_a_signing_secret_of_another_form_is_doubtful(
    monkeypatch: pytest.MonkeyPatch, secret: str, is_doubtful: bool
) -> None:
    monkeypatch.setenv("SLACK_SIGNING_SECRET", secret)
    assert bool(signing_secret_doubt(load_settings().slack_signing_secret)) == is_doubtful
