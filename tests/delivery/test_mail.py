"""E-mail: what it says, to whom, and how it threads."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

import pytest
from pydantic import SecretStr

from bot.delivery.errors import Permanent
from bot.delivery.rendering.rendered import RenderedEmail
from bot.delivery.senders.mail import ConsoleMailer, compose
from bot.delivery.senders.smtp.mailer import SmtpMailer
from bot.running.worker import create_mailer
from bot.settings import Settings
from models.base import LocalizedText
from models.details import EventDetails
from models.lifecycle import Action, Kind, Status
from models.tickets.ticket import Ticket
from tests.support.factories import both, make_event, make_person, make_service, make_site, make_ticket

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LINK = "https://slack.example/app_redirect?app=A1&team=T1"
OF = EventDetails(of=7)
TOKEN = "0123456789abcdef"
SCRIPT = "<script>alert('bonjour')</script>"

# What happened, the number of its line of history, and the mail's template.
RECEIVED = (Action.OPEN, 1, "received")
ASKED = (Action.ASK, 3, "question")
RESOLVED = (Action.RESOLVE, 3, "resolved")
CLOSED = (Action.RECORD_APPROVAL, 4, "closed")
DUPLICATE = (Action.DUPLICATE, 2, "closed")
CANCELLED = (Action.CANCEL, 2, "closed")
ALL = [RECEIVED, ASKED, RESOLVED, CLOSED, CANCELLED, DUPLICATE]
AFTER = {
    Action.OPEN: Status.NEW,
    Action.RESOLVE: Status.RESOLVED,
    Action.ASK: Status.PENDING,
    Action.RECORD_APPROVAL: Status.CLOSED,
    Action.DUPLICATE: Status.CLOSED,
    Action.CANCEL: Status.CLOSED,
}


def ticket(**more: Any) -> Ticket:
    site = make_site(name=LocalizedText("Le site", "The site"))
    return make_ticket(**{"id": 1042, "site": site, **more})


def mail(
    step: tuple[Action, int, str],
    about: Ticket | None = None,
    *,
    said: str | None = None,
    locale: str = "fr-FR",
    name: str = "Camille Bernard",
    to: str = "camille.bernard@univ.example",
    more: Mapping[str, Any] = {},
    **settings: Any,
) -> EmailMessage:
    """The mail of a step, as its reader's program reads it; its headers as sent are the preamble."""
    action, number, template = step
    event = make_event(
        make_person("Karim"), action, number=number, at=AT, to_status=AFTER[action], text=said, details=OF
    )
    rendered = RenderedEmail(
        template, locale, to, name, about or ticket(), event, token=TOKEN, at=AT, text=said or "", **more
    )
    given = {"mail_from": "Centre d’aide <aide@univ.example>", **settings}
    composed = compose(rendered, Settings(_env_file=None, **given), link=LINK)
    read = message_from_bytes(composed.as_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    read.preamble = composed.as_bytes().partition(b"\n\n")[0].decode("ascii")
    return read


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    words = str(body.get_content())
    return words.replace("\r\n", "\n").replace("\u202f", " ").replace("\u00a0", " ")


def subject_of(message: EmailMessage) -> str:
    """As a mail program decodes it: Python's own parser makes a no-break space a plain one."""
    raw = message_from_string(message.preamble or "", policy=policy.compat32)["Subject"]
    return str(make_header(decode_header(raw))).replace("\r\n ", " ")


# What it says


@pytest.mark.parametrize(
    ("step", "locale", "first"),
    [
        (RECEIVED, "fr-FR", "reçu votre ticket"),
        (RESOLVED, "fr-FR", "solution est proposée"),
        (CLOSED, "fr-FR", "votre ticket est clos"),
        (CANCELLED, "fr-FR", "annulé"),
        (RECEIVED, "en-GB", "received your ticket"),
        (RESOLVED, "en-US", "have proposed a solution"),
        (CLOSED, "en-GB", "your ticket is closed"),
        (CANCELLED, "en-GB", "karim has cancelled your ticket"),
        (RECEIVED, "de-DE", "reçu votre ticket"),
        (ASKED, "fr-FR", "une question sur votre ticket attend votre réponse"),
        (ASKED, "en-GB", "a question about your ticket is waiting"),
        (DUPLICATE, "fr-FR", "un doublon du n° 7"),
        (DUPLICATE, "en-GB", "a duplicate of no. 7"),
    ],
)
def test_the_first_line_is_the_step_in_the_readers_language(
    step: tuple[Action, int, str], locale: str, first: str
) -> None:
    message = mail(step, locale=locale, said="Voilà.")
    assert first in part(message, "plain").splitlines()[0].casefold()
    assert first in part(message, "html").casefold()
    assert message["Content-Language"] == ("en" if locale.startswith("en") else "fr")
    assert f'<html lang="{message["Content-Language"]}">' in part(message, "html")


@pytest.mark.parametrize("step", ALL)
def test_both_parts_link_to_the_help_desk(step: tuple[Action, int, str]) -> None:
    message = mail(step, said="Voilà.")
    assert message.get_content_type() == "multipart/alternative"
    assert LINK in part(message, "plain")
    assert f'href="{LINK.replace("&", "&amp;")}"' in part(message, "html")


def test_a_receipt_repeats_what_was_filed() -> None:
    service = make_service(name=LocalizedText("Impression", "Printing"))
    message = mail(RECEIVED, ticket(service=service, description="Rien ne sort.\nDepuis hier."))
    for kind in ("plain", "html"):
        for words in ("Impression", "Le site", "Incident", "Moyenne", "Rien ne sort.\nDepuis hier."):
            assert words in part(message, kind), kind


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_receipt_repeats_the_title_the_answers_and_the_files(kind: str) -> None:
    more = {"answers": [("Quel modèle ?", "Grand")], "files": ["écran.png", "<devis>.pdf"]}
    text = part(mail(RECEIVED, more=more), kind)
    for words in ("Imprimante en panne", "Quel modèle ?", "Grand", "écran.png"):
        assert words in text
    assert ("&lt;devis&gt;.pdf" if kind == "html" else "<devis>.pdf") in text
    assert "? :" not in text.replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(("locale", "promise"), [("fr-FR", "la question"), ("en-GB", "we will ask you")])
def test_a_receipt_promises_no_silence(locale: str, promise: str) -> None:
    text = part(mail(RECEIVED, locale=locale), "plain")
    assert promise in text
    assert "rien à faire" not in text
    assert "nothing" not in text


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_question_is_asked_with_its_files(kind: str) -> None:
    text = part(mail(ASKED, said="Quelle salle ?", more={"files": ["plan.pdf"]}), kind)
    for words in ("Question de Karim :", "Quelle salle ?", "plan.pdf", "Répondre dans Slack"):
        assert words in text


@pytest.mark.parametrize(
    ("step", "locale", "words"),
    [
        (RECEIVED, "fr-FR", "Nous avons bien reçu votre demande."),
        (ASKED, "fr-FR", "Une question sur votre demande attend votre réponse."),
        (RESOLVED, "fr-FR", "Votre demande est traitée : est-ce livré ?"),
        (CLOSED, "fr-FR", "Votre demande est close"),
        (CANCELLED, "fr-FR", "Karim a annulé votre demande."),
        (RECEIVED, "en-GB", "We have received your request."),
        (ASKED, "en-GB", "A question about your request is waiting"),
        (RESOLVED, "en-GB", "Do you have what you asked for?"),
        (CLOSED, "en-GB", "Your request is closed."),
        (CANCELLED, "en-GB", "Karim has cancelled your request."),
    ],
)
def test_a_request_is_called_a_request(step: tuple[Action, int, str], locale: str, words: str) -> None:
    about = ticket(kind=Kind.REQUEST, solution="Livré.")
    for kind in ("plain", "html"):
        assert words in part(mail(step, about, said="Voilà.", locale=locale), kind)


@pytest.mark.parametrize(("is_open", "goes_on"), [(True, True), (False, False)])
def test_an_original_stays_open_only_while_it_does(is_open: bool, goes_on: bool) -> None:
    message = mail(DUPLICATE, said="Même panne.", more={"original_is_open": is_open})
    for kind in ("plain", "html"):
        assert ("continue" in part(message, kind)) is goes_on
        assert "Message de Karim :" in part(message, kind)
        assert "Même panne." in part(message, kind)


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_the_words_of_a_recorded_approval_stay_internal(kind: str) -> None:
    assert "agacée" not in part(mail(CLOSED, said="Au téléphone, agacée."), kind)


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_the_solution_stands_in_the_mails_that_are_about_it(kind: str) -> None:
    assert "Toner changé." in part(mail(RESOLVED, said="Toner changé."), kind)
    assert "Toner changé." in part(mail(CLOSED, ticket(solution="Toner changé.")), kind)


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_the_reason_of_a_cancellation_is_given(kind: str) -> None:
    assert "Doublon du n° 7." in part(mail(CANCELLED, said="Doublon du n° 7."), kind)


def test_the_resolved_mail_says_what_to_do() -> None:
    assert "approuvez-la" in part(mail(RESOLVED, said="Fait."), "plain").casefold()
    assert "If it does" in part(mail(RESOLVED, said="Done.", locale="en-GB"), "plain")


@pytest.mark.parametrize("step", ALL)
def test_html_is_escaped_and_plain_text_is_left_alone(step: tuple[Action, int, str]) -> None:
    message = mail(
        step,
        ticket(title=SCRIPT, description=SCRIPT, solution=SCRIPT, site=make_site(name=both(SCRIPT))),
        said=SCRIPT,
    )
    assert "<script" not in part(message, "html")
    assert "&lt;script&gt;" in part(message, "html")
    assert "&lt;" not in part(message, "plain")


def test_what_looks_like_a_template_is_text() -> None:
    message = mail(RECEIVED, ticket(title="{{ 7 * 7 }} {% raw %}", description="{{ ticket }} {name}"))
    assert subject_of(message) == "[n°\u00a01042 · Reçu] {{ 7 * 7 }} {% raw %}"
    assert "{{ ticket }} {name}" in part(message, "plain")


# How it is addressed


@pytest.mark.parametrize(
    ("step", "locale", "label"),
    [
        (RECEIVED, "fr-FR", "n°\u00a01042 · Reçu"),
        (ASKED, "fr-FR", "n°\u00a01042 · Une question vous attend"),
        (RESOLVED, "fr-FR", "n°\u00a01042 · Solution à vérifier"),
        (CLOSED, "fr-FR", "n°\u00a01042 · Clos"),
        (CANCELLED, "fr-FR", "n°\u00a01042 · Annulé"),
        (RECEIVED, "en-GB", "No. 1042 · Received"),
        (ASKED, "en-GB", "No. 1042 · A question for you"),
        (RESOLVED, "en-GB", "No. 1042 · Please check the solution"),
        (CLOSED, "en-GB", "No. 1042 · Closed"),
        (CANCELLED, "en-GB", "No. 1042 · Cancelled"),
    ],
)
def test_a_subject_tells_the_step(step: tuple[Action, int, str], locale: str, label: str) -> None:
    assert subject_of(mail(step, said="Voilà.", locale=locale)) == f"[{label}] Imprimante en panne"


def test_no_break_spaces_stay_in_a_subject() -> None:
    message = mail(RECEIVED, ticket(title="« Réseau\u00a0»\u202f: 5\u00a0%\n de  pertes"))
    assert subject_of(message).endswith("] « Réseau\u00a0»\u202f: 5\u00a0% de pertes")


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Écran noir 🖥️", "Écran noir 🖥️"),
        ("Deux\r\nBcc: tous@univ.example\tlignes", "Deux Bcc: tous@univ.example lignes"),
        ("é" * 150, "é" * 150),
        ('a, <b> ; "c" (d)', 'a, <b> ; "c" (d)'),
    ],
)
def test_a_title_makes_a_subject_of_one_line(title: str, subject: str) -> None:
    message = mail(RECEIVED, ticket(title=title))
    assert subject_of(message) == f"[n°\u00a01042 · Reçu] {subject}"
    assert message["Bcc"] is None


