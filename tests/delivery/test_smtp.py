"""What a mail server's answers lead to: the table of `docs/operating.md`, a case a row and more."""

import re
import ssl
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.delivery.errors import DeliveryError, Permanent, Retryable, SenderPaused
from bot.delivery.senders.smtp import dialogue
from bot.delivery.senders.smtp.mailer import SmtpMailer
from bot.mail_address import ascii_address
from bot.ops.doctor.mail import check_server
from bot.ops.finding import Finding
from bot.settings import Settings
from tests.conftest import ROOT
from tests.support.certificate import self_signed
from tests.support.mail_server import HANGS_UP, SILENCE, TRICKLE, Script, mail_server

STOPS, DEAD, WAITS, SENT = SenderPaused, Permanent, Retryable, None
Outcome = type[DeliveryError] | None
LOGIN = {"EHLO": "250-fake\r\n250 AUTH PLAIN"}
CHALLENGES = {"EHLO": "250-fake\r\n250 AUTH CRAM-MD5"}
TLS = {"EHLO": "250-fake\r\n250 STARTTLS"}
USER = "dnum:se%40cret@"
GMAIL_QUOTA = "550 5.4.5 Daily user sending quota exceeded"
PATIENCE = 60  # seconds


def message(to: str = "camille@univ.example", sender: str = "aide@univ.example") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, "Bonjour"
    made.set_content("Bonjour,\n.\n..point\n")
    return made


def outcome(mailer: SmtpMailer, mail: EmailMessage) -> DeliveryError | None:
    try:
        mailer.send(mail)
    except DeliveryError as error:
        return error
    return None


