"""The modal that shows an article: in the catalogue, or on top of a form."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement
from slack_sdk.models.views import View

from blocks import ids
from blocks.articles.body import markdown_blocks
from blocks.i18n import Translator
from blocks.kit.text import BUTTON_MAX, cut, header, note, plain
from models.article import Article
from models.catalogue import Service

SERVICES_MAX = 25  # elements of an actions block (docs.slack.dev, "Actions block")


@dataclass(frozen=True)
class ArticleFrame:
    """What surrounds an article: the view's id and state, its buttons, and what stands above the title."""

    callback_id: str
    state: str
    """The view's `private_metadata`."""
    submit: str | None = None
    """At most 24 characters; without it the view has no button to submit."""
    close: str | None = None
    """"Close" without another text."""
    above: Sequence[Block] = ()
    below: Sequence[Block] = ()


def article_view(
    _: Translator, article: Article, frame: ArticleFrame, *, services: Sequence[Service] = ()
) -> View:
    """An article as a modal. `services`: those that it offers, which open in the catalogue."""
    return View(
        type="modal",
        callback_id=frame.callback_id,
        title=plain(_("Article")),
        submit=plain(frame.submit) if frame.submit else None,
        close=plain(frame.close or _("Close")),
        private_metadata=frame.state,
        blocks=[
            *frame.above,
            header(article.title.in_(_.locale)),
            *article_blocks(_, article),
            *_services(_, services[:SERVICES_MAX]),
            *frame.below,
        ],
    )


def article_blocks(_: Translator, article: Article) -> list[Block]:
    """The body of an article, in the reader's language."""
    return markdown_blocks(_, article.body.in_(_.locale))


def _services(_: Translator, services: Sequence[Service]) -> list[Block]:
    if not services:
        return []
    buttons = [
        ButtonElement(
            text=plain(cut(service.name.in_(_.locale), BUTTON_MAX)),
            action_id=f"{ids.ARTICLE_SERVICE}.{index}",
            value=service.id,
        )
        for index, service in enumerate(services)
    ]
    sentence = _.plural(
        "Still stuck? The service that can help:", "Still stuck? The services that can help:", len(buttons)
    )
    return [note(sentence), ActionsBlock(elements=buttons)]