def test_the_first_mail_of_a_ticket_is_the_root_that_the_later_ones_refer_to() -> None:
    root = mail(RECEIVED)
    assert root["Message-ID"] == f"<ticket-1042-1.{TOKEN}@univ.example>"
    assert (root["In-Reply-To"], root["References"]) == (None, None)
    begun = ticket(mail_root=root["Message-ID"])
    for step in (CANCELLED, ASKED, RESOLVED, CLOSED):
        later = mail(step, begun, said="Voilà.")
        assert later["Message-ID"] == f"<ticket-1042-{step[1]}.{TOKEN}@univ.example>"
        assert later["In-Reply-To"] == later["References"] == root["Message-ID"]


def test_the_root_sent_again_does_not_refer_to_itself() -> None:
    root = mail(RECEIVED)
    again = mail(RECEIVED, ticket(mail_root=root["Message-ID"]))
    assert (again["Message-ID"], again["References"]) == (root["Message-ID"], None)


def test_a_thread_goes_on_when_the_sender_s_domain_changes() -> None:
    begun = ticket(mail_root="<ticket-1042@old.example>")
    later = mail(CLOSED, begun, mail_from="aide@new.example")
    assert later["References"] == "<ticket-1042@old.example>"
    assert later["Message-ID"] == f"<ticket-1042-4.{TOKEN}@old.example>"