# The row of the table, a dialogue of it, and what follows.
TABLE: list[tuple[str, Script, Outcome]] = [
    ("greeting | 5xx", {"": "554 5.7.1 Service unavailable; client blocked"}, STOPS),
    ("greeting | 5xx", {"": "521 does not accept mail"}, STOPS),
    ("EHLO | 5xx, to HELO too", {"EHLO": "550 5.7.1 no", "HELO": "550 5.7.1 no"}, STOPS),
    ("EHLO | 5xx, to HELO too", {"EHLO": "502 not implemented"}, SENT),
    ("STARTTLS | not offered, 5xx", {"scheme": "smtp+starttls"}, STOPS),
    ("STARTTLS | not offered, 5xx", {"scheme": "smtp+starttls", **TLS, "STARTTLS": "501 no"}, STOPS),
    ("AUTH | not offered, 5xx", {"user": USER}, STOPS),
    ("AUTH | not offered, 5xx", {"user": USER, "EHLO": "250-fake\r\n250 AUTH XOAUTH2"}, STOPS),
    ("AUTH | not offered, 5xx", {"user": USER, **LOGIN, "AUTH": "535 5.7.8 who are you"}, STOPS),
    ("AUTH | not offered, 5xx", {"user": "dnum:%C3%A9@", **LOGIN}, STOPS),
    ("MAIL FROM | 5xx", {"MAIL": "550 5.7.60 Client does not have permissions to send as this"}, STOPS),
    ("MAIL FROM | 5xx", {"MAIL": "530 5.7.57 Client was not authenticated to send mail"}, STOPS),
    ("MAIL FROM | 5xx", {"MAIL": "553 not from you"}, STOPS),
    ("MAIL FROM | 5xx", {"MAIL": GMAIL_QUOTA}, STOPS),
    ("MAIL FROM | 552, 5.3.4", {"MAIL": "552 5.3.4 Message size exceeds fixed limit"}, DEAD),
    ("MAIL FROM | 552, 5.3.4", {"MAIL": "552 message size exceeds fixed maximum message size"}, DEAD),
    ("MAIL FROM | 552, 5.3.4", {"MAIL": "554 5.3.4 Message too big for system"}, DEAD),
    ("RCPT TO | 5.1.x, 5.2.x, 5.4.x", {"RCPT": "550 5.1.1 User unknown"}, DEAD),
    ("RCPT TO | 5.1.x, 5.2.x, 5.4.x", {"RCPT": "554-no\r\n554-5.1.1 User unknown\r\n554 see"}, DEAD),
    ("RCPT TO | 5.1.x, 5.2.x, 5.4.x", {"RCPT": "550 5.1.10 RESOLVER.ADR.RecipientNotFound"}, DEAD),
    ("RCPT TO | 5.1.x, 5.2.x, 5.4.x", {"RCPT": "552 5.2.2 Over quota"}, DEAD),
    ("RCPT TO | 5.1.x, 5.2.x, 5.4.x", {"RCPT": "550 5.4.1 Recipient address rejected"}, DEAD),
    ("RCPT TO | 550, 551, 553, 556", {"RCPT": "550 no such person"}, DEAD),
    ("RCPT TO | 550, 551, 553, 556", {"RCPT": "553 mailbox name not allowed"}, DEAD),
    ("RCPT TO | 5.7.x, any other 5xx", {"RCPT": "550 5.7.1 Not allowed"}, WAITS),
    ("RCPT TO | 5.7.x, any other 5xx", {"RCPT": "554 no"}, WAITS),
    ("RCPT TO | 5.7.x, any other 5xx", {"RCPT": "503 5.5.1 not now"}, WAITS),
    ("RCPT TO | the same, about relaying", {"RCPT": "554 5.7.1 Relay access denied"}, STOPS),
    ("RCPT TO | the same, about relaying", {"RCPT": "550 relay not permitted"}, STOPS),
    ("RCPT TO | the same, about relaying", {"RCPT": "554 5.7.1 Client host rejected: Access denied"}, STOPS),
    ("RCPT TO | 530, 5.1.7, 5.1.8", {"RCPT": "530 5.7.0 Authentication required"}, STOPS),
    ("RCPT TO | 530, 5.1.7, 5.1.8", {"RCPT": "550 5.1.8 Sender address rejected: no domain"}, STOPS),
    ("RCPT TO | 530, 5.1.7, 5.1.8", {"RCPT": "550-Not taken\r\n550 5.7.60 no"}, STOPS),
    ("RCPT TO | 552", {"RCPT": "552 storage exceeded"}, WAITS),
    ("DATA, end of DATA | 5.4.5, a quota of ours, 530", {".": GMAIL_QUOTA}, STOPS),
    (
        "DATA, end of DATA | 5.4.5, a quota of ours, 530",
        {".": "554 5.2.252 SendAsDenied; not allowed to send as"},
        STOPS,
    ),
    ("DATA, end of DATA | 5.4.5, a quota of ours, 530", {".": "550 Hourly sending limit exceeded"}, STOPS),
    ("DATA, end of DATA | 5.4.5, a quota of ours, 530", {"DATA": "530 5.7.1 Authentication required"}, STOPS),
    ("DATA, end of DATA | any other 5xx", {".": "554 5.7.1 Message rejected as spam"}, DEAD),
    (
        "DATA, end of DATA | any other 5xx",
        {".": "552 5.2.2 The user's mailbox is over its quota limit"},
        DEAD,
    ),
    ("DATA, end of DATA | any other 5xx", {".": "552 too big"}, DEAD),
    ("DATA, end of DATA | any other 5xx", {".": "552 User quota exceeded"}, DEAD),
    ("DATA, end of DATA | any other 5xx", {"DATA": "554 no"}, DEAD),
    ("any | 4xx, or no answer", {"": "421 busy"}, WAITS),
    ("any | 4xx, or no answer", {"EHLO": "421 busy"}, WAITS),
    ("any | 4xx, or no answer", {"scheme": "smtp+starttls", **TLS, "STARTTLS": "454 not now"}, WAITS),
    ("any | 4xx, or no answer", {"user": USER, **LOGIN, "AUTH": "454 not now"}, WAITS),
    ("any | 4xx, or no answer", {"MAIL": "451 later"}, WAITS),
    ("any | 4xx, or no answer", {"RCPT": "450 4.7.1 greylisted"}, WAITS),
    ("any | 4xx, or no answer", {"DATA": "451 later"}, WAITS),
    ("any | 4xx, or no answer", {".": "452 full"}, WAITS),
    ("any | 4xx, or no answer", {"": None}, WAITS),
    ("any | 4xx, or no answer", {"EHLO": None}, WAITS),
    ("any | 4xx, or no answer", {"user": USER, **LOGIN, "AUTH": None}, WAITS),
    ("any | 4xx, or no answer", {"user": USER, **LOGIN, "AUTH": "535 " + "x" * 9000}, WAITS),
    ("any | 4xx, or no answer", {"user": USER, **CHALLENGES, "AUTH": "334 abcde"}, WAITS),
    ("any | 4xx, or no answer", {"MAIL": None}, WAITS),
    ("any | 4xx, or no answer", {"RCPT": "what?"}, WAITS),
    ("any | 4xx, or no answer", {"DATA": "250 go on"}, WAITS),
    ("after the message was accepted | anything", {"QUIT": "500 what?"}, SENT),
    ("after the message was accepted | anything", {"QUIT": "421 4.4.2 gone"}, SENT),
    ("after the message was accepted | anything", {"QUIT": "what?"}, SENT),
    ("after the message was accepted | anything", {"QUIT": None}, SENT),
]


