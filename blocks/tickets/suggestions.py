"""What a ticket form suggests under its title, and the view that adds to a ticket what the form says."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, SectionBlock
from slack_sdk.models.views import View

from blocks import ids, labels
from blocks.articles.view import ArticleFrame, article_view
from blocks.i18n import N_, Translator
from blocks.kit.files import shown_names
from blocks.kit.inputs import FormHead, long_text, text_of, ticket_view
from blocks.kit.text import LABEL_MAX, cut, labelled, note, plain, quote, rich
from blocks.kit.values import Payload
from blocks.kit.view_state import dump_view_state, load_view_state, read_id
from blocks.outages.cards import known_outage, outage_banner
from blocks.tickets.conversation.comments import NoteState
from blocks.tickets.requester.said import last_said
from models.article import Article
from models.errors import StalePayload
from models.lifecycle import Kind
from models.tickets.draft import (
    Addition,
    ArticleSuggestion,
    OutageSuggestion,
    ServiceSuggestion,
    Suggestion,
    TicketSuggestion,
)
from models.tickets.event import Event
from models.tickets.outage import KnownOutage, KnownOutages
from models.tickets.ticket import Ticket

SAID_MAX = 1_000  # characters
FORMS = {
    Kind.REQUEST: (N_("Request this service"), ids.SUGGESTED_REQUEST),
    Kind.INCIDENT: (N_("Report a problem"), ids.SUGGESTED_INCIDENT),
}


@dataclass(frozen=True)
class FormHelp:
    """The known outages, for the form's top, and what is suggested under its title."""

    outages: KnownOutages
    suggestions: Sequence[Suggestion] = ()
    explained_by: KnownOutage | None = None
    """The outage that is suggested."""


def banner(_: Translator, found: FormHelp) -> list[Block]:
    """The known outages at the top, without the one that stands under the title."""
    suggested = found.explained_by.outage.id if found.explained_by else None
    all_shown, more = found.outages.shown, found.outages.more
    shown = [known for known in all_shown if known.outage.id != suggested]
    if suggested is not None and len(shown) == len(all_shown):  # it was one of the others
        more = max(more - 1, 0)
    return _numbered(ids.KNOWN_OUTAGES, outage_banner(_, KnownOutages(shown, more)))


def suggestion_blocks(_: Translator, found: FormHelp) -> list[Block]:
    """What is suggested, below the title."""
    blocks = [block for each in found.suggestions for block in _suggestion(_, each, found.explained_by)]
    return _numbered(ids.SUGGESTIONS, blocks)


def with_help(_: Translator, blocks: Sequence[Payload], found: FormHelp | None) -> list[Payload]:
    """The blocks of an open form with the outages and suggestions of now; `None`: only without its earlier
    suggestions."""
    kept = [block for block in blocks if not block["block_id"].startswith(f"{ids.SUGGESTIONS}.")]
    if found is None:
        return kept
    kept = [block for block in kept if not block["block_id"].startswith(f"{ids.KNOWN_OUTAGES}.")]
    below = next((index for index, block in enumerate(kept, 1) if block["block_id"] == ids.TITLE), None)
    if below is None:  # no form of ours
        return kept
    alerts = [block for block in kept[:1] if block["block_id"] == ids.ALERT]
    suggested = [block.to_dict() for block in suggestion_blocks(_, found)]
    # A form that an earlier version opened has a banner whose blocks cannot be told from others.
    has_other_banner = any(block["type"] == "divider" for block in kept)
    top = [] if has_other_banner else [block.to_dict() for block in banner(_, found)]
    return [*alerts, *top, *kept[len(alerts) : below], *suggested, *kept[below:]]


def _numbered(prefix: str, blocks: Sequence[Block]) -> list[Block]:
    for number, block in enumerate(blocks):
        block.block_id = f"{prefix}.{number}"
    return list(blocks)


def _suggestion(_: Translator, suggestion: Suggestion, explained_by: KnownOutage | None) -> list[Block]:
    match suggestion:
        case OutageSuggestion():
            return (
                known_outage(_, explained_by, is_followable=suggestion.is_followable) if explained_by else []
            )
        case TicketSuggestion():
            return [_ticket(_, suggestion)]
        case ServiceSuggestion():
            return _service(_, suggestion)
        case ArticleSuggestion():
            return [_article(_, suggestion)]


