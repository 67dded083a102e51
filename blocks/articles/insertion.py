"""An article in a text that a technician writes: its menu, and its text as plain text.

The steps themselves are put in, for an email reaches people who cannot open the catalogue; the technician can
edit them before they are sent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import OptionGroup, StaticSelectElement

from blocks import ids
from blocks.articles.body import picture
from blocks.i18n import Translator
from blocks.kit.selects import OPTIONS_MAX
from blocks.kit.text import option, plain
from models.article import Article
from models.fields import INPUT_MAX
from models.markdown.plain_text import Passage, passages

ARTICLES_MAX = 500  # of a menu: a view takes at most 250 kB (docs.slack.dev, "views.open")


@dataclass(frozen=True)
class ArticleChoice:
    """The articles that a form offers: those of the ticket's service, and the others."""

    own: Sequence[Article] = ()
    others: Sequence[Article] = ()


NO_ARTICLES = ArticleChoice()


def article_menu(_: Translator, choice: ArticleChoice) -> StaticSelectElement | None:
    """The menu of articles, those of the ticket's service first; `None` without any."""
    groups = [*_groups(_, _("For this service"), choice.own[:OPTIONS_MAX])]
    groups += _groups(_, _("Articles"), choice.others[:ARTICLES_MAX])
    if not groups:
        return None
    return StaticSelectElement(
        action_id=ids.INSERT_ARTICLE, placeholder=plain(_("Insert an article")), option_groups=groups
    )


def _groups(_: Translator, label: str, articles: Sequence[Article]) -> Iterator[OptionGroup]:
    for start in range(0, len(articles), OPTIONS_MAX):
        shown = articles[start : start + OPTIONS_MAX]
        options = [option(article.title.in_(_.locale), article.id) for article in shown]
        yield OptionGroup(label=plain(label), options=options)


def with_article_text(_: Translator, typed: str, article: Article) -> str | None:
    """What was typed with the article after it, in `_`'s language; `None` when not even a step has room.

    An article that is longer than the room left is cut between two steps, with a sentence that says where the
    rest is."""
    typed = typed.rstrip()
    parts = passages(article.body.in_(_.locale), picture(_))
    whole = _joined(typed, parts)
    if len(whole) <= INPUT_MAX:
        return whole
    where = _(
        "The rest is in the article “{title}” of the catalogue (/catalogue).",
        title=article.title.in_(_.locale),
    )
    for count in range(len(parts) - 1, 0, -1):
        text = _joined(typed, [*parts[:count], Passage("\n\n", where)])
        if len(text) <= INPUT_MAX and not parts[count - 1].is_heading:
            return text
    return None


def _joined(typed: str, parts: Sequence[Passage]) -> str:
    text = "".join(part.before + part.text for part in parts).lstrip("\n")
    return f"{typed}\n\n{text}" if typed else text
