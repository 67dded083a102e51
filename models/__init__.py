"""The tables and their rules. Imports nothing else of ours."""

from models import article, catalogue, message_draft, person  # noqa: F401 (registers the tables)
from models.announcements import announcement  # noqa: F401 (the same)
from models.approvals import approval  # noqa: F401 (the same)
from models.audit import append_only, entry  # noqa: F401 (the same)
from models.departures import departure  # noqa: F401 (the same)
from models.outbox import delivery, health, mail_count, message_reference, reminder, schedule, slack_event  # noqa: F401 (registers the tables)
from models.personal_data import replay  # noqa: F401 (the same)
from models.removals import removal, ticket_message  # noqa: F401 (the same)
from models.retention import retention_list  # noqa: F401 (the same)
from models.search import changes, gap, index, refresh  # noqa: F401 (the same, and what keeps the texts right)
from models.tickets import attachment, comment, event, form_draft, outage, ticket  # noqa: F401 (the same)
from models.tickets.clocks import refresh as clocks  # noqa: F401 (the same)
