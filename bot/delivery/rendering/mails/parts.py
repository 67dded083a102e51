"""What several e-mails are made from."""

from collections.abc import Iterable, Iterator

from blocks.tickets.requester.receipt import answer_text
from bot.context.actor import person_by_slack_id
from bot.delivery.rendering.context import RenderContext
from models.catalogue import QuestionType
from models.tickets.answer import Answer
from models.tickets.event import Event
from models.tickets.ticket import Ticket


def shown_answers(context: RenderContext, answers: Iterable[Answer]) -> Iterator[tuple[str, str]]:
    """The service's questions with their answers."""
    for answer in answers:
        yield answer.label.in_(context.translator.locale), _shown(context, answer)


def _shown(context: RenderContext, answer: Answer) -> str:
    _ = context.translator
    if answer.type is QuestionType.PERSON and answer.value:
        person = person_by_slack_id(context.session, str(answer.value))
        return _.name(person.name) if person else _("someone")
    return answer_text(_, answer)


def load(ticket: Ticket, event: Event) -> None:
    """Load what a template reads while the session is open."""
    for row in (ticket.requester, ticket.site, ticket.service, event.actor):
        _loaded = row and row.name
