"""One's own absence: a line of the Home, and its form."""

from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, DatePickerElement, UserSelectElement
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator
from blocks.kit.inputs import FormHead, day_in, field, form_view, text_of
from blocks.kit.text import bold, plain, rich, text_part
from blocks.kit.values import Payload
from models.approvals.approval import Absence
from models.fields import Field, FieldReason, FieldRefused


def absence_section(_: Translator, absence: Absence | None, *, beside: ButtonElement) -> list[Block]:
    """A button when there is none; else its days, who decides meanwhile, and what can be changed. `beside`:
    the last button, of something else."""
    if absence is None:
        return [ActionsBlock(elements=[_button(_("My absence"), ids.OPEN_ABSENCE), beside])]
    buttons = [
        _button(_("Edit"), ids.OPEN_ABSENCE, _("Edit my absence")),
        _button(_("Delete"), ids.DELETE_ABSENCE, _("Delete my absence")),
    ]
    line = rich([bold(_days(_, absence)), text_part(f" {_who(_, absence)}")])
    return [line, ActionsBlock(elements=buttons), ActionsBlock(elements=[beside])]


def _button(text: str, action_id: str, label: str | None = None) -> ButtonElement:
    return ButtonElement(text=plain(text), action_id=action_id, value="own", accessibility_label=label)


def _days(_: Translator, absence: Absence) -> str:
    if absence.first_day == absence.last_day:
        return _("You are away on {day}.", day=_.day(absence.first_day))
    return _(
        "You are away from {first} to {last}.",
        first=_.day(absence.first_day),
        last=_.day(absence.last_day),
    )


def _who(_: Translator, absence: Absence) -> str:
    if absence.substitute is None:
        return _("Nobody decides for you: requests for your agreement will wait.")
    return _("{name} can give your agreement for you.", name=absence.substitute.name)


def absence_form(_: Translator, absence: Absence | None) -> View:
    """The days, and who decides meanwhile."""
    days = (absence.first_day.isoformat(), absence.last_day.isoformat()) if absence else (None, None)
    substitute = absence.substitute.slack_id if absence and absence.substitute else None
    blocks: list[Block] = [
        field(ids.FIRST_DAY, _("First day"), DatePickerElement(initial_date=days[0])),
        field(ids.LAST_DAY, _("Last day"), DatePickerElement(initial_date=days[1])),
        field(
            ids.SUBSTITUTE,
            _("Who decides for you?"),
            UserSelectElement(placeholder=plain(_("Choose a person")), initial_user=substitute),
            hint=_(
                "They are asked for agreements as well as you, also for those that already wait for you. "
                "The history will say that they decided on your behalf."
            ),
            optional=True,
        ),
    ]
    return form_view(_, FormHead(ids.ABSENCE_FORM, title=_("My absence"), submit=_("Save")), blocks, {})


@dataclass(frozen=True)
class AbsenceForm:
    """A filled form."""

    first_day: date
    last_day: date
    substitute: str
    """The Slack id of who decides; "" for nobody."""


def read_absence(view: Payload) -> AbsenceForm:
    """What the form says. Raises `FieldRefused` for a day that is missing or none."""
    return AbsenceForm(
        _day(view, ids.FIRST_DAY, Field.FIRST_DAY),
        _day(view, ids.LAST_DAY, Field.LAST_DAY),
        text_of(view, ids.SUBSTITUTE),
    )


def _day(view: Payload, block_id: str, which: Field) -> date:
    if (day := day_in(view, block_id)) is None:
        raise FieldRefused(which, FieldReason.MISSING)
    return day
