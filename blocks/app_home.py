"""The App Home: known outages, buttons, a technician's queue, and the person's tickets."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, DividerBlock
from slack_sdk.models.views import View

from blocks import ids
from blocks.approvals.absence import absence_section
from blocks.approvals.lists import waiting_agreements
from blocks.approvals.requester import waiting_requests
from blocks.i18n import Translator
from blocks.kit.text import bold, header, plain, rich, text_part
from blocks.kit.view_state import Fields, dump_view_state, load_view_state, read_page
from blocks.outages.cards import declare_button, outage_banner
from blocks.own_data.view import own_data_button
from blocks.queue.rows import queue_blocks
from blocks.queue.state import dump_queue_state, load_queue_state
from blocks.tickets.my_tickets import Listing, listing, search_button
from blocks.tickets.requester.waiting import waiting_blocks
from blocks.tickets.state import Which
from models.approvals.approval import Absence, Approval
from models.approvals.request import AgreementRequest
from models.pages import Queue, QueueState, Waiting
from models.tickets.outage import KnownOutages
from models.tickets.ticket import Ticket


@dataclass(frozen=True)
class HomeState:
    """The pages (from 0) of the two lists, and the state of the queue; `None`: none is shown."""

    open_page: int = 0
    closed_page: int = 0
    queue: QueueState | None = None

    @classmethod
    def load(cls, fields: Fields) -> Self:
        return cls(read_page(fields.get("open")), read_page(fields.get("closed")), load_queue_state(fields))

    @classmethod
    def saved(cls, text: str | None) -> Self:
        """The state that was saved when the Home was last published."""
        return cls.load(load_view_state({"private_metadata": text}))

    def dump(self) -> Fields:
        queue = None if self.queue is None else dump_queue_state(self.queue)
        return {"open": self.open_page, "closed": self.closed_page, "queue": queue}

    def at_page(self, which: Which, page: int) -> Self:
        """The same at another page of one of the lists."""
        return replace(self, open_page=page) if which == "open" else replace(self, closed_page=page)


@dataclass(frozen=True)
class HomeContents:
    """What an App Home shows. `queue`: a technician's."""

    open_tickets: Listing
    closed_tickets: Listing
    outages: KnownOutages
    agreements: Sequence[AgreementRequest] = ()
    """What waits for the person's agreement, the oldest; `agreements_count`: how many wait in all."""
    agreements_count: int = 0
    to_complete: Sequence[tuple[Ticket, Approval]] = ()
    """Their requests whose approver needs an information, or is to be named."""
    waiting: Waiting = Waiting()  # noqa: RUF009 (frozen)
    queue: Queue | None = None
    absence: Absence | None = None

    @property
    def has_tickets(self) -> bool:
        """Whether the person has ever raised one."""
        return bool(self.open_tickets.tickets or self.closed_tickets.tickets)


def home_view(_: Translator, home: HomeContents, *, now: datetime) -> View:
    """The whole App Home; its size does not depend on how many tickets there are."""
    queue = home.queue
    new_ticket, catalogue, _my_tickets = entry_buttons(_)
    for_technicians = [] if queue is None else [solved_call_button(_), declare_button(_)]
    buttons = [new_ticket, catalogue, *for_technicians]
    parts: list[list[Block]] = [
        [header(_("IT help desk")), *outage_banner(_, home.outages), ActionsBlock(elements=buttons)],
        waiting_agreements(_, home.agreements, home.agreements_count),
        waiting_requests(_, home.to_complete),
        waiting_blocks(_, home.waiting),
        [] if queue is None else [header(_("My queue")), *queue_blocks(_, queue, now=now)],
        *(_own_tickets(_, home) if home.has_tickets else [_first_steps(_)]),
        absence_section(_, home.absence, beside=own_data_button(_)),
    ]
    blocks: list[Block] = []
    for part in filter(None, parts):
        blocks += [*([DividerBlock()] if blocks else []), *part]
    state = HomeState(home.open_tickets.page, home.closed_tickets.page, queue.state if queue else None)
    return View(
        type="home", callback_id=ids.HOME, private_metadata=dump_view_state(state.dump()), blocks=blocks
    )


def _own_tickets(_: Translator, home: HomeContents) -> list[list[Block]]:
    """The two lists, with the search between the first one's title and its tickets."""
    title, *rows = listing(_, home.open_tickets)
    return [[title, ActionsBlock(elements=[search_button(_)]), *rows], listing(_, home.closed_tickets)]


def _first_steps(_: Translator) -> list[Block]:
    """For somebody who has no ticket yet: what they can do here."""
    steps = (
        (_("Something not working?"), _("Press “New IT ticket”, or write to us in the “Messages” tab.")),
        (_("Need something?"), _("Look in the IT service catalogue.")),
        (_("What next?"), _("We write to you in Slack, and you can follow everything here.")),
    )
    lines = [rich([bold(question), text_part(f" {answer}")]) for question, answer in steps]
    return [header(_("How it works")), *lines]


def solved_call_button(_: Translator) -> ButtonElement:
    """The button that opens the short form of a call that was already solved."""
    return ButtonElement(text=plain(_("Solved call")), action_id=ids.OPEN_SOLVED_CALL, value="new")


def entry_buttons(_: Translator) -> list[ButtonElement]:
    """The buttons that open a new ticket, the catalogue, and the person's tickets."""
    return [
        ButtonElement(text=plain(_("New IT ticket")), action_id=ids.NEW_TICKET, value="new", style="primary"),
        ButtonElement(text=plain(_("IT service catalogue")), action_id=ids.OPEN_CATALOGUE, value="top"),
        ButtonElement(text=plain(_("My tickets")), action_id=ids.OPEN_MY_TICKETS, value="open"),
    ]
