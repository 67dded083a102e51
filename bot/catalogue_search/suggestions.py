"""What is put before somebody who did not search: only what is surely meant."""

from collections.abc import Sequence

from bot.catalogue_search.entries import EntryKind
from bot.catalogue_search.index import Index
from bot.catalogue_search.ranking import KINDS, Match, rank

# Set on queries with their right answers (`make search-quality`): of those that no service answers, one in 14
# gets a suggestion, at most.
CONFIDENT = 0.45


def confident(index: Index, text: str) -> Sequence[Match]:
    """The service, and the article, that a text is surely about: at most one of each, the service first.

    None when something that the help desk does not serve answers better.
    """
    matches = rank(index, text)
    if matches and matches[0].entry.kind is EntryKind.OUT_OF_SCOPE:
        return []
    found = (_best(matches, kind) for kind in (EntryKind.SERVICE, EntryKind.ARTICLE))
    return [match for match in found if match and match.score >= CONFIDENT * KINDS[match.entry.kind]]


def _best(matches: Sequence[Match], kind: EntryKind) -> Match | None:
    return next((match for match in matches if match.entry.kind is kind), None)
