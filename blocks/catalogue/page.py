"""The catalogue of services as a modal: a level, the results of a search, a service's page.

The search field stands on every level and result. Slack wants a `submit` where there is an input, so the
modal's own button says "Search" and does what Enter in the field does. The state keeps the text in the field,
searched or not, so that moving about does not lose it.
"""

from collections.abc import Sequence
from dataclasses import replace

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    InputBlock,
    SectionBlock,
)
from slack_sdk.models.views import View

from blocks import ids
from blocks.articles.view import ArticleFrame, article_view
from blocks.catalogue.state import CatalogueState, dump_catalogue_state
from blocks.i18n import N_, Translator
from blocks.kit.inputs import search_field
from blocks.kit.lists import paging
from blocks.kit.text import bold, cut, header, note, plain, rich, user_text
from models.article import Article
from models.catalogue import Group
from models.characters import one_line
from models.pages import ArticlePage, CatalogueItem, CataloguePage, ServicePage

PAGE_SIZE = 20  # two blocks an item, and those around them: well under Slack's 100
DESCRIPTION_CUT = 200
BREADCRUMB_MAX = 250
BUTTON_MAX = 75  # also its accessibility label (docs.slack.dev, "Button element")

GROUP, SERVICE, ARTICLE = N_("📁 Group"), N_("🛎️ Service"), N_("📖 Article")
ARTICLES_MAX = 20  # on a service's page
EMPTY_CATALOGUE = N_("The catalogue is empty for now. You can still raise a ticket with /ticket.")
EMPTY_GROUP = N_("There is nothing here yet. Go back, or search the whole catalogue.")


def catalogue_page(_: Translator, page: CataloguePage, *, state: CatalogueState) -> View:
    """One page of a group, or of the top: a row an item, with a button that opens it."""
    group, state = page.group, replace(state, page=page.page)
    names = _names(_, [*page.above, group] if group else page.above)
    blocks: list[Block] = [catalogue_field(_, state), breadcrumb(_, names, state)]
    if state.is_top:
        blocks.insert(0, header(_("DNum service requests")))
    if group is not None:
        blocks += [header(group.name.in_(_.locale)), *user_text(group.description.in_(_.locale))]
    if not page.items:
        blocks.append(note(_(EMPTY_GROUP if group else EMPTY_CATALOGUE)))
    for item in page.items:
        blocks += item_row(_, item, [])
    return catalogue_modal(
        _, [*blocks, *paging(_, ids.CATALOGUE_PAGE, state.page, page.has_more)], state, submit=True
    )


def service_view(_: Translator, page: ServicePage, *, state: CatalogueState) -> View:
    """A service's page: its description, and buttons for what it offers."""
    service, name = page.service, page.service.name.in_(_.locale)
    blocks: list[Block] = [
        breadcrumb(_, [*_names(_, page.above), name], state),
        header(name),
        note(_("{kind} · Team: {team}", kind=_(SERVICE), team=page.team.name.in_(_.locale))),
        *user_text(service.description.in_(_.locale)),
    ]
    if service.have_ready:
        blocks += [rich([bold(_("What you will need"))]), *user_text(service.have_ready.in_(_.locale))]
    if page.articles:
        blocks += [rich([bold(_("Before you raise a ticket"))])]
        blocks += [article_row(_, each) for each in page.articles[:ARTICLES_MAX]]
    buttons = _offers(_, page)
    if buttons:
        blocks.append(ActionsBlock(elements=buttons))
    return catalogue_modal(_, blocks, state, submit=False)


def article_row(_: Translator, article: Article) -> Block:
    """An article's title, with a button that opens it."""
    title = article.title.in_(_.locale)
    label = cut(_("Open the article {name}", name=title), BUTTON_MAX)
    open_button = ButtonElement(
        text=plain(_("Open")), action_id=ids.OPEN_ARTICLE, value=article.id, accessibility_label=label
    )
    return SectionBlock(text=plain(f"{_(ARTICLE)} · {title}"), accessory=open_button)


def article_in_catalogue(_: Translator, page: ArticlePage, *, state: CatalogueState) -> View:
    """An article's page: its steps, its services, and a button that says that it helped."""
    frame = ArticleFrame(
        ids.ARTICLE,
        dump_catalogue_state(state),
        submit=_("This answers my question"),
        above=[breadcrumb(_, [page.article.title.in_(_.locale)], state)],
    )
    return article_view(_, page.article, frame, services=page.services)


def catalogue_modal(_: Translator, blocks: Sequence[Block], state: CatalogueState, *, submit: bool) -> View:
    return View(
        type="modal",
        callback_id=ids.CATALOGUE,
        title=plain(_("Service catalogue")),
        submit=plain(_("Search")) if submit else None,
        close=plain(_("Close")),
        private_metadata=dump_catalogue_state(state),
        blocks=blocks,
    )


def catalogue_field(_: Translator, state: CatalogueState) -> InputBlock:
    placeholder = _("For example: printer, Wi-Fi, password")
    return search_field(ids.SEARCH, _("Search the catalogue"), state.field_text, placeholder=placeholder)


def breadcrumb(_: Translator, names: Sequence[str], state: CatalogueState) -> Block:
    """The names from the top to here, with "Back" beside them everywhere but at the top."""
    path = _path([_("Catalogue"), *names])
    if state.is_top:
        return note(path)
    back = ButtonElement(text=plain(_("Back")), action_id=ids.BACK, value="back")
    return SectionBlock(text=plain(path), accessory=back)


def _path(names: Sequence[str]) -> str:
    """The names one after the other; of a long path, its two ends."""
    whole = " › ".join(names)
    return whole if len(whole) <= BREADCRUMB_MAX else " › ".join([names[0], "…", *names[-2:]])


def item_row(_: Translator, item: CatalogueItem, above: Sequence[Group]) -> list[Block]:
    is_group, name = isinstance(item, Group), item.name.in_(_.locale)
    label = _("Open the group {name}", name=name) if is_group else _("Open the service {name}", name=name)
    open_button = ButtonElement(
        text=plain(_("Open")),
        action_id=ids.GROUP if is_group else ids.SERVICE,
        value=item.id,
        accessibility_label=cut(label, BUTTON_MAX),
    )
    description = cut(one_line(item.description.in_(_.locale)), DESCRIPTION_CUT)
    path = [_path(_names(_, above))] if above else []
    return [
        SectionBlock(text=plain(f"{_(GROUP if is_group else SERVICE)} · {name}"), accessory=open_button),
        note("\n".join([*path, description])),
    ]


def _offers(_: Translator, page: ServicePage) -> list[ButtonElement]:
    service = page.service
    offers = [
        (service.offers_request, _("Request this service"), ids.REQUEST_SERVICE, "primary"),
        (service.offers_incident, _("Report a problem"), ids.REPORT_PROBLEM, None),
    ]
    buttons = [
        ButtonElement(text=plain(label), action_id=action_id, value=service.id, style=style)
        for is_offered, label, action_id, style in offers
        if is_offered
    ]
    if service.url:
        link = plain(_("Open the page"))
        buttons.append(
            ButtonElement(text=link, action_id=ids.SERVICE_LINK, value=service.id, url=service.url)
        )
    return buttons


def _names(_: Translator, groups: Sequence[Group]) -> list[str]:
    return [group.name.in_(_.locale) for group in groups]
