"""The notice about personal data (GDPR arts. 13 and 14): who, why, who reads, how long, whom to ask."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from blocks.i18n import N_, Translator


@dataclass(frozen=True)
class Notice:
    """What the notice says of this organisation; `None`: it is not set."""

    controller: str | None = None
    """The name of the organisation that is responsible."""
    contact: str | None = None
    """The address of its data-protection officer."""
    url: str | None = None
    """Of its full notice."""
    safeguards: tuple[str, ...] = ()
    """On which transfers outside the European Union rest: names of `SAFEGUARDS`."""
    files_months: int | None = None
    """After how many months from its closing a ticket’s files and notes are erased."""
    tickets_months: int | None = None
    """After how many months the rest of its contents is."""
    needs_visa: bool = True
    """Whether the archivist signs what is erased."""
    audit_months: int = 12
    """For how long it is kept who read a ticket."""


@dataclass(frozen=True)
class Section:
    """A part of the notice."""

    title: str
    text: str


SAFEGUARDS: Mapping[str, str] = {
    "framework": N_("the EU–US Data Privacy Framework (decision (EU) 2023/1795)"),
    "clauses": N_("the European Commission’s standard contractual clauses"),
    "rules": N_("Salesforce’s binding corporate rules"),
}
"""By their name in PRIVACY_TRANSFERS (GDPR arts. 45 to 47)."""


def notice_sections(_: Translator, notice: Notice) -> Sequence[Section]:
    """The whole notice, in order."""
    return [Section(title, "\n".join(filter(None, lines))) for title, lines in _sections(_, notice)]


def _sections(_: Translator, notice: Notice) -> Iterator[tuple[str, Sequence[str]]]:
    yield _("Who is responsible"), [_controller(_, notice), _whom_to_ask(_, notice)]
    yield (
        _("Why, and on which ground"),
        [
            _(
                "To answer your requests for IT support, to follow them up and to know how well that is done:"
                " a task carried out in the public interest (GDPR, article 6(1)(e)). Nothing is used for "
                "profiling, and no decision with significant effects on you is taken by a machine alone "
                "(article 22). A ticket that waits for your reply may be closed after reminders; you can "
                "reopen it."
            )
        ],
    )
    yield (
        _("What is kept"),
        [
            _(
                "Your tickets, also those that a technician files for you; what you and the team write about "
                "them; your files and ratings; what you decide or do on other people’s tickets; your "
                "absences; what was sent to you. Your name, email address, language, time zone and, where it "
                "is used, your manager come from your Slack profile. What a form does not require may be left"
                " out; without the rest, the request cannot be handled."
            )
        ],
    )
    yield (
        _("Who reads it"),
        [
            _(
                "You, the technicians of the team that has the ticket and, if the service needs an agreement,"
                " those who are asked for it, or stand in for them: they read the request with its files, not"
                " the conversation. The administrators of Guichet and the owners of the Slack workspace have "
                "technical access. Technicians’ internal notes are not shown to you in Slack; you may ask for"
                " them. When a technician opens your ticket in Guichet, it is recorded; who reads messages in"
                " Slack itself is not."
            )
        ],
    )
    yield _("For how long"), _periods(_, notice)
    yield _("Slack"), [_slack(_, notice)]
    yield _("Your rights"), _rights(_, notice)
    yield (
        _("What an erasure does not reach"),
        [
            _(
                "What you wrote or uploaded in Slack yourself stays there until you delete it, or until the "
                "workspace’s own rules do. What you wrote or decided on other people’s tickets stays, without"
                " your name, for as long as they do. Emails that were sent stay in their mailboxes. Backups "
                "keep what was erased until they expire; it is erased again if one of them is restored."
            )
        ],
    )


def _controller(_: Translator, notice: Notice) -> str:
    if notice.controller is None:
        return _("The organisation that runs this help desk; its name has not been set yet.")
    return _("Controller: {controller}.", controller=notice.controller.rstrip("."))


def _whom_to_ask(_: Translator, notice: Notice) -> str:
    if notice.contact is None:
        return _("The address of the data-protection officer has not been set yet: ask the help desk.")
    return _("Its data-protection officer: {contact}.", contact=notice.contact)


def _periods(_: Translator, notice: Notice) -> Sequence[str]:
    return [
        *_of_tickets(_, notice),
        _(
            "Your name, address and preferences: until your profile is erased, at your request or after you "
            "have left."
        ),
        _(
            "What was sent to you, and searches of the catalogue that found nothing: 90 days. What you write "
            "to Guichet outside of tickets: 7 days."
        ),
        _.plural(
            "Who opened a ticket: {count} month.", "Who opened a ticket: {count} months.", notice.audit_months
        ),
    ]


def _of_tickets(_: Translator, notice: Notice) -> Iterator[str]:
    if notice.files_months is None or notice.tickets_months is None:
        yield _("Not decided yet: until it is, nothing is erased by itself.")
        return
    yield _.plural(
        "Files and internal notes: {count} month after the ticket is closed.",
        "Files and internal notes: {count} months after the ticket is closed.",
        min(notice.files_months, notice.tickets_months),
    )
    yield _.plural(
        "The rest of a ticket: {count} month after it is closed. Its number, type, service, site, team, "
        "priority, rating (without its comment), states and dates remain, for statistics.",
        "The rest of a ticket: {count} months after it is closed. Its number, type, service, site, team, "
        "priority, rating (without its comment), states and dates remain, for statistics.",
        notice.tickets_months,
    )
    if notice.needs_visa:
        yield _(
            "Tickets are public archives: they are erased once the archives have agreed, which may be later."
        )


def _slack(_: Translator, notice: Notice) -> str:
    said = _(
        "Your messages to Guichet and its own pass through Slack (Salesforce group), a processor, which "
        "stores them and may process them outside the European Union."
    )
    known = [_(SAFEGUARDS[each]) for each in notice.safeguards if each in SAFEGUARDS]
    if not known:
        return f"{said} " + _("Ask the data-protection officer which safeguards apply to these transfers.")
    return f"{said} " + _("These transfers rest on {safeguards}.", safeguards=_joined(_, known))


def _rights(_: Translator, notice: Notice) -> Sequence[str]:
    return [
        _(
            "You may have access to your data, have it corrected, erased or its processing restricted, and "
            "object to it on grounds relating to your situation (GDPR, articles 15 to 18 and 21). What has to"
            " be kept for the public task, or as public archives, cannot be erased earlier. There is no right"
            " to portability for such a task (article 20); “Receive my data” also gives you a file that "
            "programs can read."
        ),
        _(
            "To exercise them, write to {contact}. An answer is due within one month (article 12).",
            contact=notice.contact,
        )
        if notice.contact
        else "",
        _(
            "You may lodge a complaint with the CNIL (3 place de Fontenoy, TSA 80715, 75334 Paris Cedex 07; "
            "cnil.fr/plaintes)."
        ),
        _("The full notice: {url}", url=notice.url) if notice.url else "",
    ]


def _joined(_: Translator, texts: Sequence[str]) -> str:
    if len(texts) < 2:
        return "".join(texts)
    return _("{first} and {last}", first=", ".join(texts[:-1]), last=texts[-1])
