"""The index of files that are not loaded, for who writes them."""

from bot.articles.contents import Contents
from bot.articles.loader import articles_of
from bot.catalogue.loader import groups_of, out_of_scope, services_of
from bot.catalogue_search.entries import Rows, entries
from bot.catalogue_search.index import Index


def index_of(contents: Contents) -> Index:
    """The index of these files."""
    file = contents.catalogue
    services = [service for group in file.all_groups() for service in services_of(group)]
    return Index(entries(Rows(groups_of(file), services, articles_of(contents), out_of_scope(file))))