@pytest.mark.parametrize(("row", "script", "expected"), TABLE, ids=[f"{r}: {s}" for r, s, _ in TABLE])
def test_an_answer_leads_to_what_the_table_says(row: str, script: dict[str, str], expected: Outcome) -> None:
    answers = {verb: answer for verb, answer in script.items() if verb not in {"scheme", "user"}}
    with mail_server(answers) as server:
        url = server.url(script.get("scheme", "smtp"), script.get("user", ""))
        seen = outcome(SmtpMailer(url, timeout=PATIENCE), message())
    assert isinstance(seen, expected) if expected else seen is None, seen
    assert not isinstance(seen, Retryable) or not seen.maybe_sent
    assert "@" not in str(seen)


def test_the_manual_has_the_rows_that_are_tried() -> None:
    manual = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    table = manual.partition("| stage | the mail server answers |")[2].partition("\n\n")[0]
    rows = [" | ".join(cell.strip() for cell in row.split("|")[1:3]) for row in table.splitlines()[2:]]
    assert len(rows) > 5
    tried = {row for row, _script, _outcome in TABLE} | {"TLS | an untrusted certificate"}
    assert [row for row in rows if not any(row.startswith(each) for each in tried)] == []
    assert [each for each in tried if not any(row.startswith(each) for row in rows)] == []


def test_a_reason_is_the_stage_and_the_codes_and_nothing_that_the_server_wrote() -> None:
    with mail_server({"MAIL": "550-5.7.60 aide@univ.example may\r\n550 5.7.60 not send"}) as server:
        refusal = outcome(SmtpMailer(server.url()), message())
    assert refusal is not None
    assert str(refusal) == "smtp: MAIL FROM refused: 550 5.7.60"


def test_a_message_arrives_as_it_was_written() -> None:
    with mail_server({"EHLO": "250-fake\r\n250 SIZE 1000000"}) as server:
        SmtpMailer(server.url()).send(message())
        assert server.heard == ["EHLO", "MAIL", "RCPT", "DATA", ".", "QUIT"]
        assert re.fullmatch(r"(?i)mail FROM:<aide@univ\.example> size=\d+", server.lines[1])
        assert server.lines[2].lower() == "rcpt to:<camille@univ.example>"
        assert server.content.endswith(b"\r\n\r\nBonjour,\r\n..\r\n...point\r\n")


@pytest.mark.parametrize("answer", [None, "what?", "250 " + "x" * 9000])
def test_a_message_whose_answer_was_lost_may_have_been_taken(answer: str | None) -> None:
    with mail_server({".": answer}) as server:
        refusal = outcome(SmtpMailer(server.url(), timeout=PATIENCE), message())
    assert isinstance(refusal, Retryable)
    assert refusal.maybe_sent


def test_a_server_that_does_not_answer_quit_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogue, "QUIT_TIMEOUT", 0.1)
    with mail_server({"QUIT": SILENCE}) as server:
        assert outcome(SmtpMailer(server.url(), timeout=600), message()) is None


