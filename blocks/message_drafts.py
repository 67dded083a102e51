"""The answers to what somebody wrote to Guichet outside of threads, and to a mention of it in a channel."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, SectionBlock

from blocks import ids, labels
from blocks.app_home import entry_buttons
from blocks.i18n import N_, Translator
from blocks.kit.block_text import Content
from blocks.kit.selects import select
from blocks.kit.text import LABEL_MAX, cut, escape, note, option, plain
from blocks.kit.values import Payload, button_value, read_number
from blocks.tickets.actions import action_buttons, ticket_button
from models.lifecycle import Action, Kind
from models.message_draft import MessageDraft
from models.tickets.ticket import Ticket


def greeting(_: Translator) -> Content:
    """The answer to a greeting, or to a mention without words: the buttons that open something."""
    text = _("Hello. How can we help you?")
    return escape(text), [SectionBlock(text=plain(text)), ActionsBlock(elements=entry_buttons(_))]


def thanks(_: Translator, ticket: Ticket | None = None) -> Content:
    """The answer to thanks. `ticket`: the only one that waits for the person's sign-off."""
    text = _("You’re welcome.")
    if ticket is None:
        return escape(text), [SectionBlock(text=plain(text))]
    awaits = N_("No. {number} ({title}) awaits your sign-off: does the solution work for you?")
    if ticket.kind is Kind.REQUEST:
        awaits = N_("No. {number} ({title}) awaits your sign-off: do you have everything you need?")
    text += " " + _(awaits, number=ticket.id, title=labels.title(_, ticket))
    buttons = action_buttons(_, ticket, {Action.APPROVE, Action.REFUSE})
    return escape(text), [SectionBlock(text=plain(text)), ActionsBlock(elements=buttons)]


def question(
    _: Translator, draft: MessageDraft, candidates: Sequence[Ticket], *, has_words: bool = True
) -> Content:
    """Which ticket the words are about: a button for one candidate, a menu for several. `has_words`: as in
    `offer`."""
    if not candidates:
        return offer(_, draft, has_words=has_words)
    if len(candidates) == 1:
        [ticket] = candidates
        text = _("Is this about No. {number} ({title})?", number=ticket.id, title=labels.title(_, ticket))
        choice = ActionsBlock(
            elements=[_add_button(_, draft, ticket), _file_button(_, draft, _("New ticket"))]
        )
    else:
        text = _("Which of your tickets is this about?")
        menu = select(_, [option(_named(_, each), f"{draft.id}.{each.id}") for each in candidates])
        menu.action_id = ids.CHOOSE_TICKET
        choice = ActionsBlock(elements=[menu, _file_button(_, draft, _("New ticket"))])
    return escape(text), [SectionBlock(text=plain(text)), choice, _kept(_, draft)]


def offer(_: Translator, draft: MessageDraft, *, has_words: bool = True) -> Content:
    """What can be done with words that are about no ticket, or with files. `has_words`: something is said,
    beside a greeting."""
    text = _("Would you like to raise a ticket with what you wrote?")
    if draft.files and not has_words:
        text = _only_files(_, draft)
    create = _file_button(_, draft, _("Raise a ticket"), style="primary")
    _new, catalogue, _mine = entry_buttons(_)
    buttons = [create] if draft.is_mention else [create, catalogue]
    return escape(text), [SectionBlock(text=plain(text)), ActionsBlock(elements=buttons), _kept(_, draft)]


def used(_: Translator, draft: MessageDraft) -> Content:
    """What became of the words."""
    if draft.is_new_ticket:
        text = _("No. {number} has been raised.", number=draft.ticket_id)
    else:
        text = _("Added to No. {number}.", number=draft.ticket_id)
    return escape(text), [SectionBlock(text=plain(text))]


def read_choice(action: Payload) -> tuple[int, int]:
    """The draft's id and the ticket's number in a button's or an option's value. Raises `StalePayload`."""
    draft, _dot, ticket = button_value(action).partition(".")
    return read_number(draft), read_number(ticket)


def _add_button(_: Translator, draft: MessageDraft, ticket: Ticket) -> ButtonElement:
    value = f"{draft.id}.{ticket.id}"
    return ticket_button(_("Yes, add it"), ids.ADD_DRAFT, ticket, value=value, style="primary")


def _file_button(_: Translator, draft: MessageDraft, text: str, style: str | None = None) -> ButtonElement:
    label = _("{button} with what you wrote", button=text)
    return ButtonElement(
        text=plain(text),
        action_id=ids.FILE_DRAFT,
        value=str(draft.id),
        style=style,
        accessibility_label=cut(label, LABEL_MAX),
    )


def _named(_: Translator, ticket: Ticket) -> str:
    return _("No. {number}", number=ticket.id) + f" · {labels.title(_, ticket)}"


def _only_files(_: Translator, draft: MessageDraft) -> str:
    """The question for files without words; in a channel, nobody hears what is written after it."""
    if draft.is_mention:
        return _.plural(
            "Would you like to raise a ticket with your file?",
            "Would you like to raise a ticket with your files?",
            len(draft.files),
        )
    return _.plural(
        "We have received your file. What is happening? Write it here, or raise a ticket: the file will be "
        "attached to it.",
        "We have received your files. What is happening? Write it here, or raise a ticket: the files will be "
        "attached to it.",
        len(draft.files),
    )


def _kept(_: Translator, draft: MessageDraft) -> Block:
    """How long the words are kept."""
    if draft.is_mention:
        return note(_("Your message is kept for 24 hours."))
    return note(_("Your message is kept for 7 days. Until you choose, no technician reads it."))
