"""The local Slack's mail server, when it asks for STARTTLS and a login as on port 587."""

import smtplib
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.delivery.errors import SenderPaused
from bot.delivery.senders.smtp.mailer import SmtpMailer
from playground.mailbox import submission
from playground.testing import Playground
from tests.support.certificate import self_signed


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(tmp_path_factory.mktemp("tls") / "mail.pem")


@pytest.fixture(scope="module")
def asking(certificate: Path) -> Iterator[Playground]:
    with Playground(submission=submission(certificate, "guichet:a:secret")) as playground:
        yield playground


def url(playground: Playground, login: str) -> str:
    return f"smtp+starttls://{login}@{urlsplit(playground.smtp_url).netloc}"


def message() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = "guichet@univ.example", "camille.bernard@univ.example"
    made.set_content("Bonjour")
    return made


def test_mail_with_the_login_arrives(
    asking: Playground, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    SmtpMailer(url(asking, "guichet:a%3Asecret")).send(message())
    assert [mail.recipients for mail in asking.slack.mailbox.mails] == [["camille.bernard@univ.example"]]


def test_another_password_is_refused(
    asking: Playground, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(SenderPaused):
        SmtpMailer(url(asking, "guichet:wrong")).send(message())


def test_mail_without_starttls_or_login_is_refused(asking: Playground, certificate: Path) -> None:
    where = urlsplit(asking.smtp_url)
    with smtplib.SMTP(where.hostname or "", where.port or 0) as smtp:
        assert smtp.mail("guichet@univ.example")[0] == 530
        smtp.starttls(context=ssl.create_default_context(cafile=str(certificate)))
        smtp.ehlo()
        assert smtp.esmtp_features["auth"].split() == ["PLAIN"]
        assert smtp.mail("guichet@univ.example")[0] == 530


@pytest.mark.parametrize("login", [None, "guichet"])
def test_a_certificate_without_user_and_password_is_a_mistake(certificate: Path, login: str | None) -> None:
    with pytest.raises(ValueError, match="USER:PASSWORD"):
        submission(certificate, login)
