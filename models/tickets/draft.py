"""A filled ticket form, before it becomes a ticket; and what may spare its author the ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.base import LocalizedText
from models.lifecycle import Impact, Kind, Status, Urgency


@dataclass(frozen=True)
class NewFile:
    """A file of a form or a message, as Slack describes it. `size` in bytes."""

    slack_file_id: str
    name: str
    media_type: str
    size: int
    is_from_message: bool = False
    """Slack named it in a message. Otherwise a form named it, and its sender must own it."""
    owner: str | None = None
    """The Slack id of who must own it, when that is not the form's sender."""


@dataclass(frozen=True)
class NewAnswer:
    """An answer to a service's question: the question as it was on the form, and the value of its input."""

    question_id: str
    label: str
    value: str | list[str] | None


@dataclass(frozen=True)
class TicketDraft:
    """A ticket form. What is `None` was not chosen."""

    submission: str
    """A uuid made with the form."""
    kind: Kind = Kind.INCIDENT
    service_id: str | None = None
    follows_id: int | None = None
    title: str = ""
    status: Status | None = Status.NEW
    impact: Impact | None = None
    urgency: Urgency | None = None
    site_id: str | None = None
    description: str = ""
    answers: Sequence[NewAnswer] = ()
    files: Sequence[NewFile] = ()
    requester: str | None = None
    """The Slack id of whom it is filed for; `None`: for who files it."""
    solution: str = ""
    """For a call that was solved already."""
    approver: str | None = None
    """The Slack id of who agreed to such a request, when its service needs an agreement."""
    agreed_where: str = ""
    """Where and when they did."""
    is_kept: bool = False
    """Files or text of the message that it is made from are kept for its form (`FormDraft`)."""
    source: str | None = None
    """The address of the Slack message that it is made from."""
    made_before: int | None = None
    """The number of the newest ticket made from that message of which the form told."""
    is_short: bool = False
    """A solved call in the short form, which asks no questions of the service's."""
    rest: str = ""
    """What of that message's text the form has no room for; kept in the `FormDraft`."""
    message_draft_id: int | None = None
    """The `MessageDraft` that it is made from."""
    messages: Sequence[str] = ()
    """The `ts` of that one's messages."""

    @property
    def has_more(self) -> bool:
        """Whether there is something to keep for its form in a `FormDraft`."""
        return bool(self.files or self.rest or self.message_draft_id)


class Sort(StrEnum):
    """What a form suggests. The suggestions hold numbers, ids and texts, and no rows."""

    OUTAGE = "outage"
    TICKET = "ticket"
    SERVICE = "service"
    ARTICLE = "article"


@dataclass(frozen=True)
class OutageSuggestion:
    """An open outage that explains it."""

    outage_id: int
    is_followable: bool = True
    """Whether the reader may follow it here: not for somebody else."""


@dataclass(frozen=True)
class TicketSuggestion:
    """An open ticket of the reader's about the same."""

    number: int
    title: str


@dataclass(frozen=True)
class ServiceSuggestion:
    """A service with a form of its own, or with a page."""

    service_id: str
    name: LocalizedText
    kinds: Sequence[Kind]
    """What it offers; when that is nothing, it has a page."""
    url: str | None = None
    """The page of a service that has no form."""


@dataclass(frozen=True)
class ArticleSuggestion:
    """An article that may answer it."""

    article_id: str
    title: LocalizedText


Suggestion = OutageSuggestion | TicketSuggestion | ServiceSuggestion | ArticleSuggestion


@dataclass(frozen=True)
class Addition:
    """What a form says, to be added to a ticket instead; its files and `rest` are kept in a `FormDraft`."""

    number: int
    submission: str
    """The `FormDraft`'s, and then the comment's."""
    text: str
    rest: str
    """What of the text an input cannot hold."""
    files: Sequence[NewFile]
