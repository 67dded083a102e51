"""The form of a new ticket, and its reader. A service's own questions are in it too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    InputBlock,
    PlainTextInputElement,
    SectionBlock,
    UserSelectElement,
)
from slack_sdk.models.blocks.block_elements import FileInputElement
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.fields import field_of
from blocks.kit.files import FORM_MAX, read_files, shown_names
from blocks.kit.inputs import checked_text, element_state, field, long_text, text_of
from blocks.kit.notices import view_fields
from blocks.kit.selects import enum_options, row_options, select
from blocks.kit.text import note, plain
from blocks.kit.values import Payload, chosen, enum_or_none, read_number, text_or_none
from blocks.kit.view_state import ID_MAX, Fields, dump_view_state, load_view_state, read_submission
from blocks.opening_hours import WordedHours
from blocks.tickets.questions import question_inputs, read_answers
from blocks.tickets.suggestions import FormHelp, banner, suggestion_blocks, with_help
from models.catalogue import Service, Site
from models.lifecycle import TITLE_MAX, Impact, Kind, Status, Urgency, priority_of
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
        }


@dataclass(frozen=True)
class NewTicketForm:
    """What the form is filled with, and what it offers. A service's form names it and asks its questions."""

    draft: TicketDraft
    sites: Sequence[Site]
    statuses: Sequence[Status]
    help: FormHelp
    hours: WordedHours
    service: Service | None = None
    is_description_required: bool = False
    technician: str | None = None
    """The Slack id of a technician who fills it in: they may name another requester, and give a solution."""
    is_suggested: bool = False
    """It replaces another form, in which its service was suggested."""


def ticket_form(_: Translator, form: NewTicketForm) -> View:
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
            note(form.hours.hours),
            *_requester(_, form),
            *_service(_, form),
            _title(_, draft),
            *suggestion_blocks(_, form.help),
            *_questions(_, form),
            _status(_, form),
            _impact(_, draft),
            _urgency(_, draft),
            priority_note(_, draft),
            *meanwhile_note(draft, form.hours),
            _site(_, form),
            _description(_, form),
            _files(_),
            *_solution(_, form),
            *_notes(_, draft),
        ],
    )


def priority_note(_: Translator, draft: TicketDraft) -> Block:
    """The priority that follows from impact and urgency, or that they are missing."""
    if draft.impact is None or draft.urgency is None:
        text = _("Priority: choose the impact and the urgency")
    else:
        text = _(
            "Resulting priority: {priority}",
            priority=_(labels.PRIORITY_WORD[priority_of(draft.impact, draft.urgency)]),
        )
    return note(text, block_id=ids.PRIORITY)


def meanwhile_note(draft: TicketDraft, hours: WordedHours) -> list[Block]:
    """What to do while the desk is closed, when others are affected too."""
    if draft.impact in {None, Impact.PERSON} or hours.meanwhile is None:
        return []
    return [SectionBlock(text=plain(f"🌙 {hours.meanwhile}"), block_id=ids.MEANWHILE)]


def redrawn(_: Translator, view: Payload, found: FormHelp | None, hours: WordedHours) -> View:
    """The open form with what follows from impact and urgency made anew, and with what was found for its
    title; `None`: nothing could be looked up. Its other blocks stay, so no input loses its text."""
    draft, blocks = read_ticket_form(view), list[Any]()
    for block in view["blocks"]:
        if block["block_id"] == ids.PRIORITY:
            made = [priority_note(_, draft), *meanwhile_note(draft, hours)]
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
        site_id=_chosen(view, ids.SITE),
        description=_text(view, ids.DESCRIPTION),
        answers=read_answers(view),
        files=[*_files_of_message(state, requester), *read_files(view)],
        is_kept=state.is_kept,
        requester=requester,
        solution=text_of(view, ids.SOLUTION),
        source=state.source,
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


# -- its fields ---


def _requester(_: Translator, form: NewTicketForm) -> list[InputBlock]:
    if form.technician is None:
        return []
    initial = form.draft.requester or form.technician
    element = UserSelectElement(placeholder=plain(_("Choose a person")), initial_user=initial)
    return [
        field(ids.REQUESTER, _("Requester"), element, hint=_("The person you are raising this ticket for."))
    ]


