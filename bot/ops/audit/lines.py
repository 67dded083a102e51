"""One line of the audit trail, as text."""

from collections.abc import Mapping

from blocks.i18n import Translator
from bot.services.audit.queries import Found
from models.audit.entry import Deed
from models.base import N_
from models.person import Person

_DEEDS: Mapping[Deed, str] = {
    Deed.READ: N_("read by {who}"),
    Deed.SEARCH: N_("search by {who}"),
    Deed.EXPORT: N_("data exported by {who}"),
    Deed.ERASE: N_("data erased by {who}"),
    Deed.RETENTION: N_("erased at the end of the retention period, or approved for it, by {who}"),
    Deed.LOAD: N_("catalogue loaded by {who}"),
    Deed.RETRY: N_("deliveries queued again by {who}"),
    Deed.AUDIT: N_("audit trail read by {who}"),
    Deed.UNKNOWN: N_("something that only a newer version knows, by {who}"),
}


def shown(_: Translator, found: Found, time_zone: str) -> str:
    """When, what about, and by whom."""
    entry = found.entry
    parts = [_.date_time(entry.at, time_zone), _what_about(_, found)]
    parts.append(_(_DEEDS[entry.deed], who=_who(_, found)))
    if found.has_searched:
        parts.append(_("with a search in the same hour"))
    if entry.count is not None:
        parts.append(_("{count} concerned", count=_.number(entry.count)))
    return "  ".join(parts)


def _what_about(_: Translator, found: Found) -> str:
    if found.entry.ticket_id is not None:
        return _("No. {number}", number=found.entry.ticket_id)
    if found.person is not None:
        return _account(_, found.person)
    return _("all tickets")


def _who(_: Translator, found: Found) -> str:
    if found.actor is not None:
        return _account(_, found.actor)
    if found.entry.operator is not None:
        return _("the administrator {account} (command)", account=found.entry.operator)
    return _("Guichet itself")


def _account(_: Translator, person: Person) -> str:
    """A person's name and Slack id; of somebody who was erased neither is left."""
    if not person.name:
        return _("a person who was erased")
    if person.erased_at is not None:
        return _.name(person.name)
    return _("{name} ({account})", name=person.name, account=person.slack_id)
