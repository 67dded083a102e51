"""The form of a new ticket, and its reader. A service's own questions are in it too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.fields import field_of
from blocks.kit.files import FORM_MAX, read_files
from blocks.kit.inputs import checked_text, element_state, text_of
from blocks.kit.notices import view_fields
from blocks.kit.text import note, plain
from blocks.kit.values import Payload, chosen, enum_or_none, read_number, text_or_none
from blocks.kit.view_state import ID_MAX, Fields, dump_view_state, load_view_state, read_submission
from blocks.opening_hours import WordedHours
from blocks.tickets.new_ticket import fields as form_fields
from blocks.tickets.new_ticket.same_message import made_before
from blocks.tickets.new_ticket.site import site_block
from blocks.tickets.questions import read_answers
from blocks.tickets.suggestions import FormHelp, banner, suggestion_blocks, with_help
from models.lifecycle import Impact, Kind, Status, Urgency
from models.tickets.draft import NewFile, TicketDraft

FILE_ID_MAX = 32
SOURCE_MAX = 3000


@dataclass(frozen=True)
class NewTicketState:
    """What the form keeps beside its inputs: see `TicketDraft`."""

    submission: str
    kind: Kind = Kind.INCIDENT
    service_id: str | None = None
    follows_id: int | None = None
    source: str | None = None
    is_kept: bool = False
    is_suggested: bool = False
    """The form of a service, which was suggested in another form: one may go back to that."""
    default_site: str | None = None
    """The id of the site that the form chose by itself."""
    made_before: int | None = None
    """The number of the newest ticket from the same message that the form tells of."""
    files: Sequence[tuple[str, str]] = ()
    """Ids and names of files of the message it was made from, in forms of version 0.1: the form kept them
    itself."""

    @classmethod
    def load(cls, fields: Fields) -> Self:
        """Raises `StalePayload` for a ticket's number that is none."""
        return cls(
            submission=read_submission(fields),
            kind=enum_or_none(Kind, fields.get("kind")) or Kind.INCIDENT,
            service_id=text_or_none(fields.get("service"), ID_MAX),
            follows_id=read_number(fields["follows"]) if fields.get("follows") else None,
            source=text_or_none(fields.get("source"), SOURCE_MAX),
            is_kept=fields.get("kept") is True,
            is_suggested=fields.get("suggested") is True,
            default_site=text_or_none(fields.get("site"), ID_MAX),
            made_before=read_number(fields["made"]) if fields.get("made") else None,
            files=_read_pairs(fields.get("files")),
        )

    def dump(self) -> Fields:
        return {
            "submission": self.submission,
            "kind": self.kind.value,
            "service": self.service_id,
            "follows": self.follows_id,
            "source": self.source,
            "kept": True if self.is_kept else None,
            "suggested": True if self.is_suggested else None,
            "site": self.default_site,
            "made": self.made_before,
        }


def ticket_form(_: Translator, form: form_fields.NewTicketForm) -> View:
    """The form as a modal."""
    draft = form.draft
    state = NewTicketState(
        draft.submission,
        draft.kind,
        draft.service_id,
        draft.follows_id,
        draft.source,
        draft.has_more,
        form.is_suggested,
        default_site=form.default_site,
        made_before=form.made_before,
    )
    return View(
        type="modal",
        callback_id=ids.TICKET_FORM,
        title=plain(_("IT ticket") if draft.kind is Kind.INCIDENT else _("Service request")),
        submit=plain(_("Save and close")),
        close=plain(_("Cancel")),
        private_metadata=dump_view_state(state.dump()),
        blocks=[
            *banner(_, form.help),
            *made_before(_, form.made_before, may_open=form.may_open_made),
            note(form.hours.hours),
            *form_fields.requester(_, form),
            *form_fields.service(_, form),
            form_fields.title(_, draft),
            *suggestion_blocks(_, form.help),
            *form_fields.questions(_, form),
            *form_fields.agreement(_, form),
            form_fields.status(_, form),
            form_fields.impact(_, draft),
            form_fields.urgency(_, draft),
            form_fields.priority_note(_, draft),
            *form_fields.meanwhile_note(draft, form.hours),
            form_fields.site(_, form.sites, draft.site_id),
            form_fields.description(_, form),
            form_fields.files(_),
            *form_fields.solution(_, form),
            *form_fields.agreed(_, form),
            *form_fields.notes(_, draft),
        ],
    )