def _service(_: Translator, form: NewTicketForm) -> list[Block]:
    if form.service is None:
        return []
    text = _("Service: {name}", name=form.service.name.in_(_.locale))
    if not form.is_suggested:
        return [note(text)]
    back = ButtonElement(
        text=plain(_("Back")),
        action_id=ids.BACK_TO_FORM,
        value="back",
        accessibility_label=_("Back to the ordinary form"),
    )
    return [SectionBlock(text=plain(text), accessory=back)]


def _title(_: Translator, draft: TicketDraft) -> InputBlock:
    element = PlainTextInputElement(
        initial_value=draft.title or None, max_length=TITLE_MAX, focus_on_load=True
    )
    hint = None if draft.service_id else _("A short summary, for example “No Wi-Fi in room B204”")
    return field(ids.TITLE, _("Title"), element, hint=hint)


def _questions(_: Translator, form: NewTicketForm) -> list[InputBlock]:
    is_request = form.draft.kind is Kind.REQUEST
    return question_inputs(_, form.service) if form.service is not None and is_request else []


def _status(_: Translator, form: NewTicketForm) -> InputBlock:
    options = enum_options(_, labels.STATUS, form.statuses)
    return field(ids.STATUS, _("Status"), select(_, options, form.draft.status))


def _impact(_: Translator, draft: TicketDraft) -> InputBlock:
    element = select(_, enum_options(_, labels.IMPACT, Impact), draft.impact)
    hint = _("Who is it for?") if draft.kind is Kind.REQUEST else _("Who is affected?")
    return _dispatching(field(ids.IMPACT, _("User impact"), element, hint=hint))


def _urgency(_: Translator, draft: TicketDraft) -> InputBlock:
    element = select(_, enum_options(_, labels.URGENCY, Urgency), draft.urgency)
    hint = _("How long can it wait? “Critical” means work has stopped.")
    return _dispatching(field(ids.URGENCY, _("User urgency"), element, hint=hint))


def _dispatching(block: InputBlock) -> InputBlock:
    """The same, of which Slack sends each change at once."""
    block.dispatch_action = True
    return block


def _site(_: Translator, form: NewTicketForm) -> InputBlock:
    return field(ids.SITE, _("Site"), select(_, row_options(_, form.sites), form.draft.site_id))


def _description(_: Translator, form: NewTicketForm) -> InputBlock:
    if form.draft.kind is Kind.REQUEST:
        hint = _("Please tell us what you need, for whom and by when.")
    else:
        hint = _("Please tell us what you were doing, what you saw and when it started.")
    is_optional, initial = not form.is_description_required, form.draft.description
    return long_text(ids.DESCRIPTION, _("Description"), hint=hint, optional=is_optional, initial=initial)


def _files(_: Translator) -> InputBlock:
    hint = _("“Add an attachment”: up to 10 files of 10 MB each, such as a screenshot.")
    return field(ids.FILES, _("Attachments"), FileInputElement(max_files=FORM_MAX), hint=hint, optional=True)


def _solution(_: Translator, form: NewTicketForm) -> list[InputBlock]:
    if form.technician is None:
        return []
    if form.draft.kind is Kind.REQUEST:
        hint = _("Required if the request is already fulfilled. The requester will be asked to sign it off.")
    else:
        hint = _("Required if the problem is already solved. The requester will be asked to sign it off.")
    return [long_text(ids.SOLUTION, _("Solution"), hint=hint, optional=True, initial=form.draft.solution)]


def _notes(_: Translator, draft: TicketDraft) -> list[Block]:
    """What the ticket has beside what its inputs hold."""
    notes: list[Block] = []
    if draft.rest:
        notes.append(
            note(_("The rest of your text is too long for this form. It will be added to the ticket."))
        )
    if draft.files:
        notes.append(note(_("Already attached: {names}", names=shown_names(_, draft.files))))
    return notes


# -- its values ---


def _text(view: Payload, block_id: str) -> str:
    return checked_text(element_state(view, block_id).get("value"), field_of(block_id))


def _chosen(view: Payload, block_id: str) -> str | None:
    return text_or_none(chosen(element_state(view, block_id)), ID_MAX)


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
