"""The catalogue of services as a modal: a level, what a search found, a service's page.

The search field stands on every level and result. Slack wants a `submit` where there is an input, so the
modal's own button says "Search" and does what Enter in the field does. Every view carries what is typed in
the field, searched or not, and shows it again: moving about loses nothing.
"""

from collections.abc import Sequence
from dataclasses import replace

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    InputBlock,
    PlainTextInputElement,
    SectionBlock,
)
from slack_sdk.models.views import View

from blocks import ids
from blocks.catalogue.state import WORDS_MAX, CatalogueState, dump_catalogue_state
from blocks.i18n import N_, Translator
from blocks.kit.text import bold, cut, header, note, plain, rich, user_text
from models.catalogue import Group
from models.pages import CatalogueItem, CataloguePage, SearchPage, ServicePage

PAGE_SIZE = 20  # two blocks a box, and those around them: well under Slack's 100
DESCRIPTION_CUT = 200
BREADCRUMB_MAX = 250
BUTTON_MAX = 75  # also its accessibility label (docs.slack.dev, "Button element")

GROUP, SERVICE = N_("📁 Group"), N_("🛎️ Service")
EMPTY_CATALOGUE = N_("The catalogue is empty for now. You can still file a ticket with /ticket.")
EMPTY_GROUP = N_("Nothing stands here for now. Go back, or search the whole catalogue.")

NOTHING_FOUND = N_(
    "Nothing in the catalogue matches “{words}”. Try fewer words or other ones, go back to the catalogue, "
    "or file a ticket with /ticket: we will find who can help."
)


def catalogue_level(_: Translator, page: CataloguePage, *, place: CatalogueState) -> View:
    """One page of a group, or of the top: a row a box, with a button that opens it."""
    group, place = page.group, replace(place, page=page.page)
    names = _names(_, [*page.above, group] if group else page.above)
    blocks: list[Block] = [_search_field(_, place), _breadcrumb(_, names, place)]
    if group is not None:
        blocks += [header(group.name.in_(_.locale)), *user_text(group.description.in_(_.locale))]
    if not page.boxes:
        blocks.append(note(_(EMPTY_GROUP if group else EMPTY_CATALOGUE)))
    for box in page.boxes:
        blocks += _row(_, box, [])
    return _view(_, [*blocks, *_paging(_, place, page.has_more)], place, submit=True)


def search_results(_: Translator, found: SearchPage, *, place: CatalogueState) -> View:
    """One page of what a search found, each box with the way to it."""
    place = replace(place, page=found.page)
    blocks: list[Block] = [_search_field(_, place), _breadcrumb(_, [_("Search results")], place)]
    if found.items:
        count = _.plural(
            "{count} result for “{words}”", "{count} results for “{words}”", found.total, words=found.words
        )
        blocks.append(note(count))
    else:
        blocks.append(note(_(NOTHING_FOUND, words=found.words)))
    for hit in found.items:
        blocks += _row(_, hit.box, hit.above)
    return _view(_, [*blocks, *_paging(_, place, found.has_more)], place, submit=True)


def service_view(_: Translator, page: ServicePage, *, place: CatalogueState) -> View:
    """All there is to know of a service, and what can be asked of it."""
    service, name = page.service, page.service.name.in_(_.locale)
    blocks: list[Block] = [
        _breadcrumb(_, [*_names(_, page.above), name], place),
        header(name),
        note(_("{kind} · Team: {team}", kind=_(SERVICE), team=page.team.name.in_(_.locale))),
        *user_text(service.description.in_(_.locale)),
    ]
    if service.have_ready:
        blocks += [rich([bold(_("What to have at hand"))]), *user_text(service.have_ready.in_(_.locale))]
    buttons = _offers(_, page)
    if buttons:
        blocks.append(ActionsBlock(elements=buttons))
    return _view(_, blocks, place, submit=False)


def _view(_: Translator, blocks: Sequence[Block], place: CatalogueState, *, submit: bool) -> View:
    return View(
        type="modal",
        callback_id=ids.CATALOGUE,
        title=plain(_("Service catalogue")),
        submit=plain(_("Search")) if submit else None,
        close=plain(_("Close")),
        private_metadata=dump_catalogue_state(place),
        blocks=blocks,
    )


def _search_field(_: Translator, place: CatalogueState) -> InputBlock:
    return InputBlock(
        block_id=ids.SEARCH,
        label=plain(_("Search the catalogue")),
        dispatch_action=True,
        optional=True,  # one may as well browse
        element=PlainTextInputElement(
            action_id=ids.SEARCH,
            placeholder=plain(_("One word or several: printer, Wi-Fi, password…")),
            initial_value=place.typed or None,
            max_length=WORDS_MAX,
        ),
    )


def _breadcrumb(_: Translator, names: Sequence[str], place: CatalogueState) -> Block:
    """The way from the top to here; "Back" stands beside it everywhere but at the top."""
    way = _way([_("Catalogue"), *names])
    if place.is_top:
        return note(way)
    back = ButtonElement(text=plain(_("Back")), action_id=ids.BACK, value="back")
    return SectionBlock(text=plain(way), accessory=back)


def _way(names: Sequence[str]) -> str:
    """The names one after the other; of a long way, its two ends."""
    whole = " › ".join(names)
    return whole if len(whole) <= BREADCRUMB_MAX else " › ".join([names[0], "…", *names[-2:]])


def _row(_: Translator, box: CatalogueItem, above: Sequence[Group]) -> list[Block]:
    is_group, name = isinstance(box, Group), box.name.in_(_.locale)
    spoken = _("Open the group {name}", name=name) if is_group else _("Open the service {name}", name=name)
    open_it = ButtonElement(
        text=plain(_("Open")),
        action_id=ids.GROUP if is_group else ids.SERVICE,
        value=box.id,
        accessibility_label=cut(spoken, BUTTON_MAX),
    )
    description = cut(" ".join(box.description.in_(_.locale).split()), DESCRIPTION_CUT)
    way = [_way(_names(_, above))] if above else []
    return [
        SectionBlock(text=plain(f"{_(GROUP if is_group else SERVICE)} · {name}"), accessory=open_it),
        note("\n".join([*way, description])),
    ]


def _paging(_: Translator, place: CatalogueState, has_more: bool) -> list[Block]:
    buttons = [(_("Previous"), place.page - 1)] if place.page > 0 else []
    if has_more:
        buttons.append((_("Next"), place.page + 1))
    elements = [
        ButtonElement(text=plain(words), action_id=f"{ids.CATALOGUE_PAGE}.{page}", value=str(page))
        for words, page in buttons
    ]
    return [ActionsBlock(elements=elements)] if elements else []


def _offers(_: Translator, page: ServicePage) -> list[ButtonElement]:
    service = page.service
    asked = [
        (service.offers_request, _("Request this service"), ids.REQUEST_SERVICE, "primary"),
        (service.offers_incident, _("Report a problem"), ids.REPORT_PROBLEM, None),
    ]
    buttons = [
        ButtonElement(text=plain(words), action_id=action_id, value=service.id, style=style)
        for offered, words, action_id, style in asked
        if offered
    ]
    if service.url:
        link = plain(_("Open its page"))
        buttons.append(
            ButtonElement(text=link, action_id=ids.SERVICE_LINK, value=service.id, url=service.url)
        )
    return buttons


def _names(_: Translator, groups: Sequence[Group]) -> list[str]:
    return [group.name.in_(_.locale) for group in groups]
