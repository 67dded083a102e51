"""A known outage: the banner of the App Home and of the new ticket's form, and its team's card."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, DividerBlock, SectionBlock

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.text import (
    Part,
    bold,
    cut,
    date_time,
    escape,
    header,
    labelled,
    note,
    person,
    plain,
    quote,
    rich,
    text_part,
)
from blocks.outages.detail import history_button
from blocks.outages.updates import last_update, review_button, review_lines
from models.catalogue import Service, Site
from models.tickets.outage import Following, KnownOutage, KnownOutages, Outage, Portion
from models.tickets.ticket import Ticket

LABEL_MAX = 75  # of a button, for screen readers (docs.slack.dev, "Button element")
NAMES_MAX = 300


def outage_banner(_: Translator, outages: KnownOutages) -> list[Block]:
    """The known outages, each with the button that follows it; no block when there is none."""
    blocks: list[Block] = []
    for known in outages.shown:
        blocks += known_outage(_, known)
    if outages.more:
        blocks.append(note(_.plural("{count} more known outage", "{count} more known outages", outages.more)))
    return [*blocks, DividerBlock()] if blocks else []


def outage_card(
    _: Translator, known: KnownOutage, following: Following, *, notice: str | None = None
) -> list[Block]:
    """The outage for its team, with buttons. `notice`: a line above all."""
    outage = known.outage
    blocks: list[Block] = [note(f"⚠️ {notice}")] if notice else []
    blocks += [note(_state(_, outage)), header(outage.title)]
    blocks.append(
        rich(labelled(_, _("Declared by"), person(_, outage.declared_by.slack_id)), *outage_facts(_, known))
    )
    blocks.append(rich([bold(_answers(_, outage, following))]))
    blocks += last_update(_, outage)
    if not outage.is_over:
        return [*blocks, ActionsBlock(elements=_buttons(_, outage))]
    assert outage.resolved_by is not None
    if following.next_portion:
        blocks.append(note(_progress(_, following.next_portion)))
    return [
        *blocks,
        rich(labelled(_, _("Resolved by"), person(_, outage.resolved_by.slack_id))),
        note(_("Solution:")),
        *quote(outage.solution or ""),
        *review_lines(_, outage),
        ActionsBlock(elements=[review_button(_, outage), history_button(_, outage)]),
    ]


def card_text(_: Translator, outage: Outage, following: Following) -> str:
    """The text of the card, for notifications and screen readers."""
    parts = [_state(_, outage), outage.title, _answers(_, outage, following)]
    if following.next_portion:
        parts.append(_progress(_, following.next_portion))
    return escape(" · ".join(parts))


def followed_text(_: Translator, ticket: Ticket) -> str:
    """The message for a new follower."""
    assert ticket.outage is not None
    return _(
        "You are now following the outage “{title}” (No. {number}). When it is over, we will let you know "
        "and ask whether everything works for you. There is nothing else you need to do.",
        title=ticket.outage.title,
        number=ticket.id,
    )


def going_out_text(_: Translator, people: int) -> str:
    """The message for who resolved an outage."""
    return _.plural(
        "The solution is being sent to {people} person.",
        "The solution is being sent to {people} people.",
        people,
        people=_.number(people),
    )


def declare_button(_: Translator) -> ButtonElement:
    """Opens the form that declares an outage."""
    return ButtonElement(text=plain(_("Declare an outage")), action_id=ids.DECLARE_OUTAGE, value="new")


def known_outage(_: Translator, known: KnownOutage, *, is_followable: bool = True) -> list[Block]:
    """An outage, with the button that follows it while it is open and its reader may."""
    outage = known.outage
    if outage.is_over:
        return [*_over(_, known), *_followed(_, known)]
    follow = ButtonElement(
        text=plain(_("I am affected too")),
        action_id=ids.FOLLOW_OUTAGE,
        value=str(outage.id),
        accessibility_label=cut(_("I am affected too: {title}", title=outage.title), LABEL_MAX),
    )
    title = plain("⚠️ " + _("Known outage: {title}", title=outage.title))
    blocks: list[Block] = [
        SectionBlock(text=title, accessory=follow if is_followable and not known.ticket_id else None),
        rich(*outage_facts(_, known)),
        *last_update(_, outage),
    ]
    return [*blocks, *_followed(_, known)]


def _over(_: Translator, known: KnownOutage) -> list[Block]:
    """A resolved outage, while its solution goes out to its followers; it takes no new ones."""
    title = plain("✅ " + _("Outage over: {title}", title=known.outage.title))
    going_out = _("The solution is being sent to everyone following this outage.")
    return [SectionBlock(text=title), rich(*outage_facts(_, known)), note(going_out)]


def _followed(_: Translator, known: KnownOutage) -> list[Block]:
    if known.ticket_id is None:
        return []
    return [note(_("You are following this outage (No. {number}).", number=known.ticket_id))]


def outage_facts(_: Translator, known: KnownOutage) -> list[list[Part]]:
    """Sites, services, since when, until when."""
    outage = known.outage
    lines = [labelled(_, _("Sites"), _names(_, known.sites) if known.sites else _("all"))]
    if known.services:
        lines.append(labelled(_, _("Services"), _names(_, known.services)))
    when = labelled(_, _("Since"), date_time(_, outage.declared_at))
    if outage.expected_end and not outage.is_over:
        when += [text_part(" · "), *labelled(_, _("Expected end"), date_time(_, outage.expected_end))]
    if outage.resolved_at:
        when += [text_part(" · "), *labelled(_, _("Ended"), date_time(_, outage.resolved_at))]
    return [*lines, when]


def _names(_: Translator, rows: Sequence[Site | Service]) -> str:
    return cut(", ".join(row.name.in_(_.locale) for row in rows), NAMES_MAX)


def _state(_: Translator, outage: Outage) -> str:
    return _("Outage over") if outage.is_over else _("Known outage")


def _answers(_: Translator, outage: Outage, following: Following) -> str:
    """How many people are concerned; once it is resolved, how many approved and refused."""
    if not following.concerned:
        return _("Nobody has reported being affected yet.")
    counts = [_.plural("{count} person affected", "{count} people affected", following.concerned)]
    if outage.is_over:
        counts.append(_.plural("{count} has signed off", "{count} have signed off", following.approved))
        counts.append(_.plural("{count} has rejected", "{count} have rejected", following.refused))
    return " · ".join(counts)


def _progress(_: Translator, portion: Portion) -> str:
    return _.plural(
        "Solution sent to {told} of {people} person so far.",
        "Solution sent to {told} of {people} people so far.",
        portion.of,
        told=_.number(portion.told),
        people=_.number(portion.of),
    )


def _buttons(_: Translator, outage: Outage) -> list[ButtonElement]:
    value = str(outage.id)
    return [
        ButtonElement(
            text=plain(_("Resolve the outage")), action_id=ids.RESOLVE_OUTAGE, value=value, style="primary"
        ),
        ButtonElement(text=plain(_("Send an update")), action_id=ids.UPDATE_OUTAGE, value=value),
        ButtonElement(text=plain(_("Edit")), action_id=ids.AMEND_OUTAGE, value=value),
        history_button(_, outage),
    ]