def _ticket(_: Translator, suggestion: TicketSuggestion) -> Block:
    text = _(
        "You already have an open ticket about this: No. {number} · {title}",
        number=suggestion.number,
        title=suggestion.title,
    )
    label = add_label(_, suggestion.number)
    return _line(text, _button(label, suggestion.title, ids.ADD_TO_TICKET, str(suggestion.number)))


def _service(_: Translator, suggestion: ServiceSuggestion) -> list[Block]:
    name = suggestion.name.in_(_.locale)
    if suggestion.url:
        link = _button(_("Open the page"), name, ids.SERVICE_LINK, suggestion.service_id)
        link.url = suggestion.url
        return [_line(_("There is a page about this: {name}", name=name), link)]
    text = _("There is a form for this: {name}", name=name)
    forms = [FORMS[kind] for kind in suggestion.kinds]
    if len(forms) == 1:
        [(_label, action_id)] = forms
        return [_line(text, _button(_("Open"), name, action_id, suggestion.service_id))]
    buttons = [_button(_(label), name, action_id, suggestion.service_id) for label, action_id in forms]
    return [SectionBlock(text=plain(text)), ActionsBlock(elements=buttons)]


def _article(_: Translator, suggestion: ArticleSuggestion) -> Block:
    title = suggestion.title.in_(_.locale)
    text = _("An article may help you: {title}", title=title)
    return _line(text, _button(_("Read"), title, ids.READ_ARTICLE, suggestion.article_id))


def _line(text: str, button: ButtonElement) -> SectionBlock:
    return SectionBlock(text=plain(text), accessory=button)


def _button(text: str, about: str, action_id: str, value: str) -> ButtonElement:
    label = cut(f"{text} · {about}", LABEL_MAX)
    return ButtonElement(text=plain(text), action_id=action_id, value=value, accessibility_label=label)


# -- what is pushed on the form ---


def add_label(_: Translator, number: int) -> str:
    """The text of the buttons that add to a ticket: at most 24 characters."""
    return _("Add to No. {number}", number=number)


def addition_form(
    _: Translator, ticket: Ticket, addition: Addition, *, last: Event | None, said: str
) -> View:
    """The view that adds to a ticket what a form says. `last`: the ticket's last event that its requester
    may see; `said`: what the team last wrote to them, unless they wrote later."""
    blocks: list[Block] = [
        rich(labelled(_, _("Status"), _(labels.STATUS[ticket.status])), last_said(_, ticket, last)),
        *quote(cut(said, SAID_MAX)),
        long_text(ids.REASON, _("Your message"), initial=addition.text, optional=bool(addition.files)),
    ]
    if addition.rest:
        blocks.append(note(_("The rest of your text is too long for this form. It will be added too.")))
    if addition.files:
        blocks.append(note(_("Already attached: {names}", names=shown_names(_, addition.files))))
    title, submit = _("Add details"), add_label(_, ticket.id)
    head = FormHead(ids.ADD_TO_TICKET_FORM, title=title, submit=submit, close=_("Back"))
    return ticket_view(_, ticket, head, blocks, NoteState(ticket.id, None, addition.submission).dump())


def read_addition(view: Payload) -> tuple[NoteState, str]:
    """The ticket, and the text for it. Raises `StalePayload`, `FieldRefused`."""
    return NoteState.load(load_view_state(view)), text_of(view, ids.REASON)


def article_in_form(_: Translator, article: Article) -> View:
    """An article, with the button that says that it was enough."""
    state = dump_view_state({"article": article.id})
    submit, close = _("This answers my question"), _("Back")
    return article_view(_, article, ArticleFrame(ids.ARTICLE_IN_FORM, state, submit, close))


def read_article_id(view: Payload) -> str:
    """The article that a view shows. Raises `StalePayload`."""
    article_id = read_id(load_view_state(view).get("article"))
    if article_id is None:
        raise StalePayload
    return article_id