def redrawn(_: Translator, view: Payload, found: FormHelp | None, hours: WordedHours) -> View:
    """The open form with what follows from impact and urgency made anew, and with what was found for its
    title; `None`: nothing could be looked up. Its other blocks stay, so no input loses its text."""
    draft, blocks = read_ticket_form(view), list[Any]()
    for block in view["blocks"]:
        if block["block_id"] == ids.PRIORITY:
            made = [form_fields.priority_note(_, draft), *form_fields.meanwhile_note(draft, hours)]
            blocks += [each.to_dict() for each in made]
        elif block["block_id"] != ids.MEANWHILE:
            blocks.append(block)
    return View(blocks=with_help(_, blocks, found), **view_fields(view))


def is_technicians(view: Payload) -> bool:
    """Whether a form lets its author name another requester, and give a solution."""
    return any(block["block_id"] == ids.REQUESTER for block in view["blocks"])


def says_more(view: Payload) -> bool:
    """Whether a form has a description, answers or files, beside its title and choices."""
    has_answers = any(answer.value for answer in read_answers(view))
    return bool(text_of(view, ids.DESCRIPTION).strip() or has_answers or read_files(view))


def is_from_version_0_1(view: Payload) -> bool:
    """Whether a form itself keeps the files of the message that it was made from."""
    return bool(NewTicketState.load(load_view_state(view)).files)


def read_ticket_form(view: Payload) -> TicketDraft:
    """What the form says. An option that it never offered reads as not chosen. Raises `StalePayload`,
    `FieldRefused`."""
    state = NewTicketState.load(load_view_state(view))
    requester = text_of(view, ids.REQUESTER) or None
    return TicketDraft(
        submission=state.submission,
        kind=state.kind,
        service_id=state.service_id,
        follows_id=state.follows_id,
        title=_text(view, ids.TITLE),
        status=enum_or_none(Status, _chosen(view, ids.STATUS)),
        impact=enum_or_none(Impact, _chosen(view, ids.IMPACT)),
        urgency=enum_or_none(Urgency, _chosen(view, ids.URGENCY)),
        site_id=site_chosen(view),
        description=_text(view, ids.DESCRIPTION),
        answers=read_answers(view),
        files=[*_files_of_message(state, requester), *read_files(view)],
        is_kept=state.is_kept,
        requester=requester,
        solution=text_of(view, ids.SOLUTION),
        approver=text_of(view, ids.APPROVER) or None,
        agreed_where=text_of(view, ids.AGREED_WHERE),
        source=state.source,
        made_before=state.made_before,
    )


def sent_again(_: Translator, number: int, *, is_added: bool, is_left: bool) -> str:
    """The message for a form that created a ticket before; "" when it holds nothing else than then."""
    lines = []
    if is_added:
        lines.append(
            _("No. {number} had already been raised. What you added was sent as a message.", number=number)
        )
    if is_left:
        lines.append(
            _(
                "No. {number} stays as you first raised it. Some of your later changes were not saved. "
                "Please write them in the thread of the ticket’s message.",
                number=number,
            )
        )
    return "\n".join(lines)


# -- its values ---


def site_chosen(view: Payload) -> str | None:
    """The id of the site that is chosen in the form, whichever id its block has."""
    return _chosen(view, site_block(view), ids.SITE)


def _text(view: Payload, block_id: str) -> str:
    return checked_text(element_state(view, block_id).get("value"), field_of(block_id))


def _chosen(view: Payload, block_id: str, action_id: str | None = None) -> str | None:
    return text_or_none(chosen(element_state(view, block_id, action_id)), ID_MAX)


def _files_of_message(state: NewTicketState, requester: str | None) -> list[NewFile]:
    """The files that a form of version 0.1 kept: its sender must own them, or the requester that it names."""
    return [
        NewFile(file_id, name, "application/octet-stream", 0, owner=requester)
        for file_id, name in state.files
    ]


def _read_pairs(value: object) -> tuple[tuple[str, str], ...]:
    pairs = value[:FORM_MAX] if isinstance(value, list) else []
    return tuple(
        (str(pair[0])[:FILE_ID_MAX], str(pair[1]))
        for pair in pairs
        if isinstance(pair, list) and len(pair) == 2
    )