def trickle(answer: str) -> str:
    """An answer that comes a byte at a time, and never to an end."""
    return f"{TRICKLE}{answer}"


def test_an_answer_that_never_ends_is_not_read_for_ever() -> None:
    with mail_server({"RCPT": trickle("250-x")}) as server:
        refusal = outcome(SmtpMailer(server.url(), timeout=0.3), message())
    assert isinstance(refusal, Retryable)
    assert str(refusal) == "smtp: RCPT TO failed: connection cut"


def test_a_message_that_was_taken_is_sent_when_the_leave_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialogue, "QUIT_TIMEOUT", 0.3)
    with mail_server({"QUIT": trickle("221-x")}) as server:
        assert outcome(SmtpMailer(server.url(), timeout=PATIENCE), message()) is None


def test_a_long_answer_is_read_to_its_end() -> None:
    with mail_server({"EHLO": "250-fake\r\n" + "250-X\r\n" * 30_000 + "250 SIZE 1"}) as server:
        assert outcome(SmtpMailer(server.url(), timeout=PATIENCE), message()) is None
        assert "size=" in server.lines[1]


def test_a_server_that_hangs_up_on_a_wrong_password_stops_the_sender() -> None:
    answers = {"EHLO": "250-fake\r\n250 AUTH PLAIN LOGIN", "AUTH": "535 5.7.8 no", HANGS_UP: "AUTH"}
    with mail_server(answers) as server:
        refusal = outcome(SmtpMailer(server.url(user=USER), timeout=PATIENCE), message())
    assert isinstance(refusal, SenderPaused)
    assert str(refusal) == "smtp: AUTH refused: 535 5.7.8"


@pytest.mark.parametrize("name", ["relay-presse", "authentification", "sender"])
def test_an_address_that_the_server_repeats_says_nothing_of_us(name: str) -> None:
    with mail_server({"RCPT": f"550 <{name}@univ.example>: User unknown"}) as server:
        refusal = outcome(SmtpMailer(server.url()), message(f"{name}@univ.example"))
    assert isinstance(refusal, Permanent)


def test_an_address_that_python_cannot_read_is_malformed() -> None:
    with pytest.raises(ValueError, match="malformed"):
        ascii_address("camille@[")


def test_a_server_that_is_not_there_is_tried_again_and_had_nothing() -> None:
    with mail_server({}) as server:
        url = server.url()
    refusal = outcome(SmtpMailer(url), message())
    assert isinstance(refusal, Retryable)
    assert (str(refusal), refusal.maybe_sent) == ("smtp: greeting failed: connection refused", False)


@pytest.mark.parametrize(
    "to", ["hélène@univ.example", "a@université.example", "a b@c.example", "undisclosed:;"]
)
def test_an_address_that_smtp_cannot_carry_is_dead_at_once(to: str) -> None:
    mail = message()
    del mail["To"]
    mail["To"] = to
    refusal = outcome(SmtpMailer("smtp://127.0.0.1:1"), mail)
    assert isinstance(refusal, Permanent)
    assert str(refusal).startswith("the address is malformed")


# Refusals that may be of us


REFUSED = "550 5.7.1 Not allowed"


def test_two_domains_refused_without_a_success_between_stop_the_sender() -> None:
    with mail_server({"RCPT": REFUSED}) as server:
        mailer = SmtpMailer(server.url())
        assert isinstance(outcome(mailer, message("a@one.example")), Retryable)
        assert isinstance(outcome(mailer, message("a@one.example")), Retryable), "the same one again"
        stopped = outcome(mailer, message("b@two.example"))
        assert isinstance(stopped, SenderPaused)
        assert str(stopped) == "smtp: RCPT TO refused: 550 5.7.1"


def test_three_people_of_one_domain_refused_stop_the_sender() -> None:
    with mail_server({"RCPT": REFUSED}) as server:
        mailer = SmtpMailer(server.url())
        seen = [outcome(mailer, message(f"{name}@univ.example")) for name in "abac"]
    assert [isinstance(each, SenderPaused) for each in seen] == [False, False, False, True]


