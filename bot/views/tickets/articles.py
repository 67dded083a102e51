"""Articles put into a reply or a solution."""

from slack_sdk.models.views import View

from blocks import ids
from blocks.articles.insertion import with_article_text
from blocks.i18n import translator
from blocks.kit.notices import with_alert
from blocks.kit.values import Payload
from blocks.tickets.conversation.comments import reply_field
from blocks.tickets.insertion import entered, with_menus_reset, with_text
from blocks.tickets.resolution import solution_field
from bot.context.unit_of_work import UnitOfWork
from bot.services.articles import article
from bot.services.tickets.actions import check
from models.errors import ArticleNotFound
from models.lifecycle import Action


def with_article(uow: UnitOfWork, number: int, view: Payload, article_id: str) -> View:
    """The open reply or solution with an article after its text, in the requester's language; with an alert,
    and the text as it was, when there is no room for it or it was removed.

    Raises as `check` does, and `FieldRefused`."""
    is_reply, _ = view["callback_id"] == ids.REPLY_FORM, translator(uow.actor.locale)
    ticket = check(uow, number, Action.REPLY if is_reply else Action.RESOLVE)
    field = reply_field(_) if is_reply else solution_field(_)
    theirs = translator(ticket.requester.locale)
    try:
        found = article(uow.session, article_id)
    except ArticleNotFound:
        gone = _("This article is no longer there. Choose another one, or write the steps yourself.")
        return with_alert(with_menus_reset(view), gone)
    text = with_article_text(theirs, entered(view, field.block_id), found)
    if text is None:
        no_room = _("There is no room left for this article. Shorten your text, then insert it again.")
        return with_alert(with_menus_reset(view), no_room)
    return with_text(view, field, text)
