"""The ticket form, and its reader. A service's own questions stand in it too."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from slack_sdk.models.blocks import (
    Block,
    InputBlock,
    PlainTextInputElement,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.blocks.block_elements import FileInputElement
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.i18n import Translator
from blocks.kit.fields import field_of
from blocks.kit.files import FORM_MAX, read_files, shown_name
from blocks.kit.inputs import INPUT_MAX, checked_text, field, long_text, text_of
from blocks.kit.notices import kept
from blocks.kit.text import note, option, plain
from blocks.kit.values import chosen, read_number, text_or_none
from blocks.kit.view_state import Place, dump_view_state, load_view_state
from blocks.outages.cards import outage_banner
from blocks.tickets.questions import question_inputs, read_answers
from models.catalogue import Service, Site
from models.lifecycle import TITLE_MAX, Impact, Kind, Status, Urgency, priority_of
from models.tickets.draft import NewFile, TicketDraft
from models.tickets.outage import KnownOutages

NAME_MAX = 60
ID_MAX = 64
FILE_ID_MAX = 32
SOURCE_MAX = 3000

Word = TypeVar("Word", bound=StrEnum)


def ticket_form(
    _: Translator,
    *,
    sites: Sequence[Site],
    statuses: Sequence[Status],
    draft: TicketDraft,
    service: Service | None = None,
    description_required: bool = False,
    technician: str | None = None,
    outages: KnownOutages,
) -> View:
    """The form as a modal, filled with `draft`; a service's form names it and asks its questions.

    `technician`: the Slack id of who files it, when they may do so on behalf of somebody else, or for a call
    that they solved already."""
    blocks = outage_banner(_, outages)
    if technician is not None:
        blocks.append(_requester(_, draft.requester or technician))
    if service is not None:
        blocks.append(note(_("Service: {name}", name=service.name.in_(_.locale))))
    blocks.append(_title(_, draft))
    if service is not None and draft.kind is Kind.REQUEST:
        blocks.extend(question_inputs(_, service))
    blocks.extend(
        [
            _choice(_, ids.STATUS, _("Status"), labels.STATUS, statuses, draft.status),
            _choice(
                _,
                ids.IMPACT,
                _("User impact"),
                labels.IMPACT,
                list(Impact),
                draft.impact,
                hint=_("Who cannot work as they should?"),
                dispatch=True,
            ),
            _choice(
                _,
                ids.URGENCY,
                _("User urgency"),
                labels.URGENCY,
                list(Urgency),
                draft.urgency,
                hint=_("How long can it wait? “Critical” means that work has stopped."),
                dispatch=True,
            ),
            priority_note(_, draft),
            _site(_, sites, draft.site_id),
            _description(_, draft, required=description_required),
            _files(_),
        ]
    )
    if technician is not None:
        blocks.append(_solution(_, draft))
    if len(draft.description) > INPUT_MAX:
        blocks.append(note(_("The message is longer than the form holds: the ticket links to it.")))
    if draft.files:
        names = ", ".join(shown_name(_, file, NAME_MAX) for file in draft.files)
        blocks.append(note(_("Attached from the message: {names}", names=names)))
    return View(
        type="modal",
        callback_id=ids.TICKET_FORM,
        title=plain(_("IT ticket") if draft.kind is Kind.INCIDENT else _("Service request")),
        submit=plain(_("Save and close")),
        close=plain(_("Cancel")),
        private_metadata=dump_view_state(
            {
                "submission": draft.submission,
                "kind": draft.kind.value,
                "service": draft.service_id,
                "follows": draft.follows_id,
                "source": draft.source,
                "kept": True if draft.files else None,
            }
        ),
        blocks=blocks,
    )


def priority_note(_: Translator, draft: TicketDraft) -> Block:
    """The priority that the choices give, or what is missing to know it."""
    if draft.impact is None or draft.urgency is None:
        text = _("Priority: choose an impact and an urgency")
    else:
        text = _(
            "Resulting priority: {priority}",
            priority=_(labels.PRIORITY_WORD[priority_of(draft.impact, draft.urgency)]),
        )
    return note(text, block_id=ids.PRIORITY)


def with_priority(_: Translator, view: dict[str, Any]) -> View:
    """The same open form with its priority worked out again. Nothing else changes: nothing typed is lost."""
    block = priority_note(_, read_ticket_form(view)).to_dict()
    blocks = [block if old["block_id"] == ids.PRIORITY else old for old in view["blocks"]]
    return View(blocks=blocks, **kept(view))


def read_ticket_form(view: dict[str, Any]) -> TicketDraft:
    """What the form says. A choice that the form never offered reads as not chosen."""
    place = load_view_state(view)
    values = view["state"]["values"]
    requester = text_of(view, ids.REQUESTER) or None
    return TicketDraft(
        submission=str(place.get("submission", ""))[:36],
        kind=_word(Kind, place.get("kind")) or Kind.INCIDENT,
        service_id=text_or_none(place.get("service"), ID_MAX),
        follows_id=read_number(place["follows"]) if place.get("follows") else None,
        title=_text(values, ids.TITLE),
        status=_word(Status, _chosen(values, ids.STATUS)),
        impact=_word(Impact, _chosen(values, ids.IMPACT)),
        urgency=_word(Urgency, _chosen(values, ids.URGENCY)),
        site_id=_chosen(values, ids.SITE),
        description=_text(values, ids.DESCRIPTION),
        answers=read_answers(view),
        files=[*_carried(place, requester), *read_files(view)],
        has_kept_files=place.get("kept") is True,
        requester=requester,
        solution=text_of(view, ids.SOLUTION),
        source=text_or_none(place.get("source"), SOURCE_MAX),
    )


def sent_again(_: Translator, number: int, *, is_added: bool, is_left: bool) -> str:
    """What somebody reads whose form made a ticket before; "" when it says no more than then."""
    lines = []
    if is_added:
        lines.append(
            _("No. {number} was filed already. What you added was passed on as a message.", number=number)
        )
    if is_left:
        lines.append(
            _(
                "No. {number} stays as you first filed it: some of what you changed since was not taken "
                "over. Please write it in the thread of the ticket’s message.",
                number=number,
            )
        )
    return "\n".join(lines)


def _requester(_: Translator, person: str) -> InputBlock:
    element = UserSelectElement(placeholder=plain(_("Choose a person")), initial_user=person)
    return field(ids.REQUESTER, _("Requester"), element, hint=_("For whom you file it."))


def _solution(_: Translator, draft: TicketDraft) -> InputBlock:
    hint = _("Needed for a call that is solved already: the requester is asked for their approval.")
    return long_text(ids.SOLUTION, _("Solution"), hint=hint, optional=True, initial=draft.solution)


def _carried(place: Place, requester: str | None) -> list[NewFile]:
    """The files of the message that a form of version 0.1 was made from: it kept them itself, so they are
    taken from who sends it, or from the requester that it names."""
    carried = place.get("files")
    pairs = carried if isinstance(carried, list) else []
    return [
        NewFile(str(pair[0])[:FILE_ID_MAX], str(pair[1]), "application/octet-stream", 0, owner=requester)
        for pair in pairs[:FORM_MAX]
        if isinstance(pair, list) and len(pair) == 2
    ]


def _title(_: Translator, draft: TicketDraft) -> InputBlock:
    return InputBlock(
        block_id=ids.TITLE,
        label=plain(_("Title")),
        hint=None if draft.service_id else plain(_("In a few words: “No Wi-Fi in room B204”")),
        element=PlainTextInputElement(
            action_id=ids.TITLE, initial_value=draft.title or None, max_length=TITLE_MAX, focus_on_load=True
        ),
    )


def _choice(
    _: Translator,
    block_id: str,
    label: str,
    words: Mapping[Word, str],
    offered: Sequence[Word],
    chosen: Word | None,
    *,
    hint: str | None = None,
    dispatch: bool = False,
) -> InputBlock:
    options = {each: option(_(words[each]), each.value) for each in offered}
    return InputBlock(
        block_id=block_id,
        label=plain(label),
        hint=plain(hint) if hint else None,
        dispatch_action=dispatch or None,
        element=StaticSelectElement(
            action_id=block_id,
            placeholder=plain(_("Choose")),
            options=list(options.values()),
            initial_option=options.get(chosen) if chosen else None,
        ),
    )


def _site(_: Translator, sites: Sequence[Site], chosen: str | None) -> InputBlock:
    options = {site.id: option(site.name.in_(_.locale), site.id) for site in sites}
    return InputBlock(
        block_id=ids.SITE,
        label=plain(_("Site")),
        element=StaticSelectElement(
            action_id=ids.SITE,
            placeholder=plain(_("Choose")),
            options=list(options.values()),
            initial_option=options.get(chosen) if chosen else None,
        ),
    )


def _description(_: Translator, draft: TicketDraft, *, required: bool) -> InputBlock:
    return InputBlock(
        block_id=ids.DESCRIPTION,
        label=plain(_("Description")),
        hint=plain(_("Please tell us what you were doing, what you saw, and since when.")),
        optional=not required,
        element=PlainTextInputElement(
            action_id=ids.DESCRIPTION,
            multiline=True,
            initial_value=draft.description[:INPUT_MAX] or None,
            max_length=INPUT_MAX,
        ),
    )


def _files(_: Translator) -> InputBlock:
    return InputBlock(
        block_id=ids.FILES,
        label=plain(_("Attachments")),
        hint=plain(_("“Add an attachment”: up to 10 files of 10 MB, a screenshot for instance.")),
        optional=True,
        element=FileInputElement(action_id=ids.FILES, max_files=10),
    )


def _text(values: dict[str, Any], block_id: str) -> str:
    return checked_text(values.get(block_id, {}).get(block_id, {}).get("value"), field_of(block_id))


def _chosen(values: dict[str, Any], block_id: str) -> str | None:
    return text_or_none(chosen(values.get(block_id, {}).get(block_id, {})), ID_MAX)


def _word(words: type[Word], value: object) -> Word | None:
    return next((word for word in words if word == value), None)
