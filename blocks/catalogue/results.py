"""The results of a search in the catalogue, and what is offered when nothing answers."""

from collections.abc import Iterator

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement
from slack_sdk.models.views import View

from blocks import ids
from blocks.catalogue.page import article_row, breadcrumb, catalogue_field, catalogue_modal, item_row
from blocks.catalogue.state import CatalogueState
from blocks.i18n import N_, Translator
from blocks.kit.lists import paging
from blocks.kit.text import bold, note, plain, rich, user_text
from models.article import Article
from models.catalogue import OutOfScope
from models.pages import SearchPage

NOTHING_FOUND = N_("Nothing in the catalogue matches “{words}”.")
NEAREST = N_("Nothing in the catalogue matches “{words}” exactly. This comes nearest:")


def search_results(_: Translator, found: SearchPage, *, state: CatalogueState) -> View:
    """One page of the results of a search, each item with its groups; below the last one, a ticket with these
    words."""
    page = CatalogueState(**{**vars(state), "page": found.page})
    blocks: list[Block] = [catalogue_field(_, page), breadcrumb(_, [_("Search results")], page)]
    if found.out_of_scope:
        blocks += _out_of_scope(_, found.out_of_scope)
    if found.items or not found.out_of_scope:
        blocks.append(note(_headline(_, found)))
    for hit in found.items:
        if isinstance(hit.item, Article):
            blocks.append(article_row(_, hit.item))
        else:
            blocks += item_row(_, hit.item, hit.above)
    blocks += paging(_, ids.CATALOGUE_PAGE, page.page, found.has_more)
    if not found.has_more:
        blocks += _otherwise(_, found)
    return catalogue_modal(_, blocks, page, submit=True)


def _headline(_: Translator, found: SearchPage) -> str:
    if found.is_near:
        return _(NEAREST if found.items else NOTHING_FOUND, words=found.words)
    return _.plural(
        "{count} result for “{words}”", "{count} results for “{words}”", found.total, words=found.words
    )


def _out_of_scope(_: Translator, subject: OutOfScope) -> Iterator[Block]:
    """Who to turn to for what the help desk does not serve."""
    name = subject.name.in_(_.locale)
    yield rich([bold(_("The DNum does not look after “{subject}”", subject=name))])
    yield from user_text(subject.contact.in_(_.locale))


def _otherwise(_: Translator, found: SearchPage) -> Iterator[Block]:
    """A ticket with the words as its title; and the whole catalogue, when nothing answers."""
    create = ButtonElement(
        text=plain(_("Raise a ticket with these words")), action_id=ids.FILE_WORDS, value=found.words
    )
    browse = ButtonElement(text=plain(_("Browse the catalogue")), action_id=ids.BROWSE, value="browse")
    if found.is_near:
        create.style = "primary"
        yield ActionsBlock(elements=[create, browse])
    else:
        yield note(_("Not what you were looking for?"))
        yield ActionsBlock(elements=[create])