@pytest.mark.parametrize("sender", ["aide@univ.example", "Aide <aide@univ.example>"])
def test_a_mail_is_dated(sender: str) -> None:
    assert mail(RECEIVED, mail_from=sender)["Date"].datetime == AT


def test_a_mail_says_that_no_person_wrote_it() -> None:
    assert mail(RECEIVED)["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_mail_can_be_answered_or_says_that_answers_are_not_read(kind: str) -> None:
    unread = "réponses à ce courriel ne sont pas lues"
    silent, open_ = mail(RECEIVED), mail(RECEIVED, mail_reply_to="dnum@univ.example")
    assert silent["Reply-To"] is None
    assert unread in part(silent, kind)
    assert open_["Reply-To"] == "dnum@univ.example"
    assert unread not in part(open_, kind)


@pytest.mark.parametrize(
    "name",
    [
        "Aurélie D'Hérouville",
        'Bernard, Camille "Cam" <x@y>',
        "李 明",
        "Zoë 🦊",
        "",
        "Nom\r\nBcc: tous@univ.example",
    ],
)
def test_a_name_never_changes_who_gets_the_mail(name: str) -> None:
    message = mail(RECEIVED, name=name)
    (address,) = message["To"].addresses
    assert address.addr_spec == "camille.bernard@univ.example"
    assert address.display_name == " ".join(name.split())
    assert message["Bcc"] is None


@pytest.mark.parametrize(
    ("to", "written"),
    [
        ("helene@université.example", "helene@xn--universit-j4a.example"),
        ("helene@UNIVERSITÉ.example", "helene@xn--universit-j4a.example"),
        ("o'neil+x@univ.example", "o'neil+x@univ.example"),
    ],
)
def test_an_international_domain_is_written_in_ascii(to: str, written: str) -> None:
    (address,) = mail(RECEIVED, to=to)["To"].addresses
    assert address.addr_spec == written


def test_the_help_desk_s_own_domain_may_be_international() -> None:
    message = mail(RECEIVED, mail_from="Aide <a@université.example>", mail_reply_to="b@université.example")
    assert message["From"].addresses[0].addr_spec == "a@xn--universit-j4a.example"
    assert message["Reply-To"] == "b@xn--universit-j4a.example"
    assert message["Message-ID"].endswith("@xn--universit-j4a.example>")


@pytest.mark.parametrize(
    "to",
    [
        "camille",
        "",
        "a@@b",
        "a b@univ.example",
        "a@univ.example, b@univ.example",
        "a@" + "é" * 64 + ".fr",
        "a@b..c",
        "a@é..fr",
    ],
)
def test_a_malformed_address_is_never_written_to(to: str) -> None:
    with pytest.raises(Permanent, match="the address is malformed"):
        mail(RECEIVED, to=to)


def test_an_address_whose_name_is_not_ascii_is_never_written_to_and_says_why() -> None:
    with pytest.raises(Permanent, match="the address needs SMTPUTF8"):
        mail(RECEIVED, to="hélène@univ.example")


# Without a server


def test_without_a_server_mails_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    mailer = create_mailer(Settings(_env_file=None))
    assert isinstance(mailer, ConsoleMailer)
    mailer.send(mail(RECEIVED))
    printed = capsys.readouterr().out
    assert "To: Camille Bernard <camille.bernard@univ.example>" in printed
    assert "· Reçu] Imprimante en panne" in printed
    assert "reçu votre ticket" in printed


def test_with_a_server_mails_are_sent() -> None:
    settings = Settings(_env_file=None, smtp_url=SecretStr("smtp://smtp.univ.example"))
    assert isinstance(create_mailer(settings), SmtpMailer)
