"""The fields of the form of a new ticket, in their order, and what the form is filled with."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    InputBlock,
    PlainTextInputElement,
    SectionBlock,
    UserSelectElement,
)
from slack_sdk.models.blocks.block_elements import FileInputElement

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.files import FORM_MAX, shown_names
from blocks.kit.inputs import field, long_text
from blocks.kit.selects import enum_options, row_options, select
from blocks.kit.text import note, plain
from blocks.opening_hours import WordedHours
from blocks.tickets.new_ticket.agreement import agreement_lines
from blocks.tickets.questions import question_inputs
from blocks.tickets.suggestions import FormHelp
from models.catalogue import Service, Site
from models.fields import INPUT_MAX
from models.lifecycle import TITLE_MAX, Impact, Kind, Status, Urgency, priority_of
from models.tickets.draft import TicketDraft


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
    manager: str | None = None
    """The Slack id of the requester's manager, if it is known."""
    default_site: str | None = None
    """The id of the requester's usual site: while it is chosen, another requester changes it."""
    made_before: int | None = None
    """The number of the ticket that was made from the same message."""
    may_open_made: bool = False
    """Whether the technician may see that one."""
    is_suggested: bool = False
    """It replaces another form, in which its service was suggested."""


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


def requester(_: Translator, form: NewTicketForm) -> list[InputBlock]:
    if form.technician is None:
        return []
    initial = form.draft.requester or form.technician
    element = UserSelectElement(placeholder=plain(_("Choose a person")), initial_user=initial)
    hint = _("The person you are raising this ticket for.")
    return [_dispatching(field(ids.REQUESTER, _("Requester"), element, hint=hint))]


def service(_: Translator, form: NewTicketForm) -> list[Block]:
    if form.service is None:
        return []
    sealed = []
    if form.service.is_confidential or form.service.team.is_confidential:
        words = _("Confidential: our messages and emails will have the ticket’s number and state only.")
        sealed.append(note("🔒 " + words))
    text = _("Service: {name}", name=form.service.name.in_(_.locale))
    if not form.is_suggested:
        return [note(text), *sealed]
    back = ButtonElement(
        text=plain(_("Back")),
        action_id=ids.BACK_TO_FORM,
        value="back",
        accessibility_label=_("Back to the ordinary form"),
    )
    return [SectionBlock(text=plain(text), accessory=back), *sealed]


def title(_: Translator, draft: TicketDraft) -> InputBlock:
    element = PlainTextInputElement(
        initial_value=draft.title or None, max_length=TITLE_MAX, focus_on_load=True
    )
    hint = None if draft.service_id else _("A short summary, for example “No Wi-Fi in room B204”")
    return field(ids.TITLE, _("Title"), element, hint=hint)


def questions(_: Translator, form: NewTicketForm) -> list[InputBlock]:
    is_request = form.draft.kind is Kind.REQUEST
    return question_inputs(_, form.service) if form.service is not None and is_request else []


def agreement(_: Translator, form: NewTicketForm) -> list[Block]:
    is_request = form.draft.kind is Kind.REQUEST
    return agreement_lines(_, form.service, form.manager) if form.service is not None and is_request else []


def status(_: Translator, form: NewTicketForm) -> InputBlock:
    options = enum_options(_, labels.STATUS, form.statuses)
    return field(ids.STATUS, _("Status"), select(_, options, form.draft.status))


def impact(_: Translator, draft: TicketDraft) -> InputBlock:
    element = select(_, enum_options(_, labels.IMPACT, Impact), draft.impact)
    hint = _("Who is it for?") if draft.kind is Kind.REQUEST else _("Who is affected?")
    return _dispatching(field(ids.IMPACT, _("User impact"), element, hint=hint))


def urgency(_: Translator, draft: TicketDraft) -> InputBlock:
    element = select(_, enum_options(_, labels.URGENCY, Urgency), draft.urgency)
    hint = _("How long can it wait? “Critical” means work has stopped.")
    return _dispatching(field(ids.URGENCY, _("User urgency"), element, hint=hint))


def _dispatching(block: InputBlock) -> InputBlock:
    """The same, of which Slack sends each change at once."""
    block.dispatch_action = True
    return block


def site(_: Translator, sites: Sequence[Site], chosen: str | None, round_: int = 0) -> InputBlock:
    """`round_`: how often another requester's site was put in; under the same id Slack would keep the former
    choice."""
    block = field(ids.SITE, _("Site"), select(_, row_options(_, sites), chosen))
    block.block_id = f"{ids.SITE}:{round_}" if round_ else ids.SITE
    return block


def description(_: Translator, form: NewTicketForm) -> InputBlock:
    if form.draft.kind is Kind.REQUEST:
        hint = _("Please tell us what you need, for whom and by when.")
    else:
        hint = _("Please tell us what you were doing, what you saw and when it started.")
    is_optional, initial = not form.is_description_required, form.draft.description
    return long_text(ids.DESCRIPTION, _("Description"), hint=hint, optional=is_optional, initial=initial)


def files(_: Translator) -> InputBlock:
    hint = _("“Add an attachment”: up to 10 files of 10 MB each, such as a screenshot.")
    return field(ids.FILES, _("Attachments"), FileInputElement(max_files=FORM_MAX), hint=hint, optional=True)


def solution(_: Translator, form: NewTicketForm) -> list[InputBlock]:
    if form.technician is None:
        return []
    if form.draft.kind is Kind.REQUEST:
        hint = _("Required if the request is already fulfilled. The requester will be asked to sign it off.")
    else:
        hint = _("Required if the problem is already solved. The requester will be asked to sign it off.")
    return [long_text(ids.SOLUTION, _("Solution"), hint=hint, optional=True, initial=form.draft.solution)]


def agreed(_: Translator, form: NewTicketForm) -> list[InputBlock]:
    """Who agreed to a request that is already fulfilled, and where, when its service needs an agreement."""
    needs_it = form.service is not None and form.service.approval and form.draft.kind is Kind.REQUEST
    if form.technician is None or not needs_it:
        return []
    element = UserSelectElement(
        placeholder=plain(_("Choose a person")), initial_user=form.draft.approver or None
    )
    who_hint = _("Required if the request is already fulfilled: this service needs an agreement.")
    where_hint = _("For example “by e-mail on 3 March”. The requester will see this.")
    where = PlainTextInputElement(initial_value=form.draft.agreed_where or None, max_length=INPUT_MAX)
    return [
        field(ids.APPROVER, _("Who agreed"), element, hint=who_hint, optional=True),
        field(ids.AGREED_WHERE, _("Where and when they agreed"), where, hint=where_hint, optional=True),
    ]


def notes(_: Translator, draft: TicketDraft) -> list[Block]:
    """What the ticket has beside what its inputs hold."""
    notes: list[Block] = []
    if draft.rest:
        notes.append(
            note(_("The rest of your text is too long for this form. It will be added to the ticket."))
        )
    if draft.files:
        notes.append(note(_("Already attached: {names}", names=shown_names(_, draft.files))))
    return notes
