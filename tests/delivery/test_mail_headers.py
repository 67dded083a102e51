"""Headers: what was typed is what mail programs read, in lines that every server takes."""

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import fast_mail_parser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.senders import mail_headers

ADDRESS = "camille.bernard@univ.example"
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=160)
SHORT_WORDS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=10), max_size=20)
TITLES = [
    "[n° 1] Logiciel de comptabilité SIFAC : message d’erreur « Délai d’attente dépassé » à l’ouverture",
    "[n° 1042] Accès Wi-Fi eduroam refusé à l’IUT de Roanne pour les étudiants étrangers arrivés en mai",
    "=?utf-8?q?hello?=",
    "=?utf-8?q?hello?= =?utf-8?b?w6k=?=",
    "a =?= b ?= =?",
    "🖥️" * 70,
    "e\u0301" * 75,
    "Deux\r\nBcc: tous@univ.example\tlignes",
    "a" * 200,
    "plain words " * 16,
    "李" * 150,
    "",
]
NAMES = [
    "Bernard-Dupont-de-la-Rochefoucauld-Montmorency, Marie-Charlotte-Antoinette-Josephine de la Tour",
    "Bernard, Camille",
    "Bernard, Hélène",
    'Bernard, Camille "Cam" <x@y>; (z)\\',
    "J. R. Tolkien",
    "=?utf-8?q?hello?=",
    "Nom\r\nBcc: tous@univ.example",
    "Aurélie D'Hérouville " * 6,
    "",
]


def written(subject: str = "", name: str = "") -> bytes:
    message = EmailMessage(policy=mail_headers.POLICY)
    message["Subject"] = mail_headers.text("Subject", subject)
    message["To"] = mail_headers.mailbox("To", name, ADDRESS)
    message.set_content("Bonjour.")
    content = message.as_bytes(policy=mail_headers.POLICY.clone(linesep="\r\n"))
    head = content.partition(b"\r\n\r\n")[0].decode("ascii")
    assert max(map(len, head.split("\r\n"))) <= 76
    assert all(len(word) <= 75 for word in re.findall(r"=\?\S*\?=", head))
    assert len(re.findall(r"(?m)^\S", head)) == 5, "no header beside those"
    return content


def subjects(content: bytes) -> set[str]:
    """The subject as three readers have it."""
    old = message_from_bytes(content, policy=policy.compat32)["Subject"]
    unfolded = re.sub(r"\r?\n", "", str(old))
    return {
        str(message_from_bytes(content, policy=policy.default)["Subject"]),
        str(make_header(decode_header(unfolded))),
        fast_mail_parser.parse_email(content).subject,
    }


def mailboxes(content: bytes) -> set[tuple[str, str]]:
    """Whom it is for, as two readers have it."""
    (new,) = message_from_bytes(content, policy=policy.default)["To"].addresses
    (other,) = fast_mail_parser.parse_email(content).to
    # Python 3.11.7 reads a blank too many between two encoded words of a name.
    return {
        (" ".join(new.display_name.split()), new.addr_spec),
        (other.display_name or "", other.address),
    }


@given(ANY_TEXT)
def test_any_title_reads_as_typed(title: str) -> None:
    assert subjects(written(title)) == {mail_headers.tidy(title)}


@pytest.mark.parametrize("title", TITLES)
def test_a_title_reads_as_typed(title: str) -> None:
    assert subjects(written(title)) == {" ".join(title.split())}


@given(SHORT_WORDS.map(" ".join))
def test_any_name_reads_as_typed(name: str) -> None:
    assert mailboxes(written(name=name)) == {(" ".join(mail_headers.tidy(name).split()), ADDRESS)}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_reads_as_typed_and_is_one_mailbox(name: str) -> None:
    assert mailboxes(written(name=name)) == {(" ".join(name.split()), ADDRESS)}


def test_what_is_plain_stays_plain() -> None:
    content = written("[No. 1] Printer on fire", "Camille Bernard")
    assert b"Subject: [No. 1] Printer on fire\r\n" in content
    assert b"To: Camille Bernard <camille.bernard@univ.example>\r\n" in content


@pytest.mark.parametrize("typed", ["a\x00b", "a\x1bb", "a\x7fb"])
def test_a_control_character_is_left_out(typed: str) -> None:
    assert mail_headers.tidy(typed) == "ab"


def test_a_long_address_is_not_cut() -> None:
    address = "a" * 64 + "@" + "b" * 60 + "." + "c" * 60 + ".example"
    message = EmailMessage(policy=mail_headers.POLICY)
    message["To"] = mail_headers.mailbox("To", "Hélène", address)
    read = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert [each.addr_spec for each in read["To"].addresses] == [address]