def test_a_success_between_says_that_it_is_not_us() -> None:
    answers = {"RCPT": REFUSED}
    with mail_server(answers) as server:
        mailer = SmtpMailer(server.url())
        assert isinstance(outcome(mailer, message("a@one.example")), Retryable)
        server.answers = {"DATA": "354 go on"}
        assert outcome(mailer, message()) is None
        server.answers = answers
        assert isinstance(outcome(mailer, message("b@two.example")), Retryable)


def test_relaying_refused_for_another_domain_is_first_taken_for_that_domain_s_own() -> None:
    with mail_server({"RCPT": "554 5.7.1 Relay access denied"}) as server:
        assert isinstance(outcome(SmtpMailer(server.url()), message("a@one.example")), Retryable)


# Encryption and login


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(tmp_path_factory.mktemp("tls") / "server.pem")


def encrypting(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


STARTS: list[tuple[str, Script]] = [
    ("smtps", {}),
    ("smtp+starttls", {**TLS, "STARTTLS": "220 go on"}),
]


@pytest.mark.parametrize(("scheme", "script"), STARTS)
def test_a_certificate_that_is_not_trusted_stops_the_sender(
    certificate: Path, scheme: str, script: Script
) -> None:
    with mail_server(script, encrypting(certificate)) as server:
        stopped = outcome(SmtpMailer(server.url(scheme), timeout=PATIENCE), message())
    assert isinstance(stopped, SenderPaused)
    assert str(stopped).endswith("failed: TLS CERTIFICATE_VERIFY_FAILED")
    assert "MAIL" not in server.heard


@pytest.mark.parametrize(("scheme", "script"), STARTS)
def test_a_mail_leaves_encrypted(
    certificate: Path, scheme: str, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(script, encrypting(certificate)) as server:
        SmtpMailer(server.url(scheme), timeout=PATIENCE).send(message())
    assert server.heard[-5:] == ["MAIL", "RCPT", "DATA", ".", "QUIT"]


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_what_must_be_encrypted_is_never_sent_in_clear(scheme: str) -> None:
    with mail_server({}) as server:
        refusal = outcome(SmtpMailer(server.url(scheme), timeout=PATIENCE), message())
        assert isinstance(refusal, SenderPaused)
        assert "MAIL" not in server.heard


def test_an_accepted_login_sends() -> None:
    with mail_server({**LOGIN, "AUTH": "235 welcome"}) as server:
        SmtpMailer(server.url(user=USER)).send(message())
        assert "AUTH" in server.heard


# The doctor


def examine(url: str) -> Finding:
    settings = Settings(_env_file=None, smtp_url=url, mail_from="Aide <aide@univ.example>")
    return check_server(settings)


def test_the_doctor_asks_whether_the_sender_may_send_and_sends_nothing() -> None:
    with mail_server({}) as server:
        assert examine(server.url()) == Finding(True, "e-mail: the mail server lets MAIL_FROM send")
        assert server.heard == ["EHLO", "MAIL", "RSET", "QUIT"]
        assert server.lines[1].lower() == "mail from:<aide@univ.example>"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ({"": "554 5.7.1 no"}, "SMTP_URL: smtp: greeting refused: 554 5.7.1; the mail server refuses this"),
        (
            {"EHLO": "550 no", "HELO": "550 no"},
            "SMTP_URL: smtp: EHLO refused: 550; the mail server refuses this",
        ),
        (
            {**LOGIN, "AUTH": "535 5.7.8 no"},
            "SMTP_URL: smtp: AUTH refused: 535 5.7.8; the mail server refuses",
        ),
        (
            {"MAIL": "550 5.7.60 no"},
            "MAIL_FROM: smtp: MAIL FROM refused: 550 5.7.60; this user or machine may not",
        ),
        ({"MAIL": "451 later"}, "SMTP_URL: smtp: MAIL FROM refused: 451"),
    ],
)
def test_the_doctor_says_what_was_refused(script: Script, words: str) -> None:
    with mail_server(script) as server:
        finding = examine(server.url(user=USER if "AUTH" in script else ""))
    assert not finding.ok
    assert finding.text.startswith(words)
